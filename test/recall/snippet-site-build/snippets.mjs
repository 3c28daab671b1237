const SAMPLES = {
  javascript: (n) => `export async function load${n}(id, { signal } = {}) {
  const res = await fetch(\`/api/items/\${id}\`, { signal });
  if (!res.ok) throw new Error('HTTP ' + res.status);
  const { items = [], total } = await res.json();
  return items.filter((it) => it.price > ${n}).map((it) => ({ ...it, total }));
}`,
  python: (n) => `from collections import defaultdict

def group_${n}(rows, key="city"):
    """Group the rows by a key."""
    out = defaultdict(list)
    for row in rows:
        if row.get(key) is None:
            continue
        out[row[key]].append(row["value"] * ${n})
    return {k: sum(v) / len(v) for k, v in out.items()}`,
  sql: (n) => `SELECT c.name, COUNT(o.id) AS orders, SUM(o.total) AS revenue
FROM customers c
LEFT JOIN orders o ON o.customer_id = c.id AND o.total > ${n}
WHERE c.country IN ('DE', 'AT')
GROUP BY c.name
HAVING SUM(o.total) > 100
ORDER BY revenue DESC LIMIT 20;`,
  bash: (n) => `#!/usr/bin/env bash
set -euo pipefail
for f in /var/log/app/*.log; do
  if [[ $(stat -c %s "$f") -gt ${n}000 ]]; then
    gzip -9 "$f" && mv "$f.gz" "/backup/$(date +%F)/"
  fi
done`,
};

export function snippets(count) {
  const langs = Object.keys(SAMPLES);
  const list = [];
  for (let i = 0; i < count; i++) {
    const lang = langs[i % langs.length];
    const code = [SAMPLES[lang](i + 1), SAMPLES[lang](i + 2)].join('\n\n');
    list.push({ id: `s${i}`, lang, title: `${lang} recipe #${i}`, tags: [lang, i % 2 ? 'howto' : 'reference'], code });
  }
  return list;
}
