import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { searchChain } from '../support/chain-profile';
import { patternSearch } from '../support/pattern-search';

/** Causes for which it matters how a function is reached: through a getter, on which object, from which source of a bundle. */

const search = patternSearch();

let count = 0;

async function causeOf(source: string, functions: readonly string[], hot: string): Promise<{ title: string; summary: string; advice: string } | undefined> {
  const { found } = await searchChain(search.folder.path, `c${++count}`, { source, functions, hot }, search.scanner);
  const [one] = found.explained;
  return one && { title: /: (.+)$/.exec(one.title)?.[1] ?? '', summary: one.summary, advice: one.advice };
}

const basket = `class Basket {
  get total() {
    return this.items.reduce((sum, item) => sum + item.price, 0);
  }
}
`;

describe('getters', () => {
  test('what a getter does is done for each access in a loop', async () => {
    const source = `${basket}function share(basket, items) {
  const out = [];
  for (const item of items) out.push(item.price / basket.total);
  return out;
}`;
    const cause = await causeOf(source, ['share', 'get total'], 'this.items.reduce');
    expect(cause?.title).toBe('adds up all of this.items for each of items');
    expect(cause?.summary).toContain('`share` reads the getter `total` for each of `items` (c1.mjs:8)');
    expect(cause?.advice).toMatch(/^A getter works at each access: read it once into a constant before the loop\./);
  });

  test('of which no loop is known, it is said that each access works', async () => {
    const source = `${basket}function isOver(basket) { return basket.total > 100; }`;
    expect((await causeOf(source, ['isOver', 'get total'], 'this.items.reduce'))?.title).toBe('adds up all of this.items at each access');
  });

  test('a field of the same name is no call of the method', async () => {
    const source = `class Basket {
  total() {
    return this.items.filter((item) => item.isOpen).length;
  }
}
function share(basket, items) {
  const out = [];
  for (const item of items) out.push(item.price / basket.total);
  return out;
}`;
    expect((await causeOf(source, ['share', 'total'], 'this.items.filter'))?.title).not.toContain('for each of items');
  });
});

describe('objects', () => {
  const order = `class Order {
  openParts() {
    return this.parts.filter((part) => part.isOpen);
  }
}
`;

  test('each object goes through what is its own', async () => {
    const source = `${order}function all(orders) { let n = 0; for (const order of orders) n += order.openParts().length; return n; }`;
    expect((await causeOf(source, ['all', 'openParts'], 'this.parts'))?.title ?? '').not.toContain('for each of orders');
  });

  test('one object goes through the same again, also where it is handed on', async () => {
    const source = `${order}function one(order, name) { return order.openParts().map((part) => part.name).indexOf(name); }
function all(order, names) { const out = []; for (const name of names) out.push(one(order, name)); return out; }`;
    expect((await causeOf(source, ['all', 'one', 'openParts'], 'this.parts'))?.title).toBe('filters all of this.parts for each of names');
  });
});

describe('bundles', () => {
  /** A bundle of two sources, with its map in it. */
  function bundled(main: string, lib: string): string {
    const sources = path.join(search.folder.path, 'src');
    mkdirSync(sources, { recursive: true });
    writeFileSync(path.join(sources, 'main.ts'), main);
    writeFileSync(path.join(sources, 'lib.ts'), lib);
    const { outputFiles } = buildSync({
      entryPoints: [path.join(sources, 'main.ts')],
      outfile: path.join(search.folder.path, 'bundle.mjs'),
      bundle: true,
      format: 'esm',
      sourcemap: 'inline',
      write: false,
    });
    return outputFiles[0]?.text ?? '';
  }

  test('the top level of a source calls, among that of others', async () => {
    const lib = `export const seen: string[] = [];
export function place(name: string): number {
  return seen.indexOf(name);
}
`;
    const main = `import { place } from './lib';
const names: string[] = JSON.parse(process.argv[2] ?? '[]');
let sum = 0;
for (const name of names) sum += place(name);
console.log(sum);
`;
    const cause = await causeOf(bundled(main, lib), ['place'], 'seen.indexOf');
    expect(cause?.title).toBe('searches seen for each of names');
    expect(cause?.summary).toContain('its caller calls `place` for each of `names` (main.ts:4)');
  });
});

describe('recursions', () => {
  test('what several lead to is worked out for each of them', async () => {
    const source = `const parts = new Map(JSON.parse(process.argv[2] ?? '[]'));
function costOf(id) {
  const part = parts.get(id);
  let sum = part.price;
  for (const need of part.needs) sum += costOf(need.id) * need.count;
  return sum;
}`;
    const cause = await causeOf(source, ['costOf', 'costOf', 'costOf'], 'let sum');
    expect(cause?.title).toBe('keeps no result, and calls itself for each of part.needs');
    expect(cause?.summary).toContain('(line 5), looks each up (`parts.get(id)`)');
  });

  test.each([
    [
      'what is kept',
      `const parts = new Map();
const costs = new Map();
function costOf(id) {
  if (costs.has(id)) return costs.get(id);
  const part = parts.get(id);
  let sum = part.price;
  for (const need of part.needs) sum += costOf(need.id);
  costs.set(id, sum);
  return sum;
}`,
    ],
    [
      'a tree of objects',
      `function costOf(part) {
  let sum = part.price;
  for (const need of part.needs) sum += costOf(need);
  return sum;
}`,
    ],
  ])('%s is not that', async (_, source) => {
    expect((await causeOf(source, ['costOf', 'costOf'], 'let sum'))?.title ?? '').not.toContain('keeps no result');
  });

  test('a recursion at each step of another over the same', async () => {
    const source = `class Folder {
  size() {
    let sum = this.bytes;
    for (const one of this.folders) sum += one.size();
    return sum;
  }
  print(out) {
    out.push(this.name + this.size());
    for (const one of this.folders) one.print(out);
  }
}`;
    const cause = await causeOf(source, ['print', 'print', 'size', 'size'], 'let sum');
    expect(cause?.title).toBe('goes through all below again at each step of print');
    const tree = `function height(node) {
  if (!node) return 0;
  return 1 + Math.max(height(node.left), height(node.right));
}
function isBalanced(node) {
  if (!node) return true;
  const gap = height(node.left) - height(node.right);
  return Math.abs(gap) < 2 && isBalanced(node.left) && isBalanced(node.right);
}`;
    expect((await causeOf(tree, ['isBalanced', 'height'], 'return 1'))?.title).toBe('goes through all below again at each step of isBalanced');
  });

  test('a recursion where another one ends is not that', async () => {
    const source = `function size(node) {
  let sum = 1;
  for (const one of node.children) sum += size(one);
  return sum;
}
function sizes(node, out) {
  if (node.isRoot) return out.push(size(node));
  for (const one of node.children) sizes(one, out);
}`;
    expect((await causeOf(source, ['sizes', 'size'], 'let sum'))?.title ?? '').not.toContain('goes through all below');
  });
});

describe('garbage', () => {
  /** A chain whose last function runs before all garbage collection, which takes a part of the samples. */
  test('what its maker makes is named, in the innermost loop', async () => {
    const source = `function mean(colours) {
  const size = { width: 1 };
  let sum = { r: 0, g: size.width };
  for (const colour of colours) {
    sum = { r: sum.r + colour.r, g: sum.g };
  }
  return sum;
}`;
    const { found } = await searchChain(search.folder.path, `c${++count}`, { source, functions: ['mean'], hot: 'sum.r', garbage: 200 }, search.scanner);
    const gc = found.explained.find(({ rule }) => rule === 'gc');
    expect(gc?.title).toBe('Memory pressure: mean makes an object for each of colours');
    expect(gc?.summary).toContain('`mean` makes an object (line 5) for each of `colours`.');
  });
});
