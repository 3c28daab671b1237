import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeapAnalysis } from '../../src/core/heap/analysis/analyze-heap';
import { duplicateStrings } from '../../src/core/heap/analysis/duplicate-strings';
import { nodeName } from '../../src/core/heap/analysis/heap-names';
import { heapStatistics } from '../../src/core/heap/analysis/heap-statistics';
import { detachedNodes } from '../../src/core/heap/views/detached-nodes';
import { analysisOf, diffRows, summaryRows } from '../support/heap-tables';

/**
 * Pairs of snapshots of real programs, and what Chrome DevTools' own worker says of them:
 * `node scripts/heap-fixtures.mjs` made both, with nothing of Plateau in it.
 */
const fixtures = path.join(import.meta.dirname, '../fixtures/heap');

interface Row {
  readonly key: string;
  readonly count?: number;
}
interface DevTools {
  readonly summary: readonly Row[];
  readonly statistics: object;
  readonly diff: readonly (Row & { readonly addedIds: readonly number[]; readonly removedIds: readonly number[] })[];
  readonly duplicates: readonly { readonly value: string }[];
  /** Classes that DevTools loses objects of. */
  readonly colliding: readonly string[];
}

const byKey = (rows: readonly object[], without: readonly string[]): Map<string, object> =>
  new Map((rows as Row[]).filter(({ key }) => !without.includes(key)).map((row) => [row.key, row]));

describe.each(['node-20', 'node-24', 'chromium'])('%s', (name) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau-heap-'));
  const theirs = JSON.parse(brotliDecompressSync(readFileSync(path.join(fixtures, `${name}.devtools.json.br`))).toString()) as DevTools;
  let base: HeapAnalysis;
  let current: HeapAnalysis;
  beforeAll(() => {
    const both = brotliDecompressSync(readFileSync(path.join(fixtures, `${name}.heapsnapshots.br`)));
    const end = both.indexOf(0);
    const open = (bytes: Uint8Array): HeapAnalysis => {
      const file = path.join(folder, 'it.heapsnapshot');
      writeFileSync(file, bytes);
      return analysisOf(file);
    };
    base = open(both.subarray(0, end));
    current = open(both.subarray(end + 1));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the summary is that of DevTools: every class, every column', () => {
    expect(theirs.summary.length).toBeGreaterThan(100);
    expect(byKey(summaryRows(current), theirs.colliding)).toEqual(byKey(theirs.summary, theirs.colliding));
  });

  test('so is the comparison, with the objects that came and went', () => {
    expect(theirs.diff.length).toBeGreaterThan(20);
    const ours = (diffRows(base, current) as DevTools['diff']).map((row) => ({
      ...row,
      addedIds: row.addedIds.slice(0, 3),
      removedIds: row.removedIds.slice(0, 3),
    }));
    expect(byKey(ours, theirs.colliding)).toEqual(byKey(theirs.diff, theirs.colliding));
  });

  test('so are the statistics', () => {
    expect(heapStatistics(current)).toEqual(theirs.statistics);
  });

  test('so are duplicate strings', () => {
    const ours = duplicateStrings(current).map(({ text, count, shallowSize, retainedSize }) => ({
      value: text.slice(0, 60),
      count,
      shallowSize,
      retainedSize,
    }));
    const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(ours)).toEqual(sorted(theirs.duplicates));
  });

  test('classes whose keys collide are whole, where DevTools has one part of them only', () => {
    expect(theirs.colliding).toContain(',Function');
    const functions = current.graph.nodes;
    const closure = current.graph.nodeTypes.indexOf('closure');
    const closures = functions.type.reduce((count: number, type, n) => count + (type === closure && current.shallowSize[n] !== 0 ? 1 : 0), 0);
    const ours = byKey(summaryRows(current), []).get(',Function') as Row;
    const dev = byKey(theirs.summary, []).get(',Function') as Row;
    // The closures, and Object.create(Function.prototype).
    expect(ours.count).toBe(closures + 1);
    expect(dev.count).toBeLessThan(closures);
  });

  test.runIf(name === 'chromium')('detached elements are found, by their names', () => {
    const names = detachedNodes(current).map((node) => nodeName(current, node));
    expect(names.filter((one) => one.startsWith('Detached <div')).length).toBeGreaterThan(0);
    expect(names.filter((one) => one.startsWith('Detached <span class="c"')).length).toBeGreaterThan(0);
  });
});
