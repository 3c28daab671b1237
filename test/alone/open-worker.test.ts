import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancellationToken, CancellationTokenSource } from 'vscode-languageserver/node';
import { type LanguageServer, startLanguageServer } from '../support/language-server';
import { rawFromText } from '../support/raw-profile';
import { type Folder, temporaryFolder } from '../support/run';

/** The built server, with a profile open that somebody else's is opened beside. */
let folder: Folder;
let server: LanguageServer;
const fileOf = (name: string): string => path.join(folder.path, name);
const open = (name: string, token = CancellationToken.None): Promise<{ failed?: string }> =>
  server.connection.sendRequest('plateau/open', { file: fileOf(name), storage: fileOf('slabs') }, token);

/** A profile of a hundred functions in one script, one a line. */
function profileOf(url: string): string {
  const frames = Array.from({ length: 100 }, (_, i) => ({
    id: i + 2,
    callFrame: { functionName: `f${i}`, scriptId: '1', url, lineNumber: i, columnNumber: 0 },
    hitCount: 1,
    positionTicks: [{ line: i + 1, ticks: 1 }],
  }));
  const top = { id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, hitCount: 0 };
  const nodes = [{ ...top, children: frames.map(({ id }) => id) }, ...frames];
  return JSON.stringify({ nodes, startTime: 0, endTime: 100_000, samples: frames.map(({ id }) => id), timeDeltas: frames.map(() => 1000) });
}

const script = (map: string): string => `${'function a() {}\n'.repeat(100)}//# sourceMappingURL=${map}\n`;

/** What stands beside a profile and takes seconds to read or follow; a question about another profile takes about a millisecond. */
const hostile: Readonly<Record<string, () => string>> = {
  'segments.js.map': () => JSON.stringify({ version: 3, sources: ['s.ts'], names: [], mappings: `${'AAAA,'.repeat(8_000_000)}AAAA` }),
  'sources.js.map': () => {
    const many = Array.from({ length: 1_000_000 }, (_, i) => `folder${i}/../s${i}.ts`);
    return JSON.stringify({ version: 3, sources: many, names: [], mappings: `AAAA${';AACA'.repeat(99)}` });
  },
  'fingerprints.plateau.json': () => {
    const headline = { duration: 1, active: 1, samples: 1 };
    const recipe = { kind: 'process', pid: 5, command: 'x' };
    const common = { version: 1, title: 'a', recordedAt: new Date(0).toISOString(), recipe, node: 'v20', pid: 5, interval: 1, headline };
    return JSON.stringify({ ...common, sources: { '/x/a.js': Array(5_000_000).fill('abcdefg') } });
  },
};
const nameOf = (file: string): string => file.split('.')[0] as string;
/** Far fewer than are answered in those seconds, far more than fit before they begin: about a hundred. */
const ASKED = 400;

beforeAll(async () => {
  folder = temporaryFolder({ 'mine.cpuprofile': JSON.stringify(rawFromText('\n main > work x3')) });
  for (const name of Object.keys(hostile).map(nameOf)) {
    folder.file(`${name}.js`, script(`${name}.js.map`));
    folder.file(`${name}.cpuprofile`, profileOf(pathToFileURL(fileOf(`${name}.js`)).href));
  }
  server = await startLanguageServer(folder.path);
});
afterAll(() => {
  server.end();
  folder.remove();
});

const askOther = (): Promise<unknown> => server.connection.sendRequest('plateau/functionLines', { file: fileOf('mine.cpuprofile'), func: 1 });

/**
 * The opening is given up after the last question. A server that does the work itself hears of nothing until it is
 * through: it has opened the profile before the questions are answered. One that does not answers them all, and gives it up.
 */
test.each(Object.keys(hostile))('%s that is made to take long holds up no question about another profile', async (beside) => {
  const name = nameOf(beside);
  // The file itself is read now, without what stands beside it: that is left for the next server.
  expect((await open(`${name}.cpuprofile`)).failed).toBeUndefined();
  folder.file(beside, (hostile[beside] as () => string)());
  server.end();
  server = await startLanguageServer(folder.path);
  await open('mine.cpuprofile');
  const order: string[] = [];
  const giveUp = new CancellationTokenSource();
  const opened = open(`${name}.cpuprofile`, giveUp.token).then((answer) => {
    order.push('opened');
    return answer;
  });
  for (let asked = 0; asked < ASKED; asked++) {
    await askOther();
    order.push('answered');
  }
  giveUp.cancel();
  expect(await opened).toMatchObject({ isCancelled: true });
  expect(order).toEqual([...Array(ASKED).fill('answered'), 'opened']);
  // The thread was given up, not the server.
  await askOther();
});

/** A profile that takes seconds to be written: of functions that are called by the program's own top level. */
function wideProfile(count: number): string {
  const ids = Array.from({ length: count }, (_, i) => i + 2);
  const frame = (i: number) => ({ functionName: `f${i}`, scriptId: '1', url: 'file:///x/a.js', lineNumber: i, columnNumber: 0 });
  const top = { id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, hitCount: 0, children: ids };
  const samples = [...ids, ...ids, ...ids];
  const nodes = [top, ...ids.map((id) => ({ id, callFrame: frame(id), hitCount: 3 }))];
  return JSON.stringify({ nodes, startTime: 0, endTime: samples.length * 1000, samples, timeDeltas: samples.map(() => 1000) });
}

// The first is written in parts, the second as a whole: its thread hears of nothing until it is ended.
test.each(['speedscope', 'pprof'])(
  'an export as %s of a large profile holds up no question about another, and leaves nothing when it is given up',
  async (format) => {
    if (!existsSync(fileOf('wide.cpuprofile'))) folder.file('wide.cpuprofile', wideProfile(200_000));
    expect((await open('wide.cpuprofile')).failed).toBeUndefined();
    await open('mine.cpuprofile');
    const order: string[] = [];
    const giveUp = new CancellationTokenSource();
    const out = fileOf(`out.${format}`);
    const asked = { file: fileOf('wide.cpuprofile'), format, out };
    const exported = server.connection.sendRequest('plateau/export', asked, giveUp.token).then((answer) => {
      order.push('exported');
      return answer;
    });
    for (let count = 0; count < ASKED; count++) {
      await askOther();
      order.push('answered');
    }
    giveUp.cancel();
    expect(await exported).toMatchObject({ isCancelled: true });
    expect(order).toEqual([...Array(ASKED).fill('answered'), 'exported']);
    expect(existsSync(out)).toBe(false);
    expect(await server.connection.sendRequest('plateau/export', { ...asked, format: 'markdown' })).toEqual({ bytes: expect.any(Number) });
  },
);
