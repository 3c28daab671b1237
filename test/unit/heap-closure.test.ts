import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { HuntResult } from '../../src/shared/hunt';
import { declarationsOf } from '../../src/source/parse/find-declaration';
import { type Folder, plateau, temporaryFolder } from '../support/run';

const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

/** Places of `(` behind each name, in the order of the names. */
function heads(text: string, names: readonly string[]): { line: number; column: number }[] {
  return names.map((name) => {
    const at = text.indexOf(`${name}(`) + name.length;
    const before = text.slice(0, at).split('\n');
    return { line: before.length, column: (before.at(-1) ?? '').length };
  });
}

/** The name of the function that `user` chooses of those named. */
function userOf(text: string, variable: string, names: readonly string[], running: readonly string[] = []): string | undefined {
  const found = declarationsOf(text, 'a.mjs')?.user(variable, heads(text, names), heads(text, running));
  return found && `${names[found.index]}${found.isSure ? '' : '?'}`;
}

describe('of the functions that see a variable, the one that makes it grow', () => {
  test.each([
    [
      'a call that adds beats one that reads',
      'const all = []; function size() { return all.length; } function add(x) { all.push(x); }',
      ['size', 'add'],
      'add',
    ],
    ['reading alone is better than not to mention it', 'const all = []; function other() {} function size() { return all.length; }', ['other', 'size'], 'size'],
    ['handing it on beats reading', 'const all = []; function size() { return all.length; } function out() { keep(all, 1); }', ['size', 'out'], 'out'],
    ['an assignment', 'let last; function show() { log(last); } function link() { last = { last }; }', ['show', 'link'], 'link'],
    [
      'an element, or a property of it',
      'const by = {}; function see() { for (const k in by); } function put(k) { by[k].list.push(1); }',
      ['see', 'put'],
      'put',
    ],
    ['to empty it is no growth', 'let all = []; function reset() { all = []; } function add() { all.push(1); }', ['reset', 'add'], 'add'],
    [
      'a property of the same name is another thing',
      'const all = []; function wrong(x) { x.all.push(1); } function add() { all.push(1); }',
      ['wrong', 'add'],
      'add',
    ],
    ['as is a key', 'const all = []; function wrong() { return { all: 1 }; } function add() { all.push(1); }', ['wrong', 'add'], 'add'],
    ['a short key is a use', 'const all = []; function none() {} function out() { return { all }; }', ['none', 'out'], 'out'],
    [
      'a parameter of that name hides it',
      'const all = []; function wrong(all) { all.push(1); } function add() { all.push(1); } function b() {}',
      ['wrong', 'add', 'b'],
      'add',
    ],
    ['so does a variable within', 'const all = []; function wrong() { const all = []; all.push(1); } function add() { all.push(1); }', ['wrong', 'add'], 'add'],
    ['two that add cannot be told apart', 'const all = []; function add() { all.push(1); } function put() { all.push(22); }', ['put', 'add'], 'add?'],
    ['nobody who is there', 'const all = []; function one() {} function two() {}', ['one', 'two'], undefined],
    ['what a function within it does', 'const all = []; function one() { return all[0]; } function two() { return () => all.push(1); }', ['one', 'two'], 'two'],
    ['a function around the one that adds only holds it', 'const all = []; function out() { function add() { all.push(1); } }', ['out', 'add'], 'add'],
    ['a method', 'const all = new Set(); class A { size() { return all.size; } join(x) { all.add(x); } }', ['size', 'join'], 'join'],
  ])('%s', (_, text, names, expected) => {
    expect(userOf(text, /(?:const|let) (\w+)/.exec(text)?.[1] as string, names)).toBe(expected);
  });

  test('which of two was running decides, the innermost first', () => {
    const text = 'const all = []; function add() { all.push(1); } function put() { all.push(22); }';
    expect(userOf(text, 'all', ['add', 'put'], ['put'])).toBe('put');
    expect(userOf(text, 'all', ['add', 'put'], ['put', 'add'])).toBe('put');
    expect(userOf(text, 'all', ['add', 'put'], ['add', 'put'])).toBe('add');
  });

  test('ten thousand functions and uses are read', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `function f${i}() { return all[${i}]; }`).join('\n');
    const text = `const all = [];\n${many}\nfunction add() { all.push(1); }`;
    const names = [...Array.from({ length: 5000 }, (_, i) => `f${i}`), 'add'];
    expect(userOf(text, 'all', names)).toBe('add');
  });
});

/** The summary of the first leak of a program that is called eleven times a round. */
async function summary(text: string, ...more: string[]): Promise<string | undefined> {
  const folder = temporaryFolder({ 'a.mjs': text });
  folders.push(folder);
  const { stdout, stderr } = await plateau(['heap', 'hunt', '--times', '11', '--warmup', '22', '--json', '--call', 'a.mjs#exercise', ...more], {
    cwd: folder.path,
  });
  expect(stdout, stderr).not.toBe('');
  return (JSON.parse(stdout) as HuntResult).leaks[0]?.summary.replaceAll(path.sep, '/');
}

describe('programs that leak', () => {
  test.concurrent.each([[[]], [['--no-track']]])('the closure that is named pushes, though others see the array %j', async (args) => {
    const text = await summary(
      [
        'function store() {',
        '  const kept = [];',
        '  return {',
        '    size() { return kept.length; },',
        '    first: () => kept[0],',
        '    put(x) { kept.push({ x }); },',
        '  };',
        '}',
        'export const all = store();',
        'export function exercise() { all.put(all.size()); }',
      ].join('\n'),
      ...args,
    );
    expect(text).toBe('`kept` (Array) in module a.mjs, closure `put` at a.mjs:6');
  });

  test.concurrent('of two that add, the one that ran', async () => {
    const text = await summary(
      [
        'const kept = new Map();',
        'let n = 0;',
        'export function other() { kept.set("a", {}); }',
        'export function exercise() { kept.set(n++, { n }); }',
        'export function size() { return kept.size; }',
      ].join('\n'),
    );
    expect(text).toContain('`kept` (Map) in module a.mjs, closure `exercise` at a.mjs:4');
  });

  test.concurrent('a variable that the module exports has its name and its functions', async () => {
    const text = await summary(
      ['export let newest;', 'export const size = () => (newest ? 1 : 0);', 'export function exercise() { newest = { before: newest }; }'].join('\n'),
    );
    expect(text).toMatch(/^`newest` \(.*\) in module a\.mjs, closure `exercise` at a\.mjs:3$/);
  });

  test.concurrent('where nothing tells which, that is said', async () => {
    const text = await summary(
      [
        'import vm from "node:vm";',
        'const store = vm.runInThisContext("(() => { const kept = []; return { size() { return kept.length; }, put(x) { kept.push({ x }); } }; })()", { filename: "/gone/away.js" });',
        'export function exercise() { store.put(store.size()); }',
      ].join('\n'),
    );
    expect(text).toMatch(/^`kept` \(Array\) in module .*gone\/away\.js, seen by closure `(?:size|put)` at .*away\.js:1, among others$/);
  });
});
