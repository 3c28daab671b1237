// Heap snapshots of gigabytes: makes one of many copies of a heap, opens it in every way, and checks the answers by arithmetic.
//   node scripts/heap-large.mjs SNAPSHOT [GIGABYTES]   2.3 by default; the file is made in the system's folder for such, and deleted
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root, say } from './setup.mjs';

/** By how much the ids of a copy are larger than those of the copy before. */
const ID_STEP = 2 ** 24;
const PAIR = / @(\d+)(?=\)(?: -> value \(| pair in WeakMap)| *\)$)/g;

/**
 * The same heap `copies` times under one root, in pieces. Names of a WeakMap's pairs hold
 * ids, so that each copy has its own of those.
 */
export function writeCopies(source, file, copies) {
  const one = JSON.parse(readFileSync(source, 'utf8'));
  const { node_fields: fields, edge_types: edgeTypes } = one.snapshot.meta;
  const width = fields.length;
  const idAt = fields.indexOf('id');
  const countAt = fields.indexOf('edge_count');
  const nodes = one.nodes.length / width;
  const rootEdges = one.nodes[countAt];
  const internal = edgeTypes[0].indexOf('internal');
  const isNumber = edgeTypes[0].map((type) => type === 'element' || type === 'hidden');
  const pairs = one.strings.flatMap((text, at) => (/^\d+ \/ part of key \(/.test(text) ? [at] : []));
  const pairRow = new Map(pairs.map((at, row) => [at, row]));
  const handle = openSync(file, 'w');
  let isFirst = true;
  const begin = (text) => {
    writeSync(handle, text);
    isFirst = true;
  };
  /** Numbers of a list, from one place to another, each as `map` has it. */
  const put = (list, from, to, map) => {
    for (let at = from; at < to; at += 300_000) {
      const part = list.slice(at, Math.min(to, at + 300_000));
      for (let i = 0; i < part.length; i++) part[i] = map(part[i], at + i);
      writeSync(handle, `${isFirst ? '' : ','}${part.join(',')}`);
      isFirst = false;
    }
  };
  const header = { ...one.snapshot, node_count: 1 + (nodes - 1) * copies, edge_count: (one.edges.length / 3) * copies };
  begin(`{"snapshot":${JSON.stringify(header)},\n"nodes":[`);
  put(one.nodes, 0, width, (value, i) => (i === countAt ? rootEdges * copies : value));
  for (let copy = 0; copy < copies; copy++) put(one.nodes, width, one.nodes.length, (value, i) => (i % width === idAt ? value + copy * ID_STEP : value));
  begin('],\n"edges":[');
  const edgeOf = (copy) => (value, i) => {
    if (i % 3 === 2) return value > 0 ? value + copy * (nodes - 1) * width : value;
    if (i % 3 === 0 || copy === 0 || isNumber[one.edges[i - 1]] || one.edges[i - 1] !== internal) return value;
    const row = pairRow.get(value);
    return row === undefined ? value : one.strings.length + (copy - 1) * pairs.length + row;
  };
  for (const [from, to] of [
    [0, rootEdges * 3],
    [rootEdges * 3, one.edges.length],
  ])
    for (let copy = 0; copy < copies; copy++) put(one.edges, from, to, edgeOf(copy));
  begin('],\n"trace_function_infos":[],\n"trace_tree":[],\n"samples":[],\n"locations":[');
  for (let copy = 0; copy < copies; copy++)
    put(one.locations, 0, one.locations.length, (value, i) => (i % 4 === 0 && value > 0 ? value + copy * (nodes - 1) * width : value));
  begin(`],\n"strings":[${one.strings.map((text) => JSON.stringify(text)).join(',')}`);
  for (let copy = 1; copy < copies; copy++)
    for (const at of pairs) writeSync(handle, `,${JSON.stringify(one.strings[at].replace(PAIR, (_, id) => ` @${Number(id) + copy * ID_STEP}`))}`);
  writeSync(handle, ']}');
  closeSync(handle);
}

/** What a command of ours says, with the most memory that it had and its processor seconds. */
function plateau(...args) {
  const output = path.join(os.tmpdir(), `plateau-large-${process.pid}.txt`);
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%M %U %S', '-o', output, process.execPath, 'dist/cli.cjs', 'heap', ...args, '--json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const [kilobytes, user, system] = readFileSync(output, 'utf8').trim().split(/\s+/).slice(-3).map(Number);
  rmSync(output);
  assert.equal(status, 0, stderr);
  say(
    `  heap ${args[0]}: ${((performance.now() - started) / 1000).toFixed(1)} s, ${(user + system).toFixed(1)} s of processor, ${Math.round(kilobytes / 1024)} MB`,
  );
  return JSON.parse(stdout);
}

async function heapHost(folder) {
  const outfile = path.join(folder, 'heap-host.mjs');
  await esbuild.build({
    entryPoints: [path.join(root, 'src/service/heap/heap-host.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const { heapHost: make } = await import(pathToFileURL(outfile).href);
  return make(path.join(root, 'dist/heap-worker.mjs'));
}

const rowText = ({ name, count, shallowSize, retainedSize }, times) => `${name}: ${count * times} ${shallowSize * times} ${retainedSize * times}`;

async function check(source, bytes) {
  const copies = Math.ceil(bytes / statSync(source).size);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau-large-'));
  const large = path.join(folder, 'large.heapsnapshot');
  try {
    say(`Making a snapshot of ${copies} copies…`);
    writeCopies(source, large, copies);
    say(`It has ${(statSync(large).size / 1e9).toFixed(2)} GB.`);
    const one = plateau('summary', source);
    const all = plateau('summary', large);
    assert.deepEqual(all.warnings, []);
    assert.equal(all.nodeCount, (one.nodeCount - 1) * copies + 1);
    const extra = one.totalSize - one.classes.reduce((sum, { shallowSize }) => sum + shallowSize, 0);
    assert.equal(all.totalSize, (one.totalSize - extra) * copies + extra);
    assert.deepEqual(all.classes.map((row) => rowText(row, 1)).sort(), one.classes.map((row) => rowText(row, copies)).sort());
    for (const part of ['code', 'strings', 'arrays', 'typedArrays', 'objects', 'system'])
      assert.equal(all.statistics[part], one.statistics[part] * copies, part);

    // An object of the last copy, through the host as the editor asks it.
    const host = await heapHost(folder);
    const started = performance.now();
    const told = [0];
    const opened = await host.open(large, { onProgress: (doing, share) => doing.kind === 'reading' && told.push(share) });
    assert.ok(opened.ok, JSON.stringify(opened));
    say(`  the editor's thread: open after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    assert.equal(opened.value.nodes, all.nodeCount);
    assert.ok(told.length > 20 && told.at(-1) > 0.9 && told.at(-1) <= 1);
    assert.ok(told.every((share, i) => i === 0 || share >= told[i - 1]));
    const ask = async (file, name, query) => {
      const answer = await host.query(file, name, query);
      assert.ok(answer.ok, JSON.stringify(answer));
      return answer.value;
    };
    const scope = { kind: 'all' };
    const small = await host.open(source);
    assert.ok(small.ok);
    assert.equal(opened.value.edges, small.value.edges * copies);
    for (const sortBy of ['retained', 'count']) {
      const list = { kind: 'classes', scope, filter: '', sortBy, isRising: false };
      const [ours, theirs] = [await ask(large, 'rows', { list, from: 0, to: 20 }), await ask(source, 'rows', { list, from: 0, to: 20 })];
      assert.equal(ours.total, theirs.total);
      for (const [at, row] of ours.rows.entries())
        assert.deepEqual(
          [row.count, row.shallow, row.retained],
          [theirs.rows[at].count, theirs.rows[at].shallow, theirs.rows[at].retained].map((n) => n * copies),
        );
    }
    const listed = await ask(source, 'rows', { list: { kind: 'classes', scope, filter: '', sortBy: 'count', isRising: false }, from: 0, to: 1 });
    const objects = { kind: 'objects', scope, key: listed.rows[0].key, sortBy: 'retained', isRising: false };
    const page = await ask(large, 'rows', { list: objects, from: listed.rows[0].count * copies - 5, to: listed.rows[0].count * copies });
    assert.equal(page.total, listed.rows[0].count * copies);
    assert.equal(page.rows.length, 5);
    const sample = (await ask(source, 'rows', { list: objects, from: 0, to: 1 })).rows[0];
    const id = sample.id + (copies - 1) * ID_STEP;
    const { node } = await ask(large, 'find', { id });
    assert.equal(node, (copies - 1) * (one.nodeCount - 1) + sample.node);
    const [field, theirs] = [await ask(large, 'object', { node, hasInternal: true }), await ask(source, 'object', { node: sample.node, hasInternal: true })];
    assert.equal(field.retained, theirs.retained);
    assert.equal(field.distance, theirs.distance);
    for (const kind of ['fields', 'retainers', 'dominated']) {
      const [a, b] = await Promise.all(
        [
          [large, node],
          [source, sample.node],
        ].map(([file, of]) => ask(file, 'rows', { list: { kind, node: of, hasInternal: true }, from: 0, to: 50 })),
      );
      assert.equal(a.total, b.total, kind);
      assert.deepEqual(
        a.rows.map(({ label, retained }) => `${label} ${retained}`).sort(),
        b.rows.map(({ label, retained }) => `${label} ${retained}`).sort(),
        kind,
      );
    }
    const top = await ask(large, 'rows', { list: { kind: 'dominated', node: 0 }, from: 0, to: copies });
    assert.equal(new Set(top.rows.map(({ retained }) => retained)).size, 1, 'the largest of each copy keep as much');
    assert.ok((await ask(large, 'icicle', { node: 0 })).slab.byteLength > 0);
    const strings = { list: { kind: 'strings', filter: '' }, from: 0, to: 1 };
    assert.equal((await ask(large, 'rows', strings)).rows[0].count % copies, 0);
    host.dispose();

    const ways = plateau('retainers', large, '--id', String(id));
    const known = plateau('retainers', source, '--id', String(sample.id));
    const stepsOf = ({ paths }, shift) =>
      paths.map((way) =>
        way.map((step) => `${step.edge} ${step.name} ${step.id > 1 ? step.id + shift : step.id} ${step.edgeType === 'element' && step.id === 1}`),
      );
    assert.deepEqual(
      stepsOf(ways, 0).map((way) => way.slice(0, -2)),
      stepsOf(known, (copies - 1) * ID_STEP).map((way) => way.slice(0, -2)),
    );
    say('All as the arithmetic says.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [source, gigabytes = '2.3'] = process.argv.slice(2);
  if (source === undefined) {
    console.error('Which snapshot? node scripts/heap-large.mjs SNAPSHOT [GIGABYTES]');
    process.exit(2);
  }
  await check(source, Number(gigabytes) * 1e9);
}
