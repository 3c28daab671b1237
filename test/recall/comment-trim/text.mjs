const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** Text as it is stored: entities decoded, lines without space at their ends, at most one empty line in a row. */
export function tidy(text) {
  const lines = decode(text).split(/\r?\n/).map(trimLine);
  const kept = [];
  for (const line of lines) if (line !== '' || kept.at(-1) !== '') kept.push(line);
  return kept.join('\n');
}

// Comments also hold the zero width non-joiner, which trim() keeps.
function trimLine(line) {
  return line.replace(/^[\s\u200c]+|[\s\u200c]+$/g, '');
}

function decode(text) {
  return text.includes('&') ? text.replace(/&(?:amp|lt|gt|quot);/g, (entity) => ENTITIES[entity]) : text;
}

export function words(text) {
  return text.match(/[\p{L}\p{N}']+/gu) ?? [];
}
