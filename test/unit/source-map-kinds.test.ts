import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { functionAt } from '../../src/core/profile/tables';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { functionIndex } from '../../src/shared/brands';
import { ownerOfLine } from '../../src/source/maps/map-lines';
import { sourceMappingUrl } from '../../src/source/maps/map-url';
import { originalNameAt } from '../../src/source/maps/original-names';
import { originalText } from '../../src/source/maps/original-text';
import { parseSourceMap, type ScriptMap } from '../../src/source/maps/source-maps';
import { cpuProfile, maps, planted, scriptOf } from '../support/map-runs';
import { temporaryFolder } from '../support/run';

const folders: { remove(): void }[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});
const folder = (files: Readonly<Record<string, string>>) => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};

/** Base 64 VLQ (ECMA-426) of mappings given as `[generated column, source, line, column, name]` a line, all counted from 0. */
function vlq(lines: readonly (readonly (readonly number[])[])[]): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const encode = (value: number): string => {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1;
    let text = '';
    do {
      const digit = rest & 31;
      rest >>>= 5;
      text += digits[rest > 0 ? digit | 32 : digit];
    } while (rest > 0);
    return text;
  };
  const last = [0, 0, 0, 0, 0];
  return lines
    .map((segments) => {
      last[0] = 0;
      return segments
        .map((segment) =>
          segment
            .map((value, i) => {
              const text = encode(value - (last[i] as number));
              last[i] = value;
              return text;
            })
            .join(''),
        )
        .join(',');
    })
    .join(';');
}

const mapOf = (map: object, url = 'file:///app/dist/a.js.map'): ScriptMap => {
  const parsed = parseSourceMap(JSON.stringify({ version: 3, names: [], mappings: 'AAAA', ...map }), url);
  if (!parsed) throw new Error('no map');
  return parsed;
};

describe('where a source is', () => {
  test.each<[string, object, string]>([
    ['beside the map', { sources: ['a.ts'] }, '/app/dist/a.ts'],
    ['in another folder', { sources: ['../src/a.ts'] }, '/app/src/a.ts'],
    ['from a root', { sourceRoot: '../src', sources: ['a.ts'] }, '/app/src/a.ts'],
    ['from a root with a slash', { sourceRoot: '../src/', sources: ['a.ts'] }, '/app/src/a.ts'],
    ['from an absolute root', { sourceRoot: '/home/me/src', sources: ['a.ts'] }, '/home/me/src/a.ts'],
    ['an absolute path', { sources: ['/home/me/a.ts'] }, '/home/me/a.ts'],
    ['a file url', { sources: ['file:///home/me/my%20app/a.ts'] }, '/home/me/my app/a.ts'],
    ['a path of Windows', { sources: ['C:\\shop\\app\\a.ts'] }, fileURLToPath('file:///C:/shop/app/a.ts')],
    ['a path of Windows with slashes', { sources: ['C:/shop/app/a.ts'] }, fileURLToPath('file:///C:/shop/app/a.ts')],
    ['a relative path of Windows', { sources: ['..\\src\\a.ts'] }, '/app/src/a.ts'],
    ['a root of Windows', { sourceRoot: 'D:\\src\\', sources: ['a.ts'] }, fileURLToPath('file:///D:/src/a.ts')],
    ["webpack's", { sources: ['webpack://app/./src/a.ts'] }, 'src/a.ts'],
    ["webpack's, with a hash", { sources: ['webpack://app/./src/a.ts?1f0a'] }, 'src/a.ts'],
    [
      'in sections',
      { mappings: undefined, sections: [{ offset: { line: 0, column: 0 }, map: { version: 3, names: [], mappings: 'AAAA', sources: ['..\\src\\a.ts'] } }] },
      '/app/src/a.ts',
    ],
  ])('%s', (_, map, file) => {
    expect(mapOf(map).original(1, 0)).toEqual({ source: file.replace(/^\/app/, fileURLToPath('file:///app')), line: 1, column: 0 });
  });

  test('a source that is null has no place, and the others keep theirs', () => {
    const map = mapOf({
      sources: [null, 'b.ts'],
      mappings: vlq([
        [
          [0, 0, 0, 0],
          [4, 1, 6, 2],
        ],
      ]),
    });
    expect(map.original(1, 0)).toBeUndefined();
    expect(map.original(1, 4)).toMatchObject({ line: 7, column: 2 });
    expect([...map.segments(1)].map(({ line }) => line)).toEqual([7]);
  });

  test('what of a map is no text is none, and the rest keeps its place', () => {
    const given = {
      version: 3,
      sources: [7, 'a.ts', null],
      names: [null, 'total', {}],
      sourcesContent: [{}, 'let a;', 7],
      sourceRoot: [],
      mappings: 'ACAAC,ICAAC',
    };
    const map = parseSourceMap(JSON.stringify(given), 'file:///app/a.js.map');
    expect([...(map?.segments(1) ?? [])].map(({ source, name }) => ({ source, name }))).toEqual([{ source: path.resolve('/app/a.ts'), name: 'total' }]);
    expect(map?.content(path.resolve('/app/a.ts'))).toBe('let a;');
  });

  test.each([
    'null',
    '[]',
    '{"version":3}',
    '{"version":"3","sources":["a"],"names":[],"mappings":"AAAA"}',
    '{"version":3,"sources":{},"mappings":"AAAA"}',
    '{"version":3,"sources":["a"],"mappings":[[[0,0,0,0]]]}',
    '{"version":3,"sections":[{"offset":{"line":-1,"column":0},"map":{"version":3,"sources":[],"names":[],"mappings":""}}]}',
    '{"version":3,"sections":[{"offset":{"line":0,"column":0},"url":"b.map"}]}',
    `{"version":3,"sections":${'[{"offset":{"line":0,"column":0},"map":{"version":3,"sections":'.repeat(400)}[]${'}}]'.repeat(400)}}`.slice(0, -1),
  ])('%.80s is no map', (text) => expect(parseSourceMap(text, 'file:///app/a.js.map')).toBeUndefined());

  test('a map with a byte order mark', () => {
    expect(parseSourceMap('\ufeff{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}', 'file:///app/a.js.map')?.original(1, 0)?.line).toBe(1);
  });
});

describe('where a script names its map', () => {
  test.each<[string, string, string | undefined]>([
    ['a comment', 'code();\n//# sourceMappingURL=a.js.map\n', 'a.js.map'],
    ['with the line ends of Windows', 'code();\r\n//# sourceMappingURL=a.js.map\r\n', 'a.js.map'],
    ['behind code on its line', 'code();//# sourceMappingURL=a.js.map', 'a.js.map'],
    ['the old mark', 'code();\n//@ sourceMappingURL=a.js.map', 'a.js.map'],
    ['a block', 'code();\n/*# sourceMappingURL=a.js.map */\n', 'a.js.map'],
    ['in a string', 'code("//# sourceMappingURL=a.js.map");\n', undefined],
    ['in a template', 'code(`\n//# sourceMappingURL=`);\n', undefined],
    ['in a string behind the true one', '//# sourceMappingURL=a.js.map\n//# sourceMappingURL="x"\n', 'a.js.map'],
    ['a block with code behind it', '/*# sourceMappingURL=a.js.map */ code();\n', undefined],
    ['with white space within', '//# sourceMappingURL=my file.js.map\n', undefined],
  ])('%s', (_, text, url) => {
    expect(sourceMappingUrl(path.join(folder({ 'a.js': text }).path, 'a.js'))).toBe(url);
  });
});

describe('whose the cost of a generated line is', () => {
  const source = [
    'export function total(rows: Row[]) {', // 1
    '  let sum = 0;', // 2
    '  const hot = rows', // 3
    '    .filter((row) => row.isHot)', // 4
    '    .map((row) => row.cost);', // 5
    '  for (const cost of hot) {', // 6
    '    sum += cost;', // 7
    '  }', // 8
    '  return sum;', // 9
    '}', // 10
  ].join('\n');
  const text = originalText(source, 'a.ts');
  const fn = text?.functions.find(({ name }) => name === 'total');
  const ask = (lines: Parameters<typeof vlq>[0], generated: number, ran = { line: 1, column: 14 }) =>
    ownerOfLine(mapOf({ sources: ['a.ts'], mappings: vlq(lines) }), generated, { ...ran, fn }, () => text);

  test('the first mapped place stands after the indentation', () => {
    expect(
      ask(
        [
          [],
          [
            [4, 0, 1, 2],
            [8, 0, 1, 6],
          ],
        ],
        2,
      ),
    ).toMatchObject({ kind: 'line', line: 2 });
  });
  test('a statement of several lines, printed on one, has the line that it begins on', () => {
    expect(
      ask(
        [
          [],
          [
            [2, 0, 2, 2],
            [8, 0, 2, 8],
            [14, 0, 2, 14],
            [19, 0, 3, 5],
            [26, 0, 3, 12],
            [45, 0, 4, 5],
            [49, 0, 4, 9],
          ],
        ],
        2,
      ),
    ).toMatchObject({ line: 3 });
  });
  test('what closes a block is no statement', () => {
    expect(
      ask(
        [
          [],
          [
            [0, 0, 7, 2],
            [2, 0, 8, 2],
            [9, 0, 8, 9],
          ],
        ],
        2,
      ),
    ).toMatchObject({ kind: 'line', line: 9 });
  });
  test('two statements on one line: nobody knows', () => {
    expect(
      ask(
        [
          [],
          [
            [0, 0, 1, 2],
            [12, 0, 8, 2],
          ],
        ],
        2,
      ),
    ).toEqual({ kind: 'several' });
  });
  test('a loop and its body on one line: nobody knows', () => {
    expect(
      ask(
        [
          [],
          [
            [0, 0, 5, 2],
            [20, 0, 6, 4],
          ],
        ],
        2,
      ),
    ).toEqual({ kind: 'several' });
  });
  test('a function on one line, with another one behind it', () => {
    expect(
      ask(
        [
          [
            [0, 0, 0, 0],
            [14, 0, 0, 16],
            [30, 0, 1, 2],
            [40, 0, 8, 2],
          ],
        ],
        1,
      ),
    ).toEqual({ kind: 'several' });
  });
  test('the head of a function alone', () => {
    expect(
      ask(
        [
          [
            [0, 0, 0, 0],
            [9, 0, 0, 16],
            [14, 0, 0, 22],
          ],
        ],
        1,
      ),
    ).toMatchObject({ line: 1 });
  });
  test('nothing from a source', () => {
    expect(ask([[[0, 0, 0, 0]], [], [[4]]], 2)).toEqual({ kind: 'none' });
    expect(ask([[[0, 0, 0, 0]], [], [[4]]], 3)).toEqual({ kind: 'none' });
  });
  test('without the text of the source, several lines are several', () => {
    const map = mapOf({
      sources: ['a.ts'],
      mappings: vlq([
        [],
        [
          [0, 0, 1, 2],
          [12, 0, 8, 2],
        ],
      ]),
    });
    expect(ownerOfLine(map, 2, { line: 1, column: 0, fn: undefined }, () => undefined)).toEqual({ kind: 'several' });
  });
});

describe('names of minified functions', () => {
  const named = (code: string, at: string, name: string, original = 'slowSum') => {
    const column = code.indexOf(at) + at.length;
    const token = code.search(new RegExp(`(?<![\\w$])${name.replace('$', '\\$')}(?![\\w$])`));
    const map = mapOf({
      sources: ['a.ts'],
      names: [original],
      mappings: vlq([
        [
          [0, 0, 0, 0],
          [token, 0, 3, 9, 0],
          [token + name.length, 0, 3, 16],
        ],
      ]),
    });
    return originalNameAt(map, code, 1, column, name);
  };
  test.each([
    ['a declaration', 'x();function c(n){}', 'function c', 'c'],
    ['a generator', 'x();function*c(n){}', 'function*c', 'c'],
    ['an arrow function', 'const c=(n)=>n', 'c=', 'c'],
    ['an arrow function of one parameter', 'const c=n=>n', 'c=', 'c'],
    ['an async one', 'const c=async(n)=>n', 'c=async', 'c'],
    ['a function that is assigned', 'c=function(n){}', 'c=function', 'c'],
    ['a property', '({c:function(n){}})', 'c:function', 'c'],
    ['a method', 'class A{c(n){}}', '{c', 'c'],
    ['a constructor', 'class c{x=1;constructor(n){}}', 'constructor', 'c'],
    ['a constructor of a class that is assigned', 'const c=class{constructor(n){}}', 'constructor', 'c'],
    ['a name with a dollar', 'function $c(n){}', 'function $c', '$c'],
  ])('%s', (_, code, at, name) => expect(named(code, at, name)).toBe('slowSum'));
  test('another text than the one that ran gives no name', () => {
    expect(named('x();function d(n){}', 'function d', 'c')).toBeUndefined();
    expect(named('x();function abc(n){}', 'function abc', 'c')).toBeUndefined();
  });
  test('a name that is part of a longer one is another', () => expect(named('function $c(n){}', 'function $c', 'c')).toBeUndefined());

  test.each(['esbuild-minified', 'rollup-minified', 'swc-minified', 'tsc-terser', 'webpack-minified'])(
    'a profile of %s has the names of the source',
    async (output) => {
      const made = folder({});
      const file = path.join(made.path, 'p.cpuprofile');
      writeFileSync(file, cpuProfile(scriptOf(output)));
      const read = await readProfileFile(file);
      if (!read.ok) throw new Error(read.error.kind);
      const { tables } = read.value;
      const own = Array.from({ length: tables.functions.length }, (_, i) => functionAt(tables, functionIndex(i))).filter(({ url }) => url.endsWith('hot.js'));
      expect(own.map(({ name }) => name)).toEqual(expect.arrayContaining([...planted.keys()].filter((name) => name !== 'callback' && name !== 'thunk')));
    },
  );

  test('a bundle that was built anew gives none', async () => {
    const made = folder({});
    const script = path.join(made.path, 'hot.js');
    writeFileSync(script, readFileSync(scriptOf('tsc-terser')));
    const file = path.join(made.path, 'p.cpuprofile');
    writeFileSync(file, cpuProfile(script));
    writeFileSync(script, `/* a banner */${readFileSync(scriptOf('tsc-terser'), 'utf8')}`);
    writeFileSync(path.join(made.path, 'hot.js.map'), readFileSync(path.join(maps, 'built/tsc-terser/hot.js.map')));
    const read = await readProfileFile(file);
    if (!read.ok) throw new Error(read.error.kind);
    const { tables } = read.value;
    const own = Array.from({ length: tables.functions.length }, (_, i) => functionAt(tables, functionIndex(i))).filter(
      ({ url }) => url === pathToFileURL(script).href,
    );
    expect(own.length).toBeGreaterThan(3);
    expect(own.filter(({ name }) => name === 'slowSum' || name === 'decayed' || name === 'later')).toEqual([]);
  });
});
