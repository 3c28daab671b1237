/** A profiler must not change its subject: programs of every kind, plain and recorded. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Pair, type Program, plainAndRecorded } from '../support/plain-and-recorded';
import { nodes, root } from '../support/run';
import { children } from '../support/subjects/children';
import { ends } from '../support/subjects/ends';
import { inspectors } from '../support/subjects/inspectors';
import { options } from '../support/subjects/options';
import { seen } from '../support/subjects/seen';
import { shells } from '../support/subjects/shells';
import { threads } from '../support/subjects/threads';

/** At once; most of the time of a program goes into its start. */
const LANES = 4;

/** What differs in each program that does not behave as it does without Plateau, or whose threads are not all recorded. */
async function differences(node: string, programs: readonly Program[]): Promise<object[]> {
  const found: object[] = [];
  const waiting = [...programs];
  const lane = async (): Promise<void> => {
    for (let program = waiting.shift(); program; program = waiting.shift()) {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau same '));
      try {
        const pair = await plainAndRecorded(node, program, folder);
        found.push(...differ(program, pair));
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return found;
}

function differ({ name, threads: wanted = 1 }: Program, { plain, recorded, threads: kept, missed }: Pair): object[] {
  const isSame = JSON.stringify(plain) === JSON.stringify(recorded);
  return isSame && kept === wanted ? [] : [{ name, plain, ...(isSame ? {} : { recorded }), threads: [wanted, kept], missed }];
}

const kinds: Record<string, readonly Program[]> = {
  'what they see': seen,
  'how they end': ends,
  'options of Node.js': options,
  'processes that they start': children,
  'shells and launchers': shells,
  'worker threads': threads,
  'inspectors of their own': inspectors.map((one) => ({ ...one, env: { WS: path.join(root, 'node_modules', 'ws') } })),
};

describe.skipIf(process.platform === 'win32').each(nodes())('programs are as without Plateau, $version', ({ version, path: node }) => {
  const major = Number.parseInt(version.slice(1), 10);
  test.each(Object.entries(kinds))(
    '%s',
    async (_, programs) => {
      const possible = programs.filter(({ only }) => only === undefined || only(major));
      expect(possible.length).toBeGreaterThan(10);
      expect(await differences(node, possible)).toEqual([]);
    },
    240_000,
  );
});

test('a program that is not as it was is found out', () => {
  const outcome = { stdout: 'a', stderr: '', code: 0, signal: null };
  expect(differ({ name: 'x' }, { plain: outcome, recorded: outcome, threads: 1, missed: [] })).toEqual([]);
  for (const changed of [{ stdout: 'b' }, { stderr: 'x' }, { code: 1 }, { signal: 'SIGTERM' as const }]) {
    expect(differ({ name: 'x' }, { plain: outcome, recorded: { ...outcome, ...changed }, threads: 1, missed: [] })).toHaveLength(1);
  }
  expect(differ({ name: 'x' }, { plain: outcome, recorded: outcome, threads: 0, missed: [] })).toHaveLength(1);
});
