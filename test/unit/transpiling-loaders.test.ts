import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { CapturedProfile } from '../../src/capture/records/captured';
import { functionAt } from '../../src/core/profile/tables';
import { describeWarning } from '../../src/service/profile/describe-warning';
import { unknownLines } from '../../src/service/profile/unknown-lines';
import { remapInMemoryScripts } from '../../src/service/recording/remap-profile';
import { parseFunctions } from '../../src/source/parse/parse-functions';
import { maps, marksOf, runInMemory, scriptOf, source, viewOf, withInlineMap } from '../support/map-runs';
import { readOk } from '../support/raw-profile';
import { temporaryFolder } from '../support/run';

/** What V8 told while a real loader ran the sources; see test/fixtures/maps/record.mjs. */
function recorded(name: string): CapturedProfile {
  const here = (text: string): string => text.replaceAll('%MAPS%', maps.replaceAll('\\', '/'));
  const { profile, scripts } = JSON.parse(here(readFileSync(path.join(maps, 'recorded', `${name}.json`), 'utf8'))) as CapturedProfile;
  return {
    profile,
    scripts: scripts.map((script) => {
      const [, head = '', base64 = ''] = /^(data:[^,]*;base64,)(.*)$/.exec(script.sourceMapUrl) ?? [];
      return { ...script, sourceMapUrl: head + Buffer.from(here(Buffer.from(base64, 'base64').toString('utf8'))).toString('base64') };
    }),
  };
}

/** swc-node makes a map only where the tsconfig asks for one. */
const withoutMap = 'swc-node-without-map';
const names = readdirSync(path.join(maps, 'recorded'))
  .map((file) => path.basename(file, '.json'))
  .filter((name) => name !== 'versions' && name !== withoutMap);
const view = (captured: CapturedProfile) => viewOf(readOk(remapInMemoryScripts(captured)).tables);
type View = ReturnType<typeof view>;

/** Rows of the function table: name, url and place, each once. */
const rows = ({ tables }: View): string[] =>
  Array.from({ length: tables.functions.length }, (_, i) => functionAt(tables, i as never))
    .filter(({ url }) => url !== '')
    .map(({ name, url, line, column }) => `${name} ${path.basename(url)}:${line + 1}:${column + 1}`);

describe.each(names)('%s', (name) => {
  const seen = view(recorded(name));

  test('every function stands where its source has it, once', () => {
    const found = rows(seen).filter((row) => !/:1:1$/.test(row));
    expect(new Set(found).size).toBe(found.length);
    const places = new Set(
      ['hot.ts', 'one.test.ts', 'two.test.ts'].flatMap((file) =>
        (parseFunctions(readFileSync(path.join(maps, 'src', file), 'utf8'), file) ?? []).map((fn) => `${file}:${fn.v8Line + 1}:${fn.v8Column + 1}`),
      ),
    );
    // V8's own name for what sets up a class's fields has the class's place.
    const own = found.filter((row) => !row.startsWith('<instance_members_initializer>'));
    expect(own.length).toBeGreaterThanOrEqual(5);
    expect(own.map((row) => row.slice(row.lastIndexOf(' ') + 1)).filter((place) => !places.has(place))).toEqual([]);
  });

  test('the planted lines are the hottest, or it is said that they cannot be told', () => {
    const files = [...seen.sources.files()].filter(({ file }) => file.startsWith(path.join(maps, 'src')));
    if (name === 'tsx') {
      // A function of one statement has but one line; of all others none is told.
      const text = readFileSync(source, 'utf8').split('\n');
      const told = files.flatMap(({ lines }) => [...lines.keys()].map((line) => text[line - 1] ?? ''));
      expect(told.filter((line) => !line.startsWith('const timed = '))).toEqual([]);
      const [warning] = unknownLines(seen.tables, { ...seen, info: {} as never });
      expect(warning).toMatchObject({ kind: 'unknown-lines', file: 'src/hot.ts' });
      return;
    }
    for (const { file, lines } of files) {
      const marks = [...marksOf(file).values()];
      const hottest = [...lines].sort((a, b) => b[1].self - a[1].self).slice(0, marks.length);
      expect([file, hottest.map(([line]) => line).sort((a, b) => a - b)]).toEqual([file, marks]);
    }
    expect(unknownLines(seen.tables, { ...seen, info: {} as never })).toEqual([]);
  });
});

describe('scripts whose source map is gone', () => {
  /** Two scripts of one url, as Jest makes them, of which the map of one is known. */
  const twice = (codes: readonly string[]): CapturedProfile => {
    const { profile, scripts } = runInMemory(codes, [source, source]);
    const own = scripts.filter(({ url }) => url === pathToFileURL(source).href);
    expect(own).toHaveLength(2);
    return { profile, scripts: own.slice(0, 1) };
  };
  const selfOf = ({ tables, costs }: View, row: string): number[] =>
    Array.from({ length: tables.functions.length }, (_, i) => functionAt(tables, i as never)).flatMap(({ name, line }, i) =>
      `${name}:${line + 1}` === row ? [costs.self[i] as number] : [],
    );

  test('one of two scripts with the same functions takes the map of the other', () => {
    const one = withInlineMap('tsc');
    const seen = view(twice([one, one]));
    expect(rows(seen).filter((row) => row.startsWith('slowSum'))).toEqual(['slowSum hot.ts:9:24']);
    expect(selfOf(seen, 'slowSum:9')).toHaveLength(1);
    expect(unknownLines(seen.tables, { ...seen, info: {} as never })).toEqual([]);
  });

  test('other code under the same url takes no map that is not its own', () => {
    const seen = view(twice([withInlineMap('tsc'), withInlineMap('tsc-es5')]));
    const found = rows(seen).filter((row) => row.startsWith('slowSum'));
    expect(found.sort()).toEqual(['slowSum hot.ts:0:0', 'slowSum hot.ts:9:24']);
  });

  test('without any map a function has no line, and that is told', () => {
    const { profile } = runInMemory([withInlineMap('tsc')], [source]);
    const seen = view({ profile, scripts: [] });
    expect(rows(seen).filter((row) => row.includes('hot.ts') && !row.includes(':0:0'))).toEqual([]);
    expect(seen.sources.file(source)?.lines.size ?? 0).toBe(0);
    expect(selfOf(seen, 'slowSum:0')[0]).toBeGreaterThan(10_000);
    const [warning] = unknownLines(seen.tables, { ...seen, info: {} as never });
    expect(warning && describeWarning(warning)).toMatch(/hot\.ts\) and \d other functions stand without a line: /);
  });

  test('a loader that makes no map: no line is taken for one of the source', () => {
    const seen = view(recorded(withoutMap));
    expect(new Set(rows(seen).map((row) => row.slice(row.lastIndexOf(' ') + 1)))).toEqual(new Set(['hot.ts:0:0']));
    expect(unknownLines(seen.tables, { ...seen, info: {} as never }).map(({ kind }) => kind)).toEqual(['unknown-places']);
  });

  test('TypeScript that ran as it is written has no map and needs none', () => {
    const folder = temporaryFolder({ 'plain.ts': readFileSync(scriptOf('babel-retain-lines'), 'utf8').replace(/\/\/# sourceMappingURL.*/, '') });
    const file = path.join(folder.path, 'plain.ts');
    const captured = runInMemory([readFileSync(file, 'utf8')], [file]);
    expect(remapInMemoryScripts({ ...captured, scripts: [] })).toEqual(captured.profile);
    folder.remove();
  });
});

test('a map that was noted by its path alone, with what a loader wrote behind it, is that of every script of the file', () => {
  const { profile, scripts } = recorded('ts-jest');
  const noted = scripts.map(({ url, sourceMapUrl }) => ({ scriptId: undefined, url: fileURLToPath(url), sourceMapUrl: `${sourceMapUrl}\n\n}});` }));
  expect(remapInMemoryScripts({ profile, scripts: noted })).toEqual(remapInMemoryScripts({ profile, scripts }));
});

test('two loaders one behind the other: the map leads to a text that has a map', () => {
  // Two lines more than the first map knows of, so that the text between is like neither end.
  const first = withInlineMap('tsc').replace('"use strict";\n', '"use strict";\n\n\n');
  const between = first.replace(/base64,(.*)/, (_, base64: string) => {
    const map = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
    return `base64,${Buffer.from(JSON.stringify({ ...map, mappings: `;;${map.mappings}` })).toString('base64')}`;
  });
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, inlineSourceMap: true, inlineSources: true };
  const { outputText: code } = ts.transpileModule(between, { fileName: source, compilerOptions });
  const seen = view(runInMemory([code], [source]));
  const hottest = [...(seen.sources.file(source)?.lines ?? [])].sort((a, b) => b[1].self - a[1].self).slice(0, 6);
  expect(hottest.map(([line]) => line).sort((a, b) => a - b)).toEqual([...marksOf(source).values()]);
  expect(rows(seen)).toContain('slowSum hot.ts:9:24');
});

test('a map whose sources are not the script is followed to their file', () => {
  const folder = temporaryFolder({ 'lib/hot.ts': readFileSync(source, 'utf8') });
  const target = path.join(folder.path, 'lib/hot.ts');
  const code = withInlineMap('tsc', (sources) => sources.map(() => target));
  const seen = view(runInMemory([code], [path.join(folder.path, 'bundle.ts')]));
  expect(seen.sources.file(target)?.functions.map(({ line }) => line)).toContain(9);
  folder.remove();
});

test('samples of plain JavaScript to which V8 gives no line are no fault of a source map', () => {
  const frame = (functionName: string, lineNumber: number, scriptId: string, url: string) => ({ functionName, scriptId, url, lineNumber, columnNumber: 0 });
  const profileOf = (url: string, ticks: boolean) => ({
    nodes: [
      { id: 1, callFrame: frame('(root)', -1, '0', ''), children: [2, 3] },
      { id: 2, callFrame: frame('', 0, '7', url), hitCount: 60 },
      { id: 3, callFrame: frame('load', 4, '7', url), hitCount: 40, ...(ticks ? { positionTicks: [{ line: 5, ticks: 10 }] } : {}) },
    ],
    startTime: 0,
    endTime: 100_000,
    samples: [...Array<number>(60).fill(2), ...Array<number>(40).fill(3)],
    timeDeltas: Array<number>(100).fill(1000),
  });
  const told = (url: string, ticks: boolean) => {
    const seen = view({ profile: profileOf(url, ticks), scripts: [] });
    return unknownLines(seen.tables, { ...seen, info: {} as never });
  };
  expect(told('file:///app/main.mjs', true)).toEqual([]);
  // A loader that writes each module as one line loses the lines of all.
  expect(told('file:///app/main.mjs', false)).toMatchObject([{ kind: 'unknown-lines', name: 'load', functions: 1 }]);
  expect(told('file:///app/main.ts', true)).toMatchObject([{ kind: 'unknown-lines', functions: 2 }]);
});
