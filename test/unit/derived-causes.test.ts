import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { findPatterns } from '../../src/service/patterns/pattern-findings';
import { type PatternScanner, patternScanner } from '../../src/service/patterns/pattern-scanner';
import { openProfile } from '../../src/service/profile/opened-profile';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { fileLocator } from '../../src/source/locate';
import { parseFunctions } from '../../src/source/parse-functions';
import { dist } from '../support/patterns';
import { type Folder, temporaryFolder } from '../support/run';

let folder: Folder;
let scanner: PatternScanner;
beforeAll(() => {
  folder = temporaryFolder();
  scanner = patternScanner(dist);
});
afterAll(() => {
  scanner.dispose();
  folder.remove();
});

/** What is said of a program whose functions call each other in this order, and whose last one has all samples on one line. */
async function said(name: string, source: string, chain: readonly string[], hot: string): Promise<{ title: string; summary: string }[]> {
  const file = path.join(folder.path, `${name}.mjs`);
  writeFileSync(file, source);
  const url = pathToFileURL(file).href;
  const functions = parseFunctions(source, file) ?? [];
  const line = source.split('\n').findIndex((text) => text.includes(hot)) + 1;
  expect(line).toBeGreaterThan(0);
  const frames = chain.map((wanted) => {
    const found = functions.find((one) => one.name === wanted);
    if (!found) throw new Error(`no function ${wanted}`);
    return { functionName: wanted, scriptId: '1', url, lineNumber: found.v8Line, columnNumber: found.v8Column };
  });
  const all = [
    { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
    { functionName: '', scriptId: '1', url, lineNumber: 0, columnNumber: 0 },
    ...frames,
  ];
  const samples = 400;
  const nodes = all.map((callFrame, i) => {
    const isLast = i === all.length - 1;
    return { id: i + 1, callFrame, hitCount: isLast ? samples : 0, children: isLast ? [] : [i + 2], positionTicks: isLast ? [{ line, ticks: samples }] : [] };
  });
  const profile = path.join(folder.path, `${name}.cpuprofile`);
  const raw = { nodes, startTime: 0, endTime: samples * 1000, samples: Array(samples).fill(all.length), timeDeltas: Array(samples).fill(1000) };
  writeFileSync(profile, JSON.stringify(raw));
  const built = await readProfileFile(profile, {});
  if (!built.ok) throw new Error(built.error.kind);
  const opened = openProfile(profile, built.value, { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
  const found = await findPatterns(opened, { partsFolder: dist, scanner, readText: async (one) => readFileSync(one, 'utf8') });
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
  ])('%s is told no cause', async (name, source, chain, hot) => {
    expect(await said(name.replaceAll(' ', '-'), source, chain, hot)).toEqual([]);
  });
});
