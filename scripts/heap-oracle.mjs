// Chrome DevTools' own heap worker, in Node.js, as the measure of ours.
//   node scripts/heap-oracle.mjs tables CURRENT [BASE]   its numbers as JSON
//   node scripts/heap-oracle.mjs check CURRENT [BASE]    compares them with ours, every class and every column
// DevTools comes from npm into the cache, for development alone; nothing of it is in Plateau.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { cacheFolder, root, run, say } from './setup.mjs';

const DEVTOOLS = '1.0.1705227';

/** Bundles DevTools' worker; gives the module's path. */
export async function buildOracle() {
  const folder = path.join(cacheFolder(), `oracle-${DEVTOOLS}`);
  const worker = path.join(folder, 'package', 'front_end', 'entrypoints', 'heap_snapshot_worker');
  const outfile = path.join(folder, 'oracle.mjs');
  if (!existsSync(worker)) {
    say(`Getting chrome-devtools-frontend ${DEVTOOLS} (20 MB, once)…`);
    mkdirSync(folder, { recursive: true });
    run('npm', ['pack', `chrome-devtools-frontend@${DEVTOOLS}`, '--silent'], { cwd: folder });
    run('tar', ['xzf', `chrome-devtools-frontend-${DEVTOOLS}.tgz`], { cwd: folder });
  }
  // What the user interface's strings need is not in the package, and not asked for here.
  const noStrings = {
    name: 'no-strings',
    setup(build) {
      build.onResolve({ filter: /\/i18n\.js$/ }, () => ({ path: 'i18n', namespace: 'none' }));
      build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({
        contents: 'const any = new Proxy(() => any, { get: () => any, apply: () => any }); export const i18n = any; export default any;',
      }));
    },
  };
  const entry = path.join(folder, 'oracle.ts');
  writeFileSync(entry, oracle(worker));
  await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    plugins: [noStrings],
    logLevel: 'error',
    tsconfigRaw: '{}',
  });
  return outfile;
}

const oracle = (worker) => `
import fs from 'node:fs';
(Promise as any).withResolvers ??= () => { let resolve, reject; const promise = new Promise((a, b) => { resolve = a; reject = b; }); return { promise, resolve, reject }; };
import { HeapSnapshotLoader } from ${JSON.stringify(`${worker}/HeapSnapshotLoader.ts`)};
import { SecondaryInitManager } from ${JSON.stringify(`${worker}/HeapSnapshot.ts`)};
console.warn = () => {};
export async function load(file) {
  const loader = new HeapSnapshotLoader({ sendEvent() {} });
  const handle = fs.openSync(file, 'r');
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4 << 20);
  for (let count; (count = fs.readSync(handle, buffer)) > 0;) { loader.write(decoder.decode(buffer.subarray(0, count), { stream: true })); await null; }
  fs.closeSync(handle);
  loader.close();
  const { port1, port2 } = new MessageChannel();
  new SecondaryInitManager(port2);
  const snapshot = await loader.buildSnapshot(port1);
  port1.close();
  return snapshot;
}
const byKey = (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
export const summary = (snapshot) => Object.entries(snapshot.aggregatesWithFilter({}))
  .map(([key, { name, count, self, maxRet, distance }]) => ({ key, name, count, shallowSize: self, retainedSize: maxRet, distance })).sort(byKey);
export const diff = (base, current) => Object.entries(current.calculateSnapshotDiff(1, base.aggregatesForDiff(current.interfaceDefinitions())))
  .map(([key, row]) => ({ key, name: row.name, added: row.addedCount, removed: row.removedCount, delta: row.countDelta, addedSize: row.addedSize, removedSize: row.removedSize, sizeDelta: row.sizeDelta, addedIds: row.addedIds, removedIds: row.deletedIds })).sort(byKey);
export function statistics(snapshot) {
  const { total, native, v8heap } = snapshot.getStatistics();
  const { code, jsArrays, strings, system } = v8heap;
  return { total, code, strings, arrays: jsArrays, typedArrays: native.typedArrays, objects: v8heap.total - code - jsArrays - strings - system, system, native: native.total - native.typedArrays };
}
export const nodes = (snapshot) => Array.from({ length: snapshot.nodeCount }, (_, n) => {
  const node = snapshot.createNode(n * snapshot.nodeFieldCount);
  return { id: node.id(), name: node.name(), shallow: node.selfSize(), retained: node.retainedSize(), distance: node.distance(), detachedness: node.detachedness(), dominator: snapshot.dominatorsTree[n] };
});
// Classes that DevTools counts by a string's place in its table, and then loses: two places with one text.
export function colliding(snapshot) {
  const keys = new Map();
  for (let n = 0; n < snapshot.nodeCount; n++) {
    const node = snapshot.createNode(n * snapshot.nodeFieldCount);
    if (!node.selfSize()) continue;
    const key = node.classKeyInternal();
    const shown = typeof key === 'number' ? ',' + snapshot.strings[key] : key;
    if (!keys.has(shown)) keys.set(shown, new Set());
    keys.get(shown).add(key);
  }
  return [...keys].filter(([, places]) => places.size > 1).map(([key]) => key);
}
export const duplicates = (snapshot) => snapshot.getDuplicateStrings().map(({ value, count, totalSelfSize, totalRetainedSize }) => ({ value, count, shallowSize: totalSelfSize, retainedSize: totalRetainedSize }));
`;

/** DevTools' tables of a snapshot, and of what changed since a base. */
export async function oracleTables(currentFile, baseFile) {
  const theirs = await import(pathToFileURL(await buildOracle()).href);
  const current = await theirs.load(currentFile);
  const tables = { summary: theirs.summary(current), statistics: theirs.statistics(current), duplicates: theirs.duplicates(current) };
  const colliding = new Set(theirs.colliding(current));
  if (baseFile) {
    const base = await theirs.load(baseFile);
    tables.diff = theirs.diff(base, current);
    for (const key of theirs.colliding(base)) colliding.add(key);
  }
  return { tables, colliding, nodes: () => theirs.nodes(current) };
}

/** Ours, from the sources. */
async function ourTables(currentFile, baseFile) {
  const outfile = path.join(cacheFolder(), 'heap-ours.mjs');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/support/heap-tables.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const ours = await import(pathToFileURL(outfile).href);
  return ours.heapTables(currentFile, baseFile);
}

async function check(currentFile, baseFile) {
  const theirs = await oracleTables(currentFile, baseFile);
  const ours = await ourTables(currentFile, baseFile);
  let differences = 0;
  const differ = (what, a, b) => {
    if (JSON.stringify(a) === JSON.stringify(b)) return;
    if (differences++ < 20) console.log(`${what}\n  DevTools ${JSON.stringify(a)}\n  Plateau  ${JSON.stringify(b)}`);
  };
  for (const table of Object.keys(theirs.tables)) {
    if (table === 'statistics') {
      differ(table, theirs.tables[table], ours.tables[table]);
      continue;
    }
    const key = (row) => row.key ?? JSON.stringify(row.value);
    const rows = new Map(ours.tables[table].map((row) => [key(row), row]));
    for (const row of theirs.tables[table]) {
      if (!theirs.colliding.has(key(row))) differ(`${table} ${key(row)}`, row, rows.get(key(row)));
      rows.delete(key(row));
    }
    for (const [name, row] of rows) if (!theirs.colliding.has(name)) differ(`${table} ${name}`, undefined, row);
    console.log(`${table}: ${theirs.tables[table].length} rows compared`);
  }
  if (theirs.colliding.size > 0) console.log(`Classes that DevTools loses objects of, because their keys collide: ${[...theirs.colliding].join(' ')}`);
  const nodes = theirs.nodes();
  for (const [n, node] of nodes.entries()) differ(`node ${n}`, node, ours.node(n));
  console.log(`${nodes.length} nodes compared; ${differences} differences`);
  return differences === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command, current, base] = process.argv.slice(2);
  if (command === 'check' && current) process.exitCode = (await check(current, base)) ? 0 : 1;
  else if (command === 'tables' && current) console.log(JSON.stringify((await oracleTables(current, base)).tables));
  else {
    console.error('node scripts/heap-oracle.mjs check|tables CURRENT [BASE]');
    process.exitCode = 2;
  }
}
