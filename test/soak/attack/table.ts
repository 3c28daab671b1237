/** What came of many cases, as a table. */
import os from 'node:os';
import { type KindTally, type Tally, wholeOf } from './tally';

export interface About {
  readonly first: number;
  readonly count: number;
  readonly lanes: number;
  readonly seconds: number;
}

const share = (part: number, all: number): string => (all === 0 ? '–' : `${Math.round((100 * part) / all)} %`);

const line = (name: string, one: KindTally): string =>
  `| ${[name, one.cases, one.opened, share(one.structuralOpened, one.structural), one.refused, one.failed, one.ms, one.cpuMs, one.megabytes].join(' | ')} |`;

function lines(tally: Tally): string[] {
  return [
    '| kind | cases | opened | of structural ones | refused with a sentence | failed | longest ms | longest ms of computing | peak MB |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...Object.entries(tally.kinds)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => line(name, one)),
    line('all', wholeOf(tally)),
  ];
}

/** Failures that say the same but for names and numbers, the most frequent first. */
export const failureLines = ({ failures }: Tally): string[] =>
  Object.entries(failures)
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([name, { count, seeds }]) => `${count} times, first with seed ${seeds[0]}: ${name}`);

/** For the terminal. */
export function summary(tally: Tally, { seconds }: About): string {
  const { cases, failed } = wholeOf(tally);
  return [...lines(tally), '', `${cases} cases, ${failed} failed, ${seconds.toFixed(0)} s, ${(cases / seconds).toFixed(1)} a second`].join('\n');
}

/** bench/soak-attack.md */
export function attackTable(tally: Tally, { first, count, lanes, seconds }: About): string {
  const failures = failureLines(tally).slice(0, 50);
  return [
    '# Attack',
    '',
    `${count} mutated inputs through the built bundles, seeds ${first} to ${first + count - 1}; Node.js ${process.version}, ${os.cpus().length} CPUs, ${lanes} at once, ${Math.round(seconds / 60)} minutes. \`npm run soak -- attack ${count} ${first} ${lanes}\` makes this file.`,
    '',
    `${wholeOf(tally).failed} failed. Checked of each: the command ends with a documented exit code, nothing is thrown, what is refused is refused with a sentence, JSON is JSON, no control character of a file reaches a terminal; what stands beside a profile does not cost the profile; no device and no pipe is read, no other host's path touched, nothing written outside, no process started, no connection opened, no text of a file outside shown.`,
    '',
    'Three of four cases change the structure and stay JSON, protocol buffers or lines, so that most open (fourth column); the others change bytes. Of profiles some come packed with gzip or zstd, whole or damaged. The longest time is that of a clock, on a machine that others may share; computing is that of all threads of the process that read. Peak is the memory of that process while it did, of the command line or of the language server, which has some 150 MB with the bundles loaded.',
    '',
    ...lines(tally),
    '',
    ...(failures.length > 0 ? ['## Failures', '', ...failures.map((one) => `- ${one}`), ''] : []),
  ].join('\n');
}
