import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleScript, inNamespace, noNamespaces } from '../support/pid-namespace';
import { type Folder, temporaryFolder } from '../support/run';

const VICTIMS = 12;

describe.skipIf(noNamespaces !== undefined)(`ending a program${noNamespaces ? ` (skipped: ${noNamespaces})` : ''}`, () => {
  let folder: Folder;
  let script: string;
  beforeAll(async () => {
    folder = temporaryFolder();
    script = await bundleScript('kill-scenarios', folder.path);
  });
  afterAll(() => folder.remove());

  const play = async (name: string, ownProc = true): Promise<unknown> => {
    const stdout = await inNamespace(`mkdir -p /tmp; ${JSON.stringify(process.execPath)} ${JSON.stringify(script)} ${JSON.stringify(name)}`, { ownProc });
    const { found, victims } = JSON.parse(stdout) as { found: unknown; victims: number };
    expect(victims, 'bystanders that still run').toBe(VICTIMS);
    return found;
  };

  test.each<[string, unknown]>([
    ['process 1', [true, true]],
    ['number of the launched process is taken', { sameNumber: true, runs: true, left: [] }],
    ['number of a child is taken between two looks', { wasSeen: true, sameNumber: true, runs: true, rest: [] }],
    ['daemon by setsid', { left: ['sleep 502'], runs: ['sleep 502'], after: [] }],
    ['double fork, environment cleared', { left: ['sleep 503', 'sleep 504'], runs: 2 }],
    ['daemon and its children, beside stragglers and theirs', { left: ['bash -c sleep 505 & wait', 'sleep 505'], straggler: [], child: ['sleep 505'] }],
    ['process group of its own while the program runs', { left: [], runs: [] }],
    ['process group of its own after the program', { left: ['sleep 510'], runs: ['sleep 510'] }],
    ['straggler that was seen', { spared: ['sleep 511'], unseen: [], seen: [], runs: [] }],
    ['stranger in our own process group', { runs: true, ended: [] }],
    ['zombie', { remaining: [], runs: false }],
    ['ends while it is being ended', { remaining: [], runs: [] }],
    ['starts anew what is ended', { remaining: [], runs: [] }],
    ['stopped', { exit: { code: 0, signal: null }, told: 'ended\n' }],
    ['500 children', { remaining: [], runs: [] }],
    ['namespace within', { maps: true, byTicks: true, runs: [] }],
    ['two namespaces, the same number in both', { runs: [] }],
  ])('%s', async (name, expected) => expect(await play(name)).toEqual(expected));

  test('where /proc is another namespace’s, only what was launched is ended, by its handle', async () =>
    expect(await play('foreign proc', false)).toEqual({ rows: [], exit: { code: null, signal: 'SIGTERM' } }));
});
