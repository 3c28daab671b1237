import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isFalseAlarm, type MeasureProgress, measure } from '../service/measure/measure';
import { describeMeasureIssue, type MeasureIssue } from '../service/measure/measure-issue';
import type { MeasuredRecipe } from '../service/measure/moved-recipe';
import { targetFiles } from '../service/recording/target-files';
import { formatTime, plural } from '../shared/format';
import { parseCommand, wholeNumber } from './arguments';
import { whileRunning } from './broken-pipe';
import { comparisonText, exitOfVerdict, writeComparison } from './comparison/comparison-text';
import { Exit, UsageError } from './exit-codes';
import { recipeOf, splitArguments } from './recipe';
import { exitCodeOf } from './recording';
import { runnable } from './runnable';
import { clearProgress, note, step, write } from './terminal';

export const run = runnable('measure', measureCommand);

const valued = ['--before', '--after', '--pairs', '--interval', '--node', '--top'];
/** More pairs find smaller changes than anybody waits for. */
const MOST_PAIRS = 200;

async function measureCommand(args: string[]): Promise<Exit> {
  const { own, target } = splitArguments(args, valued);
  const { values } = parseCommand({
    args: own,
    options: {
      before: { type: 'string' },
      after: { type: 'string' },
      pairs: { type: 'string' },
      interval: { type: 'string' },
      node: { type: 'string' },
      install: { type: 'boolean' },
      'self-check': { type: 'boolean' },
      json: { type: 'boolean' },
      top: { type: 'string' },
    },
  });
  const isSelfCheck = values['self-check'] === true;
  if (values.before === undefined && !isSelfCheck) throw new UsageError('plateau measure needs --before REF, the version to measure against.');
  if (isSelfCheck && values.after !== undefined) throw new UsageError('--self-check measures one version against itself: give --before, or neither.');
  for (const name of ['before', 'after'] as const) if (values[name]?.trim() === '') throw new UsageError(`--${name} takes a version, not an empty text.`);
  const pairs = wholeNumber('pairs', values.pairs, 2, MOST_PAIRS) ?? 10;
  const interval = wholeNumber('interval', values.interval, 50, 1_000_000) ?? 1000;
  const top = wholeNumber('top', values.top, 0);
  const recipe = recipeOf(target, { attach: undefined, pid: undefined, seconds: undefined }, 'measure') as MeasuredRecipe;
  const cancel = new AbortController();
  const release = onSignals(cancel);
  const result = await measure({
    ...{ recipe, pairs, interval, nodePath: values.node ?? 'node', files: targetFiles(__dirname), signal: cancel.signal },
    before: values.before,
    after: isSelfCheck ? values.before : values.after,
    install: values.install ? (folder) => install(folder, cancel.signal) : undefined,
    onProgress: progressLines(pairs),
  }).finally(release);
  clearProgress();
  if (!result.ok) {
    note(`plateau: ${describeMeasureIssue(result.error)}`);
    return exitOf(result.error);
  }
  const { report } = result.value;
  for (const warning of report.warnings) note(`plateau: ${warning}`);
  if (values.json) await writeComparison(report, top);
  else await write(comparisonText(report, top ?? 20));
  if (!isSelfCheck) return exitOfVerdict(report.verdict);
  const isAlarm = isFalseAlarm(report);
  note(
    `plateau: ${isAlarm ? 'a version against itself is said to differ: do not trust verdicts of this machine' : 'a version against itself does not differ, as it should be'}.`,
  );
  return isAlarm ? Exit.Finding : Exit.Fine;
}

function exitOf(issue: MeasureIssue): Exit {
  switch (issue.kind) {
    case 'capture':
      return exitCodeOf(issue.issue);
    case 'no-repository':
    case 'no-such-version':
    case 'no-worktree':
    case 'not-installed':
    case 'unreadable-profile':
      return Exit.Input;
    default:
      return Exit.Usage; // nothing was measured
  }
}

/** Each signal that ends a program cancels; what was made is taken away before this process ends. */
function onSignals(cancel: AbortController): () => void {
  const end = (): void => cancel.abort();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  for (const name of names) process.on(name, end);
  const forget = whileRunning(end);
  return () => {
    forget();
    for (const name of names) process.off(name, end);
  };
}

/** A line a phase where standard error is no terminal, and one that is replaced where it is. */
function progressLines(pairs: number): (progress: MeasureProgress) => void {
  let last = '';
  return ({ phase, done, all, left }) => {
    const rest = left === undefined ? '' : `, about ${formatTime(left * 1000)} left`;
    const text = phase === 'preparing' ? 'Preparing the versions' : `${phase[0]?.toUpperCase()}${phase.slice(1)}: run ${done + 1} of ${all}${rest}`;
    if (process.stderr.isTTY) step(text);
    else if (phase !== last) step(phase === 'timing' || phase === 'profiling' ? `${text}, ${plural(pairs, 'pair')}` : text);
    last = phase;
  };
}

const managers: readonly (readonly [lock: string, command: string, args: readonly string[]])[] = [
  ['pnpm-lock.yaml', 'pnpm', ['install', '--frozen-lockfile']],
  ['yarn.lock', 'yarn', ['install', '--frozen-lockfile']],
  ['package-lock.json', 'npm', ['ci', '--no-audit', '--no-fund']],
  ['npm-shrinkwrap.json', 'npm', ['ci', '--no-audit', '--no-fund']],
];

/** Installs what a checkout's lock file names, with its package manager. */
function install(folder: string, signal: AbortSignal): Promise<boolean> {
  const [, command, args] = managers.find(([lock]) => fs.existsSync(path.join(folder, lock))) ?? ['', 'npm', ['install', '--no-audit', '--no-fund']];
  step(`Installing with ${command}`);
  return new Promise((resolve) => {
    execFile(command, [...args], { cwd: folder, signal, shell: process.platform === 'win32', windowsHide: true }, (error) => {
      if (error && !signal.aborted) note(`plateau: ${command}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
      resolve(error === null);
    });
  });
}
