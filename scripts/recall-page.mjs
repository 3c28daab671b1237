// The sections "Recall", "Second set", "Third set" and "Fourth set" of docs/precision.md, from what was said and what was judged.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, say } from './setup.mjs';

const file = path.join(root, 'test/recall/verdicts.json');
const page = path.join(root, 'docs/precision.md');
/** Each set of programs has a section, in this order at the end of the page, and a first run that is kept in the verdicts. */
const SETS = {
  1: {
    heading: '\n## Recall\n',
    first: 'blind',
    about: `Their author knew for which kinds of problem rules were planned, but not what any rule looks at.`,
    again: 'npm run build && node scripts/recall.mjs --set 1 --show',
  },
  2: {
    heading: '\n## Second set\n',
    first: 'blind2',
    about: `Their author was another one, who knew the titles of the first set, but no rule, nor what was said of which program. They are held back while rules are mended by the first set, to measure what was mended.`,
    again: 'npm run build && node scripts/recall.mjs --set 2 --show',
  },
  3: {
    heading: '\n## Third set\n',
    first: 'blind3',
    about: `Their author had seen no rule, no text of Plateau's and of the other sets the titles only. They measure what was mended by the first two.`,
    again: 'npm run build && node scripts/recall.mjs --set 3 --show',
  },
  4: {
    heading: '\n## Fourth set\n',
    first: 'blind4',
    about: `Their author had seen no rule, no text of Plateau's and none of the other sets. They measure the causes that are derived from syntax and calls.`,
    again: 'npm run build && node scripts/recall.mjs --set 4 --show',
  },
};
const VERDICTS = ['cause', 'cause, no place', 'place only', 'wrong', 'missed', 'not judged'];
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

/**
 * A judgement stands for a headline and an advice at one line, with other figures too: it is not carried over to new words.
 * Which of the needed lines of a healthy program is the hottest changes from run to run.
 */
const keyOf = ({ rule, place, heading, advice }, isHealthy) => {
  const words = `${heading} ${advice}`.replaceAll(/\d+(?:[.,]\d+)*/g, '#');
  const where = isHealthy ? place.replace(/:\d+$/, '') : place;
  return `${rule} ${where} ${createHash('sha256').update(words).digest('hex').slice(0, 8)}`;
};

/** The best that was said of the problem: a right cause beside other findings is a right cause. */
function verdictOf(judged) {
  if (judged.some(({ verdict }) => verdict === 'cause')) return 'cause';
  if (judged.some(({ verdict }) => verdict === 'not judged')) return 'not judged';
  return VERDICTS.find((name) => judged.some(({ verdict }) => verdict === name)) ?? 'missed';
}

const share = (part, all) => `${((100 * part) / Math.max(1, all)).toFixed(0)} %`;

function judge(results, verdicts) {
  return results.map(({ one, said }) => {
    const judged = said.map((each) => {
      const key = keyOf(each, one.healthy);
      const [verdict, reason] = verdicts.findings[one.name]?.[key] ?? ['not judged', ''];
      return { ...each, key, verdict, reason };
    });
    return { one, judged, verdict: one.healthy ? '' : verdictOf(judged) };
  });
}

const reported = ({ report }) => report.replaceAll(/https:\/\/[^\s,)]+/g, (url) => `<${url}>`);

function table(rows, blind) {
  const lines = rows.map(({ one, judged, verdict }) => {
    const best = judged.find((each) => each.verdict === verdict) ?? judged[0];
    const said = best ? `${best.rule}${best.place ? `, ${best.place}` : ''}${best.reason ? `: ${best.reason}` : ''}` : 'nothing';
    return `| ${one.name} | ${cell(one.title)} | ${one.place} | ${blind?.programs[one.name] ?? ''} | ${verdict} | ${cell(said)} |`;
  });
  return `| Program | Problem | Cause stands in | First | Now | What is said |\n|---|---|---|---|---|---|\n${lines.join('\n')}`;
}

function summary(counts, total) {
  return VERDICTS.filter((name, i) => i < 5 || counts[name] > 0)
    .map((name) => `${counts[name] ?? 0} ${name === 'cause' ? `by the cause (${share(counts.cause ?? 0, total)})` : name}`)
    .join(', ');
}

const countsOf = (list) => Object.fromEntries(VERDICTS.map((name) => [name, list.filter((one) => one === name).length]));

/** The page with the section of a set in its place; everything else stays as it is. */
function withSection(text, set, section) {
  const { heading } = SETS[set];
  const next = Object.keys(SETS)
    .filter((other) => Number(other) > set)
    .map((other) => text.indexOf(SETS[other].heading))
    .find((at) => at >= 0);
  const at = text.indexOf(heading);
  const before = text.slice(0, at < 0 ? next : at).trimEnd();
  return `${before}\n${section}${next === undefined ? '' : text.slice(next)}`;
}

/** Writes the section of a set. */
export function recallPage(set, results) {
  if (!SETS[set]) throw new Error(`test/recall has programs of set ${set}, which has no section`);
  const { heading, first, about, again } = SETS[set];
  const verdicts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { findings: {} };
  const rows = judge(results, verdicts);
  const planted = rows.filter(({ one }) => !one.healthy);
  const healthy = rows.filter(({ one }) => one.healthy);
  const findings = rows.flatMap(({ judged }) => judged.filter(({ level }) => level !== 'none'));
  const wrong = findings.filter(({ verdict }) => verdict === 'wrong');
  const blind = verdicts[first];
  const blindCounts = blind && countsOf(Object.values(blind.programs));
  const section = `${heading}
${planted.length} programs with one well-known problem each, chosen from public reports and written without a look at the rules, and ${healthy.length} healthy
ones that look alike. ${about} What Plateau says of
each was read and judged.

${blind ? `**First run (${blind.date}, nothing tuned): ${summary(blindCounts, planted.length)}. Of ${blind.findings} findings ${blind.wrong} were wrong (${share(blind.wrong, blind.findings)}).**\n` : ''}
**Now: ${summary(countsOf(planted.map(({ verdict }) => verdict)), planted.length)}. Of ${findings.length} findings ${wrong.length} are wrong (${share(wrong.length, findings.length)}).**

Only the first run measures recall: what it missed was mended since, by kind, with these programs at hand.

- *cause*: the right line (or the function's line that holds it), and the reason in words that lead to the mend.
- *cause, no place*: the reason, but no line.
- *place only*: the right line, but no reason or a general one; or only its function.
- *wrong*: another reason or another place.
- *missed*: nothing was said of it.
- *beside*: what is said is so, but is not about the problem.

The programs stand in \`test/recall\`, each with its report and what is expected; packages are those of \`test/precision\`, as dependencies.
Programs that compute are recorded and analysed (\`plateau record\`, \`plateau analyze\`), those that wait are given to \`plateau doctor\`, servers under the load
of another process. To do it again: \`${again}\` (about five minutes). A text that has not
been judged stands here as *not judged*; judgements are in \`test/recall/verdicts.json\`.

${table(planted, blind)}

### Healthy programs

${healthy
  .map(
    ({ one, judged }) =>
      `- ${one.name} (${one.title.toLowerCase()}): ${judged.map((each) => `${each.rule}, ${each.level}: ${each.verdict}${each.reason ? ` – ${each.reason}` : ''}`).join('; ') || 'nothing is said'}`,
  )
  .join('\n')}

### Reports

${planted.map(({ one }) => `- ${one.name}: ${reported(one)}`).join('\n')}

### Findings that are wrong

${wrong.length === 0 ? 'None.' : rows.flatMap(({ one, judged }) => judged.filter((each) => each.level !== 'none' && each.verdict === 'wrong').map((each) => `- ${one.name}: ${each.rule}, ${each.place}: ${each.reason}`)).join('\n')}
`;
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), set, section));
  for (const { one, judged } of rows) for (const { key, verdict } of judged) if (verdict === 'not judged') say(`not judged: ${one.name} "${key}"`);
  for (const { one, verdict } of planted) console.log(`${verdict.padEnd(11)} ${one.name}`);
}
