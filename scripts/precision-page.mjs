// docs/precision.md, from what was found and what was judged.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, say } from './setup.mjs';

const verdicts = path.join(root, 'test/precision/verdicts.json');
const page = path.join(root, 'docs/precision.md');
const KINDS = ['true', 'debatable', 'false', 'not judged'];
/** What scripts/recall.mjs has written at the end of the page stays. */
const recall = () => /\n## Recall\n[\s\S]*$/.exec(readFileSync(page, 'utf8'))?.[0] ?? '';
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Verdicts stand by load, rule and function, so that a recording made anew finds them again: `{ "eslint gc": ["true", "why"] }`. */
export function precisionPage(results, placeOf) {
  const judged = existsSync(verdicts) ? JSON.parse(readFileSync(verdicts, 'utf8')) : {};
  const rows = results.flatMap(({ name, findings }) =>
    findings.map((one) => {
      const [verdict, reason] = judged.findings[`${name} ${one.id}`] ?? judged.findings[`${name} ${one.rule}`] ?? ['not judged', one.title];
      return { name, one, verdict, reason, place: one.place ? placeOf(one.place.file) : undefined };
    }),
  );
  const count = (list) => KINDS.map((kind) => list.filter(({ verdict }) => verdict === kind).length);
  const rules = [...new Set(rows.map(({ one }) => one.rule))].sort();
  const [right, debatable, wrong, open] = count(rows);
  const percent = rows.length > 0 ? ((100 * wrong) / rows.length).toFixed(1) : '0';
  const samples = results.reduce((sum, one) => sum + one.samples, 0);
  writeFileSync(
    page,
    `# Precision of the findings

Every finding in ${results.length} programs that put well-known packages under load, read with its source and judged.
**${rows.length} findings: ${right} true, ${debatable} debatable, ${wrong} false (${percent} %)${open > 0 ? `, ${open} not judged` : ''}.** ${results.filter(({ findings }) => findings.length === 0).length} programs have none.

- *true*: the cost is where the finding says, for the reason that it names, and its advice is right.
- *debatable*: what it says is so, but the place or the advice helps little there.
- *false*: the reason, the place or the advice is wrong.

The packages are pinned in \`test/precision/package-lock.json\`. Their code counts as the user's own here: it is linked, as in a
workspace, so that every rule looks at it. Each program of \`test/precision/loads\` works for two to four seconds on texts of the
packages themselves or on seeded data; together ${samples.toLocaleString('en')} samples, 0.5 ms apart. Shares are of active time and were taken on a busy machine.

To do it again: \`node scripts/build.mjs && node scripts/precision.mjs --show\` (about five minutes). It writes this page from the
findings and from \`test/precision/verdicts.json\`; a finding that is new stands here as *not judged*. \`--low\` tells besides what the
patterns match with gates at a tenth.

## By rule

| Rule | true | debatable | false |
|---|---:|---:|---:|
${rules
  .map((rule) => {
    const [yes, maybe, no] = count(rows.filter(({ one }) => one.rule === rule));
    return `| ${rule} | ${yes} | ${maybe} | ${no} |`;
  })
  .join('\n')}

## All findings

| Program | Rule | Level | Share | Place | Verdict | Reason |
|---|---|---|---:|---|---|---|
${rows
  .map(({ name, one, verdict, reason, place }) => {
    const where = place ? `${place.package} ${place.version} ${place.file}:${one.place.line}` : '–';
    return `| ${name} | ${one.rule} | ${one.level} | ${one.sharePct.toFixed(1)} % | ${cell(where)} | ${verdict} | ${cell(reason)} |`;
  })
  .join('\n')}

## Patterns below their gates

With every gate at a tenth, so with a cost of 0.3 % or more, the patterns match in these places too. They are not told to anybody; they show how the syntax part alone does.

| Program | Rule | Share | Place | Verdict | Reason |
|---|---|---:|---|---|---|
${judged.low.map(([name, rule, share, where, verdict, reason]) => `| ${name} | ${rule} | ${share} | ${cell(where)} | ${verdict} | ${cell(reason)} |`).join('\n')}

## What was false, and is mended

${judged.mended.map((text) => `- ${text}`).join('\n')}

## Expected, but missed

${judged.missed.map((text) => `- ${text}`).join('\n')}
${recall()}`,
  );
  for (const { name, one } of rows.filter(({ verdict }) => verdict === 'not judged')) say(`not judged: ${name} ${one.id}`);
}
