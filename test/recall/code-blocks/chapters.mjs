const CODE = {
  js: (i) => `export async function load${i}(url, { retries = ${i % 4} } = {}) {\n  const response = await fetch(url);\n  if (!response.ok && retries > 0) return load${i}(url, { retries: retries - 1 });\n  return response.json();\n}`,
  py: (i) => `def total${i}(orders: list[dict]) -> float:\n    """The sum of what was paid."""\n    return sum(o["price"] * o["count"] for o in orders if o["state"] != "open")`,
  sql: (i) => `select c.name, sum(o.total) as total\nfrom customers c join orders o on o.customer = c.id\nwhere o.created >= '2026-0${1 + (i % 9)}-01'\ngroup by c.name having sum(o.total) > ${i * 100};`,
  sh: (i) => `for file in logs/*.${i}.gz; do\n  zcat "$file" | grep -c ' 500 ' || echo "none in $file"\ndone`,
};

function chapter(i) {
  const parts = [`# Chapter ${i + 1}`];
  for (const [at, [language, code]] of Object.entries(CODE).entries()) {
    parts.push(`What follows is example ${i}.${at} and does <nothing> of note.`, `\`\`\`${language}\n${code(i)}\n\`\`\``, 'Try it & see.');
  }
  return { name: `chapter-${i + 1}.html`, title: `Chapter ${i + 1}`, text: parts.join('\n\n') };
}

export function chapters(count) {
  return Array.from({ length: count }, (_, i) => chapter(i));
}
