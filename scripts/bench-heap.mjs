// Heap snapshots: whole processes against JSON.parse, VS Code's parser and DevTools' worker; memory; 1.5 GB.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeCopies } from './heap-large.mjs';
import { buildOracle } from './heap-oracle.mjs';
import { ensureVsCode, root, say } from './setup.mjs';

const megabytes = (file) => Math.round(statSync(file).size / 1e6);

/** A snapshot of a process that holds TypeScript's trees of its own largest files, `copies` times; taken by Node.js 24. */
function treesSnapshot(inputs, name, copies, ...more) {
  const [file, before] = [name, ...more].map((one) => path.join(inputs, `${one}.heapsnapshot`));
  if (existsSync(file) && (!before || existsSync(before))) return [file, before];
  say(`Taking ${name}…`);
  const program = `
    const ts = require(${JSON.stringify(path.join(root, 'node_modules/typescript'))}), fs = require('fs'), path = require('path'), v8 = require('v8');
    const lib = path.dirname(require.resolve(${JSON.stringify(path.join(root, 'node_modules/typescript'))}));
    const files = ['typescript.d.ts', 'lib.dom.d.ts', 'lib.es5.d.ts'].map((name) => path.join(lib, name));
    globalThis.held = [];
    const hold = (copies) => { for (let i = 0; i < copies * files.length; i++) held.push(ts.createSourceFile(files[i % files.length], fs.readFileSync(files[i % files.length], 'utf8'), 99, true)); };
    ${before ? `hold(${copies - 1}); v8.writeHeapSnapshot(${JSON.stringify(before)}); hold(1);` : `hold(${copies});`}
    v8.writeHeapSnapshot(${JSON.stringify(`${file}.part`)});`;
  const { status, stderr } = spawnSync(ensureVsCode().node, ['-e', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  renameSync(`${file}.part`, file);
  return [file, before];
}

/** The same heap many times over under one root: a snapshot of the wanted size, in pieces. */
function largeSnapshot(inputs, source, name, bytes) {
  const file = path.join(inputs, `${name}.heapsnapshot`);
  if (existsSync(file)) return file;
  say(`Making ${name}…`);
  writeCopies(source, `${file}.part`, Math.ceil(bytes / statSync(source).size));
  renameSync(`${file}.part`, file);
  return file;
}

export async function runHeapBench(inputs, { measure, compare, median }) {
  const rows = [];
  const [large, medium] = treesSnapshot(inputs, 'trees-4', 4, 'trees-3');
  const parser = path.join(inputs, 'parse.cjs');
  writeFileSync(parser, "JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));\n");
  const plateau = (...args) => measure(['dist/cli.cjs', 'heap', ...args, '--json', '--top', '20']);
  const name = `heap summary of a ${megabytes(large)} MB snapshot, whole process`;
  await compare(
    name,
    'a process that reads and JSON.parses it',
    () => plateau('summary', large),
    () => measure([parser, large]),
    { runs: 7 },
  );

  // VS Code's own viewer: parse, and the classes with their retained sizes.
  const rival = path.join(inputs, 'v8-heap-parser.cjs');
  writeFileSync(
    rival,
    `const { decode_bytes, init_panic_hook } = require(${JSON.stringify(path.join(root, 'node_modules/@vscode/v8-heap-parser'))});
const graph = decode_bytes(require('node:fs').readFileSync(process.argv[2])); graph.get_class_groups(0, 1000, false);\n`,
  );
  await compare(
    name,
    '@vscode/v8-heap-parser',
    () => plateau('summary', large),
    () => measure([rival, large]),
    { runs: 3 },
  );

  const devtools = path.join(inputs, 'devtools.mjs');
  const oracle = pathToFileURL(await buildOracle()).href;
  writeFileSync(devtools, `const { load, summary } = await import(${JSON.stringify(oracle)}); summary(await load(process.argv[2])); process.exit(0);\n`);
  await compare(
    name,
    "DevTools' heap worker, in one thread of Node.js",
    () => plateau('summary', large),
    () => measure([devtools, large]),
    { runs: 3 },
  );

  await compare(
    `heap diff of ${megabytes(medium)} and ${megabytes(large)} MB, whole process`,
    'a process that reads and JSON.parses the larger one',
    () => plateau('diff', medium, large),
    () => measure([parser, large]),
    { runs: 5 },
  );

  // The editor's thread reads with a second one; where that one's bundle is missing, it reads alone.
  const alone = path.join(inputs, 'one-core');
  mkdirSync(alone, { recursive: true });
  copyFileSync(path.join(root, 'dist', 'heap-worker.mjs'), path.join(alone, 'heap-worker.mjs'));
  const opener = path.join(inputs, 'open-heap.mjs');
  writeFileSync(
    opener,
    `import { Worker } from 'node:worker_threads';
const [worker, file] = process.argv.slice(2);
const thread = new Worker(worker, { workerData: { file, stop: new Int32Array(new SharedArrayBuffer(4)) } });
thread.on('message', ({ kind }) => (kind === 'opened' || kind === 'failed') && process.exit(kind === 'opened' ? 0 : 1));\n`,
  );
  await compare(
    `opening a ${megabytes(large)} MB snapshot in the editor's thread`,
    'the same with one thread',
    () => measure([opener, path.join(root, 'dist', 'heap-worker.mjs'), large]),
    () => measure([opener, path.join(alone, 'heap-worker.mjs'), large]),
    { runs: 7 },
  );

  const huge = largeSnapshot(inputs, large, 'trees-1500mb', 1.5e9);
  const { ms, mb } = await plateau('summary', huge);
  const { status, stderr } = spawnSync(process.execPath, [parser, huge], { encoding: 'utf8' });
  rows.push({
    name: `heap summary of a ${megabytes(huge)} MB snapshot, whole process`,
    yardstick: `JSON.parse: ${status === 0 ? 'works too' : (/^Error: (.*)$/m.exec(stderr)?.[1] ?? 'fails')}`,
    ms: median([ms]),
    mb,
  });
  rmSync(rival, { force: true });
  return rows;
}
