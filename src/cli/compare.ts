import { comparabilityWarnings, loopMetrics, type ReadRun } from '../service/compare/comparability';
import { compareSides, type SideInput } from '../service/compare/compare-report';
import { identifiedRun } from '../service/compare/identities';
import { describeWarning } from '../service/profile/describe-warning';
import { type Scaling, scalings } from '../shared/comparison-scale';
import { fileLocator } from '../source/maps/locate';
import { parseCommand, wholeNumber } from './arguments';
import { comparisonText, exitOfVerdict, writeComparison } from './comparison/comparison-text';
import { Exit, UsageError } from './exit-codes';
import { infoBeside, readChosen } from './load';
import { runnable } from './runnable';
import { note, write } from './terminal';
import { threadOptions, type Wanted, wantedProfile } from './threads';

export const run = runnable('compare', compare);

async function compare(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({
    args: spread(args),
    allowPositionals: true,
    options: {
      before: { type: 'string', multiple: true },
      after: { type: 'string', multiple: true },
      scale: { type: 'string' },
      json: { type: 'boolean' },
      top: { type: 'string' },
      ...threadOptions,
    },
  });
  const files = sidesOf(positionals, values.before ?? [], values.after ?? []);
  const scaling = scalingOf(values.scale);
  const top = wholeNumber('top', values.top, 0);
  const wanted = wantedProfile(values);
  const before = await readSide(files.before, wanted);
  const after = before && (await readSide(files.after, wanted));
  if (!before || !after) return Exit.Input;
  const all = [...before, ...after];
  const other = all.find(({ read }) => read.tables.unit !== all[0]?.read.tables.unit);
  if (other) {
    note(
      `plateau: ${other.file}: this counts ${unitWords[other.read.tables.unit]}, and ${all[0]?.file} counts ${unitWords[all[0]?.read.tables.unit ?? 'count']}.`,
    );
    return Exit.Input;
  }
  const metrics = loopMetrics(before, after);
  const warnings = comparabilityWarnings(before, after, scaling);
  const compared = compareSides(sideOf(before), sideOf(after), { scaling, isPaired: false, warnings, ...(metrics ? { metrics } : {}) });
  if (!compared) {
    note(
      `plateau: --scale ${scaling}: ${files.before[0]} and ${files.after[0]} do not both say how many ${scaling === 'call' ? 'calls' : 'requests'} there were.`,
    );
    return Exit.Input;
  }
  for (const warning of compared.report.warnings) note(`plateau: warning: ${warning}`);
  if (values.json) await writeComparison(compared.report, top);
  else await write(comparisonText(compared.report, top ?? 20));
  return exitOfVerdict(compared.report.verdict);
}

const unitWords = { microseconds: 'time', bytes: 'bytes', count: 'events' } as const;

/** `--before A B` as `--before A --before B`: all words up to the next option. */
export function spread(args: readonly string[]): string[] {
  const given: string[] = [];
  let option: string | undefined;
  let isFirst = false;
  for (const arg of args) {
    if (arg === '--before' || arg === '--after') {
      option = arg;
      isFirst = true;
      given.push(arg);
    } else if (arg.startsWith('-') && arg !== '-') {
      option = undefined;
      given.push(arg);
    } else {
      if (option !== undefined && !isFirst) given.push(option);
      isFirst = false;
      given.push(arg);
    }
  }
  return given;
}

function sidesOf(positionals: readonly string[], before: readonly string[], after: readonly string[]): { before: readonly string[]; after: readonly string[] } {
  const isNamed = before.length > 0 || after.length > 0;
  if (isNamed && positionals.length > 0) throw new UsageError('plateau compare takes two files, or --before FILE… and --after FILE…, not both.');
  const sides = isNamed ? { before, after } : { before: positionals.slice(0, 1), after: positionals.slice(1) };
  if (!isNamed && positionals.length !== 2)
    throw new UsageError('plateau compare takes two files, the profile before and the one after; several runs a side are --before FILE… --after FILE….');
  if (sides.before.length === 0 || sides.after.length === 0)
    throw new UsageError(`plateau compare needs ${sides.before.length === 0 ? '--before' : '--after'} FILE… too.`);
  if ([...sides.before, ...sides.after].some((file) => file.trim() === '')) throw new UsageError('plateau compare needs files, not an empty name.');
  return sides;
}

function scalingOf(text = 'run'): Scaling {
  const found = scalings.find((one) => one === text);
  if (!found) throw new UsageError(`--scale takes one of ${scalings.join(', ')}, not "${text}".`);
  return found;
}

async function readSide(files: readonly string[], wanted: Wanted): Promise<ReadRun[] | undefined> {
  const runs: ReadRun[] = [];
  for (const file of files) {
    const read = await readChosen(file, wanted);
    if (!read) return undefined;
    const info = await infoBeside(file);
    // V8 itself writes a few samples out of order: no news in a recording that is known to come straight from it.
    for (const warning of read.warnings) if (!info || warning.kind !== 'unsorted-samples') note(`plateau: ${file}: warning: ${describeWarning(warning)}`);
    runs.push({ file, read, info });
  }
  return runs;
}

function sideOf(runs: readonly ReadRun[]): SideInput {
  const locator = fileLocator([process.cwd()]);
  const calls = runs.map(({ info }) => info?.loop?.calls);
  const commit = runs[0]?.info?.commit;
  return {
    name: runs.length === 1 ? (runs[0]?.file ?? '') : `${runs.length} runs`,
    files: runs.map(({ file }) => file),
    runs: runs.map(({ read, info }) => identifiedRun(read.tables, info, locator)),
    ...(calls.every((one) => one !== undefined) ? { calls: calls.reduce((sum, one) => sum + one, 0) } : {}),
    ...(commit === undefined ? {} : { commit }),
  };
}
