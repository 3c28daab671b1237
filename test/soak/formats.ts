/**
 * `npm run soak -- formats FOLDER`: what Plateau says of the sample files of other projects. The
 * folder has one below it for each project; none of the files is part of this repository. Prints
 * a row a file as a Markdown table and compares totals where the project has the stacks that its
 * own tool makes (FlameGraph and inferno: `results/NAME…collapsed-all.txt`, `results/NAME…`).
 * Exits with 1 where a file crashes the reader, takes too long, or has another total.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readAnyProfile } from '../../src/core/formats/read/read-any';
import { checkTables } from '../../src/core/profile/check-tables';
import { describeProfileIssue, formatNames } from '../../src/service/profile/describe-profile-issue';
import { describeWarning } from '../../src/service/profile/describe-warning';
import type { ReadProfile } from '../../src/service/profile/import-profile';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { formatCost, plural } from '../../src/shared/format';

interface Row {
  readonly file: string;
  readonly says: string;
  readonly warnings: readonly string[];
  readonly problem: string | undefined;
}

/** Milliseconds; the largest of these files has some tens of megabytes. */
const SLOW = 60_000;

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

async function rowOf(root: string, file: string): Promise<Row> {
  const name = path.relative(root, file).split(path.sep).join('/');
  const begin = Date.now();
  try {
    const read = await readProfileFile(file);
    const took = Date.now() - begin;
    const slow = took > SLOW ? `took ${took} ms` : undefined;
    if (!read.ok) return { file: name, says: describeProfileIssue(read.error), warnings: [], problem: slow };
    const broken = checkTables(read.value.tables)[0];
    return {
      file: name,
      says: summary(read.value),
      warnings: read.value.warnings.map(describeWarning),
      problem: slow ?? (broken ? `not true: ${broken}` : otherTotal(file)),
    };
  } catch (error) {
    return { file: name, says: 'crashes', warnings: [], problem: String((error as Error).stack ?? error) };
  }
}

function summary({ format, profiles, selected, tables }: ReadProfile): string {
  const shown = selected === 'merge' ? 'merged' : (profiles[selected]?.name ?? '');
  const several = profiles.length > 1 ? `, ${plural(profiles.length, 'profile')}, ${JSON.stringify(shown)} first` : '';
  return `${formatNames[format]}${several}: ${formatCost(tables.nodes.total[0] as number, tables.unit)}, ${plural(tables.functions.length - 1, 'function')}`;
}

/** Where the project's own tool has made stacks of the file: what they sum up to, against all threads of the measure that is shown first. */
function otherTotal(file: string): string | undefined {
  const base = path.basename(file).replace(/\.txt$/, '');
  const results = path.join(path.dirname(file), 'results');
  const made = ['-collapsed-all.txt', '-collapsed.txt'].map((end) => path.join(results, base + end)).find((one) => fs.existsSync(one));
  if (!made) return undefined;
  const text = fs.readFileSync(file, 'latin1');
  const wanted = sumOf(fs.readFileSync(made, 'utf8'));
  // stackcollapse-perf.pl leaves out a last stack without an empty line behind it.
  const own = [text, text.slice(0, text.lastIndexOf('\n\n') + 2)].map(firstMeasure).filter((cost) => cost !== undefined);
  return own.length === 0 || own.some((cost) => Math.abs(cost - wanted) <= 1e-9 * wanted) ? undefined : `its own tool counts ${wanted}, and here is ${own[0]}`;
}

/** What all threads cost in the measure that is shown first; undefined for what is no text of perf. */
function firstMeasure(text: string): number | undefined {
  const read = readAnyProfile(Buffer.from(text, 'latin1'));
  if (!read.ok || read.value.format !== 'perf-script') return undefined;
  const { profiles, main } = read.value;
  return profiles.filter(({ measure }) => measure === profiles[main]?.measure).reduce((sum, { built }) => sum + stacksCost(built.tables), 0);
}

/** As the tools count: nanoseconds, and nothing for samples without frames. */
const stacksCost = ({ nodes, unit }: ReadProfile['tables']): number =>
  ((nodes.total[0] as number) - (nodes.self[0] as number)) * (unit === 'microseconds' ? 1000 : 1);

const sumOf = (stacks: string): number => stacks.split('\n').reduce((sum, line) => sum + Number(/ (\d+)$/.exec(line)?.[1] ?? 0), 0);

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').slice(0, 400);

async function main(folder: string): Promise<void> {
  const rows: Row[] = [];
  for (const file of filesIn(folder)) {
    const row = await rowOf(folder, file);
    rows.push(row);
    if (row.problem) console.error(`${row.file}: ${row.problem}`);
  }
  console.log('| file | Plateau says |\n|---|---|');
  for (const { file, says, warnings } of rows) console.log(`| ${cell(file)} | ${cell([says, ...warnings].join(' · '))} |`);
  const failed = rows.filter(({ problem }) => problem !== undefined).length;
  console.log(`\n${rows.length} files, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

const [folder] = parseArgs({ allowPositionals: true }).positionals;
if (!folder || !fs.existsSync(folder)) {
  console.error('Usage: npm run soak -- formats FOLDER, where FOLDER has the sample files of other projects.');
  process.exitCode = 2;
} else void main(folder);
