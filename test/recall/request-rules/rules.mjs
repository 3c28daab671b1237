/** Rules against attacks on the forms of the site; what matches is kept back for somebody to look at. */
export const rules = [
  { id: 'sql-union', weight: 5, pattern: /\bunion\s+(?:all\s+)?select\b/i },
  { id: 'path-up', weight: 4, pattern: /(?:\.\.\/){2,}/ },
  { id: 'script-tag', weight: 5, pattern: /<script[\s>]/i },
  { id: 'inline-call', weight: 4, pattern: /(?:"|'|\]|\}|\d|null)?;?\s*.*(?:.*=.*\()/ },
  { id: 'event-handler', weight: 4, pattern: /\son(?:load|error|click)\s*=/i },
  { id: 'data-url', weight: 2, pattern: /data:text\/html;base64,/i },
];

export function verdict(body) {
  const hits = rules.filter((rule) => rule.pattern.test(body));
  const score = hits.reduce((sum, rule) => sum + rule.weight, 0);
  return { score, blocked: score >= 5, hits: hits.map((rule) => rule.id) };
}
