import { describe, expect, test } from 'vitest';
import { searchChain } from '../support/chain-profile';
import { patternSearch } from '../support/pattern-search';

const search = patternSearch();

/** What is said of a program whose functions call each other in this order, and whose last one has all samples on one line. */
async function said(name: string, source: string, functions: readonly string[], hot: string): Promise<{ title: string; summary: string }[]> {
  const { found } = await searchChain(search.folder.path, name, { source, functions, hot }, search.scanner);
  return found.explained.filter(({ rule }) => rule === 'plateau').map(({ title, summary }) => ({ title, summary }));
}

describe('causes that follow from the syntax and the path of calls', () => {
  test('what is kept is gone through for each element of the caller', async () => {
    const source = `class House {
  constructor() { this.moves = []; }
  stockOf(sku) {
    let sum = 0;
    for (const move of this.moves) {
      if (move.sku === sku) sum += move.count;
    }
    return sum;
  }
}
function report(house, skus) {
  const lines = [];
  for (const sku of skus) lines.push(house.stockOf(sku));
  return lines;
}`;
    const [one, ...more] = await said('kept', source, ['report', 'stockOf'], 'if (move.sku');
    expect(more).toEqual([]);
    expect(one?.title).toBe('stockOf: goes through all of this.moves for each of skus');
    expect(one?.summary).toContain('Line 5 goes through all of `this.moves`, and `report` calls `stockOf` for each of `skus` (kept.mjs:13).');
  });

  test('a parameter is followed through a function between, to the loop that gives the same', async () => {
    const source = `function columnOf(header, name) {
  return header.split(';').length + name.length;
}
function cell(header, line, name) {
  return line[columnOf(header, name)];
}
function parse(header, lines) {
  const out = [];
  for (const line of lines) out.push(cell(header, line, 'id'));
  return out;
}`;
    const [one] = await said('between', source, ['parse', 'cell', 'columnOf'], 'header.split');
    expect(one?.title).toBe('columnOf: splits all of header for each of lines');
  });

  test.each([
    [
      'what each turn has of its own',
      `function sizeOf(order) {
  return order.parts.filter((part) => part.isOpen && part.size > 2).length;
}
function all(orders) { let n = 0; for (const order of orders) n += sizeOf(order); return n; }`,
      ['all', 'sizeOf'],
      'order.parts',
    ],
    [
      'each with each other of one collection',
      `function pull(body, bodies) {
  let force = 0;
  for (const other of bodies) {
    if (other === body) continue;
    force += other.mass / (other.x - body.x);
  }
  return force;
}
function step(bodies) { for (const body of bodies) body.v += pull(body, bodies); }`,
      ['step', 'pull'],
      'force += other',
    ],
    [
      'a loop that looks for nothing',
      `function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i] * b[i];
  return sum;
}
function apply(rows, v) { const out = []; for (const row of rows) out.push(dot(row, v)); return out; }`,
      ['apply', 'dot'],
      'sum += a',
    ],
    [
      'a list of a few constants',
      `const KINDS = ['a', 'b', 'c'];
function isKnown(kind) {
  return KINDS.includes(kind);
}
function count(rows) { let n = 0; for (const row of rows) if (isKnown(row.kind)) n++; return n; }`,
      ['count', 'isKnown'],
      'return KINDS',
    ],
    [
      'a variable that goes on to another',
      `function last(node) {
  let n = 0;
  while (node) {
    n += node.items.indexOf(7);
    node = node.next;
  }
  return n;
}`,
      ['last'],
      'n += node',
    ],
    [
      'a list of few constants, made by a callback',
      `const AROUND = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy })));
function lightAt(rows, x, y) { return rows[y][x]; }
function blur(rows, width) {
  const out = [];
  for (let x = 0; x < width; x++) {
    const all = AROUND.map(({ dx, dy }) => lightAt(rows, x + dx, dy));
    out.push(all.sort((a, b) => a - b)[4]);
  }
  return out;
}`,
      ['blur'],
      'out.push(all.sort',
    ],
    [
      'what is made of a list for each turn, by what the turn has',
      `function scaled(points, factor) {
  return points.map((point) => ({ x: point.x * factor, y: point.y * factor }));
}
function steps(points, factors) { const out = []; for (const factor of factors) out.push(scaled(points, factor)); return out; }`,
      ['steps', 'scaled'],
      'return points.map',
    ],
  ])('%s is told no cause', async (name, source, chain, hot) => {
    expect(await said(name.replaceAll(' ', '-'), source, chain, hot)).toEqual([]);
  });
});
