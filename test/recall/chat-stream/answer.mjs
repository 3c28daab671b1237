const TOPICS = ['indexes', 'locks', 'backups', 'replicas', 'migrations', 'pools', 'caches', 'queues', 'views', 'triggers', 'cursors', 'roles', 'logs', 'sequences', 'vacuum', 'partitions', 'joins', 'plans', 'pages', 'tables', 'schemas', 'grants', 'domains', 'tuples', 'types', 'arrays'];

function section(topic, i) {
  return [
    `## ${i + 1}. About ${topic}`,
    '',
    `When **${topic}** are slow, look at the *plan* first, see [the manual](https://example.org/${topic}). Then:`,
    '',
    `- measure with \`explain ${topic}\``,
    '- change one thing at a time',
    `  - and note what you have seen`,
    '',
    `Most of the time it is the *third* query that reads too many ${topic}: it joins what it does not need, and sorts it. A \`limit\` does not help there.`,
    '',
    '```sql',
    `select count(*) from ${topic} where created > now() - interval '1 day';`,
    '```',
    '',
    `| ${topic} | before | after |`,
    '|---|---|---|',
    `| small | ${12 + i} ms | ${3 + i} ms |`,
    '',
  ].join('\n');
}

/** The pieces in which a language model sends its answer. */
export function* pieces() {
  const text = TOPICS.map(section).join('\n');
  for (let from = 0, i = 0; from < text.length; i++) {
    const length = 2 + ((i * 7) % 5);
    yield text.slice(from, from + length);
    from += length;
  }
}
