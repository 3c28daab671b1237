import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { functionAtOffset, parseFunctions, type SourceFunction } from '../../src/source/parse/parse-functions';
import { checkArguments } from '../../src/source/parse/parse-source';
import { nodes, plateau, root, temporaryFolder } from '../support/run';

const parse = (text: string, file = 'a.ts'): SourceFunction[] => parseFunctions(text, file) ?? [];
/** The function at `|` in a text. */
const at = (text: string, file?: string): SourceFunction | undefined => {
  const offset = text.indexOf('|');
  return functionAtOffset(parse(text.replace('|', ''), file), offset);
};

describe.each(nodes())('V8 of Node.js $version', ({ path: node }) => {
  test('every kind of function has the name and the place that V8 gives it', async () => {
    const file = path.join(root, 'test/fixtures/functions/kinds.mjs');
    const folder = temporaryFolder();
    try {
      const out = path.join(folder.path, 'kinds.cpuprofile');
      const recorded = await plateau(['record', '--node', node, '--interval', '200', '--out', out, file]);
      expect(recorded.code, recorded.stderr).toBe(0);
      const url = pathToFileURL(file).href;
      const profile = JSON.parse(readFileSync(out, 'utf8')) as {
        nodes: { callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number } }[];
      };
      const seen = new Map(
        profile.nodes
          .filter(({ callFrame }) => callFrame.url === url)
          .map(({ callFrame }) => [`${callFrame.lineNumber}:${callFrame.columnNumber}`, callFrame.functionName]),
      );
      const lines = readFileSync(file, 'utf8').split('\n');
      const parsed = parse(lines.join('\n'), file);
      const places = new Map(parsed.map((one) => [`${one.v8Line}:${one.v8Column}`, one.name]));
      seen.delete('0:0'); // the module itself
      for (const [place, name] of seen) {
        // The initialiser of fields is V8's own invention, named after the class in newer ones.
        const isInitializer = name.startsWith('<') || lines[Number(place.split(':')[0])]?.trim().startsWith('field =') === true;
        if (isInitializer && name !== 'field') continue;
        expect([place, places.get(place)]).toEqual([place, name]);
      }
      expect(seen.size).toBeGreaterThanOrEqual(20);
    } finally {
      folder.remove();
    }
  });
});

describe('the function at the cursor', () => {
  test.each([
    ['function a() { | }', 'a', 'function'],
    ['const f = async () => { | };', 'f', 'arrow'],
    ['class A { get x() { return | 1 } }', 'get x', 'getter'],
    ['class A { set x(v) { | } }', 'set x', 'setter'],
    ['class A { constructor() { | } }', 'A', 'constructor'],
    ['class A { static #m<T>(x: T): x is T { | } }', '#m', 'method'],
    ['list.map((x) => |x.y)', '', 'arrow'],
    ['export default function () { | }', 'default', 'function'],
    ['const o = { run<T>(this: T) { | } }', 'run', 'method'],
    ['function outer() { function inner() { } | }', 'outer', 'function'],
    ['abstract class A { abstract x(): void; y() { | } }', 'y', 'method'],
    ['function f(a: string): void; function f(a: any) { | }', 'f', 'function'],
    ['module.exports = { go() { | } }', 'go', 'method'],
    ['@dec class A { @dec() m(@inject() a: B) { | } }', 'm', 'method'],
  ])('%s', (text, name, kind) => expect(at(text)).toMatchObject({ name, kind }));

  test('JSX, TSX, .mts and .cts are read as what they are', () => {
    expect(at('const App = () => { return <div onClick={() => |x}>{y}</div> }', 'a.tsx')).toMatchObject({ kind: 'arrow', name: '' });
    expect(at('function App() { return <A>|</A> }', 'a.jsx')).toMatchObject({ name: 'App' });
    expect(at('const f = <T>(x: T) => { | }', 'a.mts')).toMatchObject({ name: 'f' });
    expect(at('import fs = require("fs"); export = function go() { | }', 'a.cts')).toMatchObject({ name: 'go' });
  });

  test('a syntax error elsewhere does not hide it', () => {
    expect(at('const x = 1; const x = 2;\nfunction a() { | }')).toMatchObject({ name: 'a' });
  });

  test('outside of every function there is none', () => {
    expect(at('const x = |1; function a() {}')).toBeUndefined();
  });

  test('deeply nested code does not overflow the stack', () => {
    const depth = 400;
    expect(parse(`${'function f() {'.repeat(depth)}${'}'.repeat(depth)}`, 'a.js').length).toBe(depth);
    expect(parse('('.repeat(100_000), 'a.js')).toEqual([]);
  });
});

describe('exports', () => {
  test.each<[string, unknown]>([
    ['export function a() { | }', { name: 'a' }],
    ['function a() { | } export { a as b }', { name: 'b' }],
    ['export const a = () => { | }', { name: 'a' }],
    ['export default () => { | }', { name: 'default' }],
    ['function a() { | } export default a', { name: 'default' }],
    ['exports.a = function () { | }', { name: 'a' }],
    ['module.exports.a = () => { | }', { name: 'a' }],
    ['module.exports = function () { | }', { name: 'default' }],
    ['function a() { | } module.exports = { b: a }', { name: 'b' }],
    ['module.exports = { a() { | } }', { name: 'a' }],
    ['export class A { m() { | } }', { name: 'A', method: { name: 'm', isStatic: false, isGetter: false } }],
    ['export class A { static m() { | } }', { name: 'A', method: { name: 'm', isStatic: true, isGetter: false } }],
    ['export class A { get g() { | } }', { name: 'A', method: { name: 'g', isStatic: false, isGetter: true } }],
    ['export default class { m = () => { | } }', { name: 'default', method: { name: 'm', isStatic: false, isGetter: false } }],
    ['function a() { | }', undefined],
    ['export function a() { const b = () => { | } }', undefined],
    ['class A { m() { | } }', undefined],
    ['export class A { #m() { | } }', undefined],
  ])('%s', (text, expected) => {
    const exported = at(text, text.includes('exports') ? 'a.cjs' : 'a.ts')?.exported;
    if (expected === undefined) expect(exported).toBeUndefined();
    else expect(exported).toEqual(expected);
  });
});

describe('typed arguments', () => {
  test.each(['', '1, "two", [3]', '{ a: 1 }, (x) => x + 1', 'new Map([[1, 2]])', 'await load()'])('%s is fine', (text) =>
    expect(checkArguments(text)).toEqual({ ok: true }),
  );
  test.each([
    ['1, {', 5],
    ['a b', 3],
    ['); process.exit(', 1],
    ['1]; evil(); [2', 2],
  ])('%s is told, with its place', (text, column) => {
    const result = checkArguments(text);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(Math.abs(result.column - column)).toBeLessThanOrEqual(1);
  });
});
