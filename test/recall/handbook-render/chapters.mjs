const PARAGRAPHS = [
  'The *installer* copies the files and writes a `config.json`; see https://example.org/docs for **all** options.',
  'Restart the service afterwards. Should it not start, look at the log first and [ask](mailto:help@example.org) then.',
  'Values in the table are defaults. A value of `0` switches the limit off, which is _not_ recommended.',
];

const CODE = {
  js: (n) => `const client = await connect({ retries: ${n} });\nfor (const row of await client.query('select 1')) {\n  console.log(\`row \${row.id}\`, row.value ?? null);\n}`,
  sh: (n) => `export LIMIT=${n}\nfor f in *.log; do\n  grep -c "error" "$f" | tee -a count.txt\ndone`,
};

export function* chapters(count) {
  for (let number = 1; number <= count; number++) {
    const parts = [`# Chapter ${number}`];
    for (let section = 1; section <= 6; section++) {
      const n = number * 6 + section;
      parts.push(`## Setup step ${section}`, PARAGRAPHS[n % 3], PARAGRAPHS[(n + 1) % 3]);
      parts.push(`| name | default |\n|---|---|\n| limit | ${n} |\n| retries | ${n % 5} |`);
      const lang = n % 2 ? 'js' : 'sh';
      parts.push('```' + lang + '\n' + CODE[lang](n) + '\n```');
      parts.push(`1. first\n2. second\n   - nested ${n}\n   - and more`);
    }
    yield { number, source: parts.join('\n\n') + '\n' };
  }
}
