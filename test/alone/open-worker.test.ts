import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LanguageServer, startLanguageServer } from '../support/language-server';
import { rawFromText } from '../support/raw-profile';
import { type Folder, temporaryFolder } from '../support/run';

/** The built server, with a profile open that somebody else's is opened beside. */
let folder: Folder;
let server: LanguageServer;
/** A server that follows the map itself is stopped by it after fewer. */
const ASKED = 100;
const fileOf = (name: string): string => path.join(folder.path, name);
const open = (name: string): Promise<{ failed?: string }> => server.connection.sendRequest('plateau/open', { file: fileOf(name), storage: fileOf('slabs') });

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

beforeAll(async () => {
  const manySegments = JSON.stringify({ version: 3, sources: ['s.ts'], names: [], mappings: `${'AAAA,'.repeat(4_000_000)}AAAA` });
  const many = Array.from({ length: 300_000 }, (_, i) => `folder${i}/../s${i}.ts`);
  const manySources = JSON.stringify({ version: 3, sources: many, names: [], mappings: `AAAA${';AACA'.repeat(99)}` });
  folder = temporaryFolder({
    'segments.js': script('segments.js.map'),
    'segments.js.map': manySegments,
    'sources.js': script('sources.js.map'),
    'sources.js.map': manySources,
    'mine.cpuprofile': JSON.stringify(rawFromText('\n main > work x3')),
  });
  for (const name of ['segments', 'sources']) folder.file(`${name}.cpuprofile`, profileOf(pathToFileURL(fileOf(`${name}.js`)).href));
  server = await startLanguageServer(folder.path);
});
afterAll(() => {
  server.end();
  folder.remove();
});

test.each(['segments', 'sources'])('a map with too many %s holds up no question about another profile', async (name) => {
  // The file itself is read now: what is left for the next server is what is in it.
  expect((await open(`${name}.cpuprofile`)).failed).toBeUndefined();
  server.end();
  server = await startLanguageServer(folder.path);
  await open('mine.cpuprofile');
  const order: string[] = [];
  const opened = open(`${name}.cpuprofile`).then((answer) => {
    order.push(`${name} opened`);
    return answer;
  });
  // One behind the other: each is asked when the one before is answered.
  for (let asked = 0; asked < ASKED; asked++) {
    await server.connection.sendRequest('plateau/functionLines', { file: fileOf('mine.cpuprofile'), func: 1 });
    order.push('mine');
  }
  expect(order).toEqual(Array(ASKED).fill('mine'));
  expect((await opened).failed).toBeUndefined();
});
