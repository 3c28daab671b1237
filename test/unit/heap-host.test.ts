import { copyFileSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeHeap } from '../../src/core/heap/analysis/analyze-heap';
import { diffHeaps } from '../../src/core/heap/compare/heap-diff';
import { checkTables } from '../../src/core/profile/check-tables';
import { decodeSlab } from '../../src/core/profile/slab';
import { type HeapHost, heapHost } from '../../src/service/heap/heap-host';
import { scriptPlaces } from '../../src/service/heap/heap-places';
import { readHeapSnapshotSync } from '../../src/service/heap/heap-read';
import type { ClassRow, DiffRow, HeapList, HeapObject, HeapRow, ObjectRow, StringRow } from '../../src/shared/heap-query';
import { fileLocator } from '../../src/source/maps/locate';
import { placeInSource } from '../../src/source/script-place';
import { baskets, type Snapshots, takeSnapshots, writeManyObjects } from '../support/heap-files';
import { root, temporaryFolder } from '../support/run';

const folder = temporaryFolder();
const worker = path.join(root, 'dist', 'heap-worker.mjs');
let snapshots: Snapshots;
let host: HeapHost;
beforeAll(() => {
  snapshots = takeSnapshots(folder.path);
  host = heapHost(worker);
});
afterAll(() => {
  host.dispose();
  folder.remove();
});

async function rows(list: HeapList, from = 0, to = 100, file = snapshots.after): Promise<{ total: number; rows: readonly HeapRow[] }> {
  const answer = await host.query(file, 'rows', { list, from, to });
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
}
const byRetained = { sortBy: 'retained', isRising: false } as const;
const all = { kind: 'all' } as const;
const classNamed = async (name: string, scope: Extract<HeapList, { kind: 'classes' }>['scope'] = all): Promise<ClassRow> => {
  const found = (await rows({ kind: 'classes', filter: name, scope, ...byRetained })).rows.find((row) => row.kind === 'class' && row.name === name);
  if (found?.kind !== 'class') throw new Error(`no class ${name}`);
  return found;
};
const objectsNamed = async (name: string): Promise<readonly ObjectRow[]> => {
  const { key } = await classNamed(name);
  return (await rows({ kind: 'objects', key, scope: all, ...byRetained })).rows as readonly ObjectRow[];
};
const inspect = async (node: number, hasInternal = false): Promise<HeapObject> => {
  const answer = await host.query(snapshots.after, 'object', { node, hasInternal });
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
};

describe('an opened snapshot', () => {
  test('says what it is, with progress', async () => {
    const told: string[] = [];
    const opened = await host.open(snapshots.after, { onProgress: ({ kind }) => told.push(kind) });
    expect(opened.ok && opened.value).toMatchObject({
      title: 'after',
      fileBytes: statSync(snapshots.after).size,
      warnings: [],
      hasScripts: true,
      hasTraces: false,
    });
    expect(told).toEqual(expect.arrayContaining(['reading', 'analysing']));
  });

  test('classes: counts, pages and orders are those of the whole list', async () => {
    expect(await classNamed('Basket')).toMatchObject({ count: baskets.after, is: 'object' });
    const list = { kind: 'classes', filter: '', scope: all, sortBy: 'count', isRising: false } as const;
    const whole = (await rows(list, 0, 10_000)).rows as readonly ClassRow[];
    const page = await rows(list, 7, 12);
    expect(page.total).toBe(whole.length);
    expect(page.rows).toEqual(whole.slice(7, 12));
    const counts = whole.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    const names = ((await rows({ ...list, sortBy: 'name', isRising: true }, 0, 10_000)).rows as readonly ClassRow[]).map(({ name }) => name);
    expect(names).toEqual([...names].sort((a, b) => (a < b ? -1 : 1)));
    const { total } = await rows({ ...list, filter: 'BASKET' });
    expect(total).toBe(1);
  });

  test('objects of a class and their fields', async () => {
    const objects = await objectsNamed('Basket');
    expect(objects).toHaveLength(100);
    const [first] = objects;
    if (!first) throw new Error('no basket');
    const fields = (await rows({ kind: 'fields', node: first.node, hasInternal: false })).rows as readonly ObjectRow[];
    const names = fields.map(({ edge }) => edge?.name);
    expect(names).toEqual(expect.arrayContaining(['items', 'note']));
    expect(names).not.toContain('map');
    const note = fields.find(({ edge }) => edge?.name === 'note');
    expect(note).toMatchObject({ is: 'string', label: expect.stringContaining('a note of some length') });
    const internal = (await rows({ kind: 'fields', node: first.node, hasInternal: true })).rows as readonly ObjectRow[];
    expect(internal.map(({ edge }) => edge?.name)).toContain('map');
    const items = fields.find(({ edge }) => edge?.name === 'items');
    const elements = (await rows({ kind: 'fields', node: items?.node ?? -1, hasInternal: false })).rows as readonly ObjectRow[];
    expect(elements.filter(({ edge }) => edge?.kind === 'element').map(({ edge }) => edge?.name)).toEqual(['0', '1']);
  });

  test('what keeps an object alive: the Map, by the name that the program has for it', async () => {
    const [first] = await objectsNamed('Basket');
    const object = await inspect(first?.node ?? -1);
    expect(object).toMatchObject({ label: 'Basket', className: 'Basket', type: 'object' });
    const [way] = object.paths;
    const steps = way?.steps ?? [];
    expect(steps[0]?.node).toBe(0);
    expect(steps.at(-1)).toMatchObject({ node: object.node, edge: undefined });
    expect(steps.map(({ label }) => label)).toContain('Map');
    expect(steps.map(({ edge }) => edge?.name)).toContain('baskets');
    // Each step leads to the next: the next one is among the retainers' targets.
    for (let at = 1; at < steps.length; at++) {
      const below = (await rows({ kind: 'retainers', node: steps[at]?.node ?? -1, hasInternal: true }, 0, 10_000)).rows as readonly ObjectRow[];
      if (steps[at - 1]?.node !== 0) expect(below.map(({ node }) => node)).toContain(steps[at - 1]?.node);
    }
    const distances = steps.slice(1).map(({ node }) => node);
    expect(new Set(distances).size).toBe(distances.length);
  });

  test('a basket that a function watches has another way to the root', async () => {
    const found = (await rows({ kind: 'objects', key: (await classNamed('Function')).key, scope: all, ...byRetained }, 0, 100_000))
      .rows as readonly ObjectRow[];
    const watcher = found.find(({ label }) => label.startsWith('onExpire'));
    expect(watcher).toMatchObject({ is: 'closure', hasPlace: true });
    const context = ((await rows({ kind: 'fields', node: watcher?.node ?? -1, hasInternal: false })).rows as readonly ObjectRow[]).find(
      ({ edge }) => edge?.name === 'context',
    );
    const variables = (await rows({ kind: 'fields', node: context?.node ?? -1, hasInternal: false })).rows as readonly ObjectRow[];
    const basket = variables.find(({ edge }) => edge?.name === 'basket');
    expect(basket).toMatchObject({ label: 'Basket', edge: { kind: 'variable' } });
    const { paths } = await inspect(basket?.node ?? -1);
    expect(paths.length).toBeGreaterThan(1);
    expect(paths.some(({ steps }) => steps.some(({ label }) => label.startsWith('onExpire')))).toBe(true);
    expect(paths.some(({ steps }) => steps.some(({ label }) => label === 'Map'))).toBe(true);
  });

  test('the place of a function, through the script table', async () => {
    const found = (await rows({ kind: 'objects', key: (await classNamed('Function')).key, scope: all, ...byRetained }, 0, 100_000))
      .rows as readonly ObjectRow[];
    const watcher = found.find(({ label }) => label.startsWith('onExpire'));
    const answer = await host.query(snapshots.after, 'place', { node: watcher?.node ?? -1 });
    const place = answer.ok ? answer.value : undefined;
    expect(place).toMatchObject({ line: snapshots.lines.onExpire });
    expect(place && placeInSource(place, fileLocator([]))).toMatchObject({ file: snapshots.program, line: snapshots.lines.onExpire, exists: true });
  });

  test('the tree of dominators: sizes add up, and it can be opened at an object', async () => {
    const top = (await rows({ kind: 'dominated', node: 0 }, 0, 1_000_000)).rows as readonly ObjectRow[];
    const whole = await inspect(0);
    expect(top.reduce((sum, { retained }) => sum + retained, whole.shallow)).toBe(whole.retained);
    const sizes = top.map(({ retained }) => retained);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const [first] = await objectsNamed('Basket');
    const { dominators, node } = await inspect(first?.node ?? -1);
    let above = 0;
    for (const [depth, { id, at }] of dominators.entries()) {
      const [row] = (await rows({ kind: 'dominated', node: above }, at, at + 1)).rows as readonly ObjectRow[];
      expect(row?.id).toBe(id);
      above = row?.node ?? -1;
      if (depth === dominators.length - 1) expect(above).toBe(node);
    }
  });

  test('the icicle is a profile in bytes that holds everything', async () => {
    const answer = await host.query(snapshots.after, 'icicle', { node: 0 });
    if (!answer.ok) throw new Error('no icicle');
    const tables = decodeSlab(answer.value.slab);
    if (!tables.ok) throw new Error('no slab');
    expect(checkTables(tables.value)).toEqual([]);
    expect(tables.value.unit).toBe('bytes');
    expect(tables.value.nodes.total[0]).toBe((await inspect(0)).retained);
    expect(answer.value.nodes).toHaveLength(tables.value.nodes.length);
    expect(answer.value.nodes[0]).toBe(0);
    expect(answer.value.slab.byteLength).toBeLessThan(1 << 20);
  });

  test('statistics are parts of the whole; equal texts are found', async () => {
    const answer = await host.query(snapshots.after, 'statistics', {});
    if (!answer.ok) throw new Error('no statistics');
    const { parts, total, duplicates } = answer.value;
    expect(parts.reduce((sum, { size }) => sum + size, 0)).toBe(total);
    expect(parts.every(({ size }) => size >= 0)).toBe(true);
    const notes = (await rows({ kind: 'strings', filter: 'a note of some length about basket 3' })).rows as readonly StringRow[];
    const made = [...Array(550).keys()].filter((id) => id % 7 === 3 && !(id >= 100 && id < 120)).length;
    expect(notes[0]).toMatchObject({ count: made });
    expect(duplicates.wasted).toBeGreaterThanOrEqual(notes[0]?.wasted ?? Number.POSITIVE_INFINITY);
    expect((await rows({ kind: 'copies', text: notes[0]?.text ?? -1 })).total).toBe(made);
  });

  test('an object by its id', async () => {
    const [first] = await objectsNamed('Basket');
    const found = await host.query(snapshots.after, 'find', { id: first?.id ?? -1 });
    expect(found).toEqual({ ok: true, value: { node: first?.node } });
    expect(await host.query(snapshots.after, 'find', { id: 3_000_000_001 })).toEqual({ ok: true, value: undefined });
  });

  test('a row that is not there is an error, and the next question is answered', async () => {
    expect(await host.query(snapshots.after, 'object', { node: 1e9, hasInternal: false })).toMatchObject({ ok: false, error: { kind: 'crashed' } });
    expect((await classNamed('Basket')).count).toBe(baskets.after);
  });
});

describe('compared with an earlier one', () => {
  test('added, removed, sizes are those of the comparison; the new ones are listed', async () => {
    const base = await host.query(snapshots.after, 'compare', { base: snapshots.before });
    expect(base).toMatchObject({ ok: true, value: { title: 'before', warning: undefined } });
    const list = { kind: 'comparison', base: snapshots.before, filter: '', sortBy: 'sizeDelta', isRising: false } as const;
    const found = (await rows(list, 0, 10_000)).rows as readonly DiffRow[];
    const basket = found.find(({ name }) => name === 'Basket');
    expect(basket).toMatchObject({ added: baskets.added, removed: baskets.removed, delta: baskets.added - baskets.removed });
    const [old, now] = [snapshots.before, snapshots.after].map((file) => {
      const read = readHeapSnapshotSync(file);
      if (!read.ok) throw new Error(read.error.kind);
      return analyzeHeap(read.value.graph);
    });
    if (!old || !now) throw new Error('not read');
    const expected = new Map(diffHeaps(old, now).rows.map((row) => [row.key, row.sizeDelta]));
    expect(new Map(found.map(({ key, sizeDelta }) => [key, sizeDelta]))).toEqual(expected);
    const changed = await rows({ kind: 'changed', base: snapshots.before, key: basket?.key ?? '', ...byRetained }, 0, 1000);
    expect(changed.total).toBe(baskets.added);
    expect((changed.rows as readonly ObjectRow[]).every(({ label }) => label === 'Basket')).toBe(true);
  });

  test('allocated between the two: the same objects, by their ids', async () => {
    const scope = { kind: 'since', file: snapshots.before } as const;
    const { key, count } = await classNamed('Basket', scope);
    expect(count).toBe(baskets.added);
    const changed = await rows({ kind: 'changed', base: snapshots.before, key, ...byRetained }, 0, 1000);
    const between = await rows({ kind: 'objects', key, scope, ...byRetained }, 0, 1000);
    expect(between.rows).toEqual(changed.rows);
  });

  test('a base that is none leaves the snapshot as it is', async () => {
    const other = folder.file('other.heapsnapshot', '{"nodes":[]}');
    expect(await host.query(snapshots.after, 'compare', { base: other })).toMatchObject({ ok: false });
    expect((await classNamed('Basket')).count).toBe(baskets.after);
  });
});

describe('threads', () => {
  test('an idle one is ended, and the next question opens it again, with what it was compared with', async () => {
    const idle = heapHost(worker, { idleMs: 150 });
    try {
      await idle.open(snapshots.after);
      expect(idle.awake).toEqual([snapshots.after]);
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(idle.awake).toEqual([]);
      const list = { kind: 'comparison', base: snapshots.before, filter: 'Basket', sortBy: 'sizeDelta', isRising: false } as const;
      const again = await idle.query(snapshots.after, 'rows', { list, from: 0, to: 5 });
      expect(again).toMatchObject({ ok: true, value: { total: 1 } });
    } finally {
      idle.dispose();
    }
  });

  test('a few are held at a time', async () => {
    const small = heapHost(worker, { maxAwake: 2 });
    try {
      const files = ['a', 'b', 'c'].map((name) => {
        const file = path.join(folder.path, `${name}.heapsnapshot`);
        writeManyObjects(file, 10);
        return file;
      });
      for (const file of files) expect(await small.open(file)).toMatchObject({ ok: true, value: { nodes: 13 } });
      expect(small.awake).toEqual(files.slice(1));
      expect(await small.query(files[0] as string, 'find', { id: 7 })).toEqual({ ok: true, value: { node: 3 } });
    } finally {
      small.dispose();
    }
  });

  test('a file that has changed is read again', async () => {
    const file = path.join(folder.path, 'changing.heapsnapshot');
    writeManyObjects(file, 10);
    expect(await host.open(file)).toMatchObject({ ok: true, value: { nodes: 13 } });
    writeManyObjects(file, 20);
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    expect(await host.open(file)).toMatchObject({ ok: true, value: { nodes: 23 } });
    host.close(file);
    expect(host.awake).not.toContain(file);
  });

  test('opening can be cancelled, and comparing', async () => {
    const file = path.join(folder.path, 'large.heapsnapshot');
    writeManyObjects(file, 400_000);
    const abort = new AbortController();
    const opening = host.open(file, { signal: abort.signal, onProgress: () => abort.abort() });
    expect(await opening).toEqual({ ok: false, error: { kind: 'cancelled' } });
    expect(host.awake).not.toContain(file);
    const second = new AbortController();
    const comparing = host.query(snapshots.after, 'compare', { base: file }, { signal: second.signal, onProgress: () => second.abort() });
    expect(await comparing).toEqual({ ok: false, error: { kind: 'cancelled' } });
    expect((await classNamed('Basket')).count).toBe(baskets.after);
  });

  test('a class of 400,000 objects is paged', async () => {
    const file = path.join(folder.path, 'large.heapsnapshot');
    const list = { kind: 'classes', filter: 'Point', scope: all, ...byRetained } as const;
    const [points] = (await rows(list, 0, 1, file)).rows as readonly ClassRow[];
    expect(points).toMatchObject({ name: 'Point', count: 400_000 });
    const page = await rows({ kind: 'objects', key: points?.key ?? '', scope: all, ...byRetained }, 399_990, 400_090, file);
    expect(page.total).toBe(400_000);
    expect(page.rows).toHaveLength(10);
    expect((page.rows as readonly ObjectRow[]).every(({ shallow }) => shallow === 16)).toBe(true);
    host.close(file);
  });
});

describe('what is no snapshot', () => {
  test.each([
    ['empty', '', 'empty-file'],
    ['a profile', '{"nodes":[],"startTime":1,"endTime":2}', 'not-a-heap-snapshot'],
    ['text', 'hello', 'not-json'],
  ])('%s', async (name, text, kind) => {
    const file = folder.file(`${name}.heapsnapshot`, text);
    expect(await host.open(file)).toMatchObject({ ok: false, error: { kind } });
    expect(host.awake).not.toContain(file);
  });
  test('a file that is not there', async () => {
    expect(await host.open(path.join(folder.path, 'gone.heapsnapshot'))).toMatchObject({ ok: false, error: { kind: 'unreadable', code: 'ENOENT' } });
  });
  test('one that is cut opens with what it has, and says so', async () => {
    const file = path.join(folder.path, 'cut.heapsnapshot');
    copyFileSync(snapshots.after, file);
    // In the middle of the edges, so that no object has a name.
    truncateSync(file, readFileSync(file, 'latin1').indexOf('"edges":[') + 200_000);
    const opened = await host.open(file);
    expect(opened.ok && opened.value.warnings.join(' ')).toMatch(/ends early, at byte/);
    expect((await rows({ kind: 'classes', filter: '', scope: all, ...byRetained }, 0, 10, file)).total).toBeGreaterThan(0);
    host.close(file);
  });
  test('a script table that is none does no harm', async () => {
    const file = path.join(folder.path, 'plain.heapsnapshot');
    writeManyObjects(file, 5);
    writeFileSync(path.join(folder.path, 'plain.scripts.json'), '[{"scriptId":"x"},null,3');
    expect(await host.open(file)).toMatchObject({ ok: true, value: { hasScripts: false } });
    writeFileSync(path.join(folder.path, 'plain.scripts.json'), '[{"scriptId":"x"},null,{"scriptId":3,"url":"file:///a.js"}]');
    host.close(file);
    expect(await host.open(file)).toMatchObject({ ok: true, value: { hasScripts: true } });
    host.close(file);
  });
  test('a script table too large to be one is not read, which is told', async () => {
    const file = path.join(folder.path, 'large.heapsnapshot');
    writeManyObjects(file, 5);
    const table = path.join(folder.path, 'large.scripts.json');
    writeFileSync(table, '[{"scriptId":3,"url":"file:///a.js"}]');
    truncateSync(table, (64 << 20) + 1); // sparse: takes no room
    const opened = await host.open(file);
    expect(opened).toMatchObject({ ok: true, value: { hasScripts: false } });
    expect(opened.ok && opened.value.warnings.join(' ')).toContain('large.scripts.json was not read');
    host.close(file);
    expect(scriptPlaces(table, [])).toMatchObject({ isEmpty: true, tooLarge: { file: table } });
  });
});
