import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FunctionLinesDto } from '../../src/protocol/lsp';
import { type LanguageServer, startLanguageServer } from '../support/language-server';
import { type Folder, temporaryFolder } from '../support/run';

/** The lines of a function as the built server gives them: to the panel the hot ones, to the source view all. */
let folder: Folder;
let server: LanguageServer;
const TEXT = 'function outer() {\n  return inner();\n}\nfunction inner() {\n  return 1;\n}\n';

beforeAll(async () => {
  folder = temporaryFolder({ 'there.js': TEXT });
  const url = pathToFileURL(path.join(folder.path, 'there.js')).href;
  const frame = (functionName: string, lineNumber: number, of = url) => ({ functionName, scriptId: '1', url: of, lineNumber, columnNumber: 14 });
  folder.file(
    'a.cpuprofile',
    JSON.stringify({
      nodes: [
        { id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, hitCount: 0, children: [2, 4] },
        { id: 2, callFrame: frame('outer', 0), hitCount: 0, children: [3] },
        { id: 3, callFrame: frame('inner', 3), hitCount: 3, positionTicks: [{ line: 5, ticks: 3 }] },
        { id: 4, callFrame: frame('gone', 0, pathToFileURL(path.join(folder.path, 'gone.js')).href), hitCount: 1, positionTicks: [{ line: 1, ticks: 1 }] },
      ],
      startTime: 0,
      endTime: 4000,
      samples: [3, 3, 3, 4],
      timeDeltas: [1000, 1000, 1000, 1000],
    }),
  );
  server = await startLanguageServer(folder.path);
});
afterAll(() => {
  server.end();
  folder.remove();
});

const linesOf = (func: number, isWhole: boolean): Promise<FunctionLinesDto> =>
  server.connection.sendRequest('plateau/functionLines', { file: path.join(folder.path, 'a.cpuprofile'), func, isWhole });
/** Functions in the order of the file: root, outer, inner, gone. */
const [OUTER, INNER, GONE] = [1, 2, 3];

test('a function without a cost of its own is shown whole, and has no hot line', async () => {
  expect((await linesOf(OUTER, true)).rows.map(({ line, self }) => [line, self])).toEqual([
    [1, 0],
    [2, 0],
    [3, 0],
  ]);
  expect((await linesOf(OUTER, false)).rows).toEqual([]);
});

test('a function with a hot line has it, and a file that is not there is said to be so', async () => {
  expect((await linesOf(INNER, true)).rows.map(({ line, self }) => [line, self])).toEqual([
    [4, 0],
    [5, 3000],
    [6, 0],
  ]);
  expect(await linesOf(GONE, true)).toMatchObject({ rows: [], place: { exists: false } });
});

test('a file that has come since is there: its lines, and its place', async () => {
  folder.file('gone.js', 'function gones() { return 1; }\n');
  const { rows, place } = await linesOf(GONE, true);
  expect(place?.exists).toBe(true);
  expect(rows.map(({ line }) => line)).toEqual([1]);
  expect(await server.connection.sendRequest('plateau/place', { file: path.join(folder.path, 'a.cpuprofile'), func: GONE })).toMatchObject({
    file: path.join(folder.path, 'gone.js'),
    exists: true,
  });
});
