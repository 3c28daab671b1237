// The pages of the pattern rules, docs/rules/*.md, from the rules themselves:
// `node scripts/rule-pages.mjs`; with --check it writes nothing and fails if a page is not what its rule says.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, 'docs', 'rules');
const isCheck = process.argv.includes('--check');

const { outputFiles } = await esbuild.build({
  entryPoints: [path.join(root, 'src', 'core', 'findings', 'patterns', 'rules', 'built-in.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'neutral',
});
const { builtInRules } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

const languageNames = { javascript: 'JavaScript', typescript: 'TypeScript', tsx: 'TSX', python: 'Python', go: 'Go', java: 'Java' };
const fenceOf = { javascript: 'js', typescript: 'ts', tsx: 'tsx', python: 'python', go: 'go', java: 'java' };
const commentOf = (rule) => (rule.languages[0] === 'python' ? '#' : '//');
/** What a rule's variables stand for, where a page speaks of no code in particular. */
const named = { A: 'the array', X: 'the value', C: 'the collection', S: 'the text', Q: 'the query', M: 'the call', MATCH: 'this' };
const safety = {
  auto: 'The quick fix keeps the meaning in every case and is applied at once; where that is not certain, it is shown first, as a diff.',
  suggest: 'The quick fix is shown first, as a diff: look whether the code around relies on what changes.',
  manual: 'There is no quick fix: what is right depends on the code around.',
};

const pages = new Map(builtInRules.map((rule) => [`${rule.id}.md`, page(rule)]));
pages.set('README.md', index());

const outdated = [];
if (!isCheck) mkdirSync(folder, { recursive: true });
for (const [name, text] of pages) {
  const file = path.join(folder, name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  outdated.push(name);
  if (!isCheck) writeFileSync(file, text);
}
for (const name of existsSync(folder) ? readdirSync(folder) : []) {
  if (pages.has(name)) continue;
  outdated.push(name);
  if (!isCheck) rmSync(path.join(folder, name));
}
if (isCheck && outdated.length > 0) {
  console.error(`docs/rules is not what the rules say: ${outdated.join(', ')}. Run node scripts/rule-pages.mjs.`);
  process.exit(1);
}

function page(rule) {
  const fence = fenceOf[rule.languages[0]];
  const plain = (text) => text.replace(/`\$([A-Z]+)`/g, (_, name, at) => (at === 0 ? capitalised : String)(named[name] ?? 'it')).replace(/\$[A-Z]+/g, '…');
  return `# ${rule.title}

\`${rule.id}\` · ${rule.languages.map((one) => languageNames[one]).join(', ')} · fix: ${rule.safety}

${plain(rule.message)}

## Why

${rule.why}

## How to fix

${rule.fix.advice}

${safety[rule.safety]}

## Example

Slow:

\`\`\`${fence}
${rule.examples.bad}
\`\`\`

Better:

\`\`\`${fence}
${rule.examples.good}
\`\`\`

## When it speaks

${gateText(rule)} A match that the profile does not support stays silent, however it looks.

## How to suppress

Put a comment in front of the line, with a reason for whoever reads it next:

\`\`\`${fence}
${commentOf(rule)} plateau-ignore-next-line ${rule.id} -- at most ten elements
\`\`\`

Or add \`"${rule.id}"\` to the setting \`plateau.ignoredRules\`. A comment that no longer suppresses anything is reported.
`;
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function gateText({ gate, frames, packages = [], packageFrames }) {
  const parts = [];
  if (gate.minSelfPct !== undefined) parts.push(`the matched lines' own time is at least ${gate.minSelfPct} % of the active time`);
  if (gate.minTotalPct !== undefined) {
    const with_ = frames?.length ? 'their callbacks and the callees that they name' : 'the callbacks in them';
    parts.push(`the matched lines with ${with_} take at least ${gate.minTotalPct} % of the active time`);
  }
  if (gate.minFunctionPct !== undefined) parts.push(`their function with all that it calls takes at least ${gate.minFunctionPct} % of the active time`);
  if (gate.minOfFunctionPct !== undefined) parts.push(`that is at least ${gate.minOfFunctionPct} % of what their function takes`);
  if (gate.minIdlePct !== undefined) parts.push(`the program was idle for at least ${gate.minIdlePct} % of the recording: it waited`);
  if (gate.under === 'request') parts.push('the function ran while an HTTP request was served');
  if (gate.orPackagesPct === undefined) return `Only in functions that a profile shows to be hot, and only where ${parts.join(', and ')}.`;
  const known = packages.slice(0, 12).join(', ');
  const what = packageFrames ? `functions named ${packageFrames.join(', ')} of packages` : 'packages';
  const anywhere = `${what} that it is about (${known}${packages.length > 12 ? ' …' : ''}) take at least ${gate.orPackagesPct} % of the active time ${packageFrames ? 'by themselves' : 'anywhere'}, or 2 % while the program mostly waited: what is awaited runs below no function of one's own, so all own files of the profile are searched`;
  return parts.length === 0
    ? `Only where ${anywhere}.`
    : `Only in functions that a profile shows to be hot where ${parts.join(', and ')}; or where ${anywhere}.`;
}

function index() {
  const rows = builtInRules.map((rule) => `| [\`${rule.id}\`](${rule.id}.md) | ${rule.title} | ${rule.safety} |`);
  return `# Pattern rules

Known slow patterns, looked for only in the functions that a profile shows to be hot. Each
finding states the time that its lines explain; a pattern that costs nothing is not reported.

| Rule | What | Fix |
|---|---|---|
${rows.join('\n')}

Rules of your own: [own-rules.md](../own-rules.md). The pages are made from the rules by \`node scripts/rule-pages.mjs\`.

## Fixes

- \`auto\`: the rewriting keeps the meaning in every case. Where a match does not allow that to be known, its fix is one to look at.
- \`suggest\`: the rewriting is shown as a diff first.
- \`manual\`: the page tells what to do.

## Suppressing

\`\`\`js
// plateau-ignore-next-line find-in-loop -- at most ten elements
\`\`\`

Several rules are separated by commas; without a rule, all are meant. The comment counts for the next
line of code, in the comment syntax of the language. One that suppresses nothing any more is
reported (\`unused-suppression\`), but only where its function ran for enough samples. For a whole
workspace: the setting \`plateau.ignoredRules\`.
`;
}
