import { createHash } from 'node:crypto';
import { closeSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeapGraph } from '../../src/core/heap/graph/heap-graph';
import { compareHeaps } from '../../src/service/heap/heap-compare';
import { readHeapSnapshot } from '../../src/service/heap/heap-read';
import { startTail } from '../../src/service/heap/heap-tail';
import { realSnapshot } from '../support/heap';
import { root } from '../support/run';

const threadFile = path.join(root, 'dist', 'heap-thread.mjs');
/** Large enough for two threads. */
let real: ReturnType<typeof realSnapshot>;
beforeAll(() => {
  real = realSnapshot(`globalThis.kept = []; const add = (n) => { for (let i = 0; i < n; i++) kept.push({ i, next: kept[i >> 1], name: ['n' + (i % 1000)] }); };
    add(1000); require('v8').writeHeapSnapshot(process.env.BEFORE); add(180_000);`);
});
afterAll(() => rmSync(path.dirname(real.file), { recursive: true, force: true }));

async function graphOf(file: string, thread?: string): Promise<HeapGraph> {
  const read = await readHeapSnapshot(file, { threadFile: thread });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  expect(read.value.warnings).toEqual([]);
  return read.value.graph;
}

/** Hashes: to compare millions of numbers one by one takes a minute. */
function columns({ nodes, edges, locations }: HeapGraph): string[] {
  const all = [
    nodes.type,
    nodes.name,
    nodes.id,
    nodes.selfSize,
    nodes.detachedness,
    edges.first,
    edges.type,
    edges.nameOrIndex,
    edges.to,
    locations.node,
    locations.line,
  ];
  return all.map((column) => `${column.length} ${createHash('sha256').update(column).digest('hex')}`);
}

test('two threads read what one reads', async () => {
  const alone = await graphOf(real.file);
  const together = await graphOf(real.file, threadFile);
  expect(columns(together)).toEqual(columns(alone));
  expect(together.fileBytes).toBe(statSync(real.file).size);
  expect(together.fileBytes).toBe(alone.fileBytes);
  for (const index of [0, 1, alone.strings.length - 1]) expect(together.strings.at(index)).toBe(alone.strings.at(index));
});

test('the second thread reads the edges from the middle to their end', () => {
  const handle = openSync(real.file, 'r');
  const tail = startTail(threadFile, real.file, handle, statSync(real.file).size);
  try {
    const text = Buffer.from(real.bytes).toString('latin1');
    const end = tail?.end() ?? -1;
    expect(text.slice(end, end + 2)).toMatch(/^\]/);
    const list = text.slice((tail?.start ?? 0) + 1, end).split(',');
    expect(tail?.numbers().length).toBe(list.length);
    expect([tail?.numbers()[0], tail?.numbers().at(-1)]).toEqual([Number(list[0]), Number(list.at(-1))]);
    expect(end).toBeGreaterThan(text.indexOf('"edges"'));
  } finally {
    tail?.stop();
    closeSync(handle);
  }
});

test('a damaged snapshot is read alone, with places that are right', async () => {
  const file = `${real.file}.cut`;
  const length = Math.floor(real.bytes.length * 0.9);
  writeFileSync(file, real.bytes.subarray(0, length));
  const read = await readHeapSnapshot(file, { threadFile });
  expect(read).toMatchObject({ ok: true, value: { warnings: [{ kind: 'truncated', offset: length }] } });
});

test('a comparison in two threads is that in one, also when one of them fails', async () => {
  const before = `${real.file}.before`;
  const alone = await compareHeaps(before, real.file);
  const together = await compareHeaps(before, real.file, { threadFile });
  expect(together).toEqual(alone);
  expect(alone.ok && alone.value.rows.find(({ name }) => name === '{next, name}')?.added).toBeGreaterThan(179_000);
  expect(await compareHeaps(`${before}.none`, real.file, { threadFile })).toMatchObject({
    ok: false,
    error: { file: `${before}.none`, issue: { kind: 'unreadable' } },
  });
  expect(await compareHeaps(before, `${before}.none`, { threadFile })).toMatchObject({
    ok: false,
    error: { file: `${before}.none`, issue: { kind: 'unreadable' } },
  });
  const controller = new AbortController();
  controller.abort();
  expect(await compareHeaps(before, real.file, { threadFile, signal: controller.signal })).toMatchObject({
    ok: false,
    error: { issue: { kind: 'cancelled' } },
  });
});
