import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { snapshotMeta } from './heap';

/** What `takeSnapshots` runs: it keeps baskets in a Map, and a function that keeps one of them. */
const program = `const { Session } = require('node:inspector');
const { writeFileSync } = require('node:fs');
const { writeHeapSnapshot } = require('node:v8');

class Basket {
  constructor(id) {
    this.id = id;
    this.items = [{ article: id }, { article: id + 1 }];
    this.note = \`a note of some length about basket \${id % 7}, the same for many\`;
  }
}
const baskets = new Map();
function open(count) {
  for (let left = count; left > 0; left--) baskets.set(\`basket-\${baskets.size}\`, new Basket(baskets.size));
}
function watch(basket) {
  return function onExpire() {
    return basket.id;
  };
}
globalThis.shop = { baskets, watchers: [] };

const session = new Session();
session.connect();
const scripts = [];
session.on('Debugger.scriptParsed', ({ params: { scriptId, url, sourceMapURL } }) => scripts.push({ scriptId: Number(scriptId), url, sourceMapUrl: sourceMapURL }));
session.post('Debugger.enable');
open(400);
shop.watchers.push(watch(baskets.get('basket-3')));
writeHeapSnapshot('before.heapsnapshot');
open(150);
for (let id = 0; id < 20; id++) baskets.delete(\`basket-\${id + 100}\`);
writeHeapSnapshot('after.heapsnapshot');
for (const name of ['before', 'after']) writeFileSync(name + '.scripts.json', JSON.stringify(scripts));
`;
/** Baskets in the two snapshots, and between them. */
export const baskets = { before: 400, after: 530, added: 150, removed: 20 };

export interface Snapshots {
  readonly before: string;
  readonly after: string;
  readonly program: string;
  /** 1-based lines in the program. */
  readonly lines: { readonly basket: number; readonly onExpire: number };
}

/** Two snapshots of one small process, with the script table beside each, in a folder. */
export function takeSnapshots(folder: string): Snapshots {
  const file = path.join(folder, 'shop.cjs');
  writeFileSync(file, program);
  const { status, stderr } = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const lineOf = (text: string): number => program.split('\n').findIndex((line) => line.includes(text)) + 1;
  return {
    before: path.join(folder, 'before.heapsnapshot'),
    after: path.join(folder, 'after.heapsnapshot'),
    program: file,
    lines: { basket: lineOf('class Basket'), onExpire: lineOf('function onExpire') },
  };
}

/** A snapshot with one class of so many objects, all kept by one array; `Point` number n has id 2n + 7 and takes 16 + n % 50 bytes. */
export function writeManyObjects(file: string, count: number): void {
  const handle = openSync(file, 'w');
  const write = (text: string): void => void writeSync(handle, text);
  write(`{"snapshot":{"meta":${JSON.stringify(snapshotMeta)},"node_count":${count + 3},"edge_count":${count + 2},"trace_function_count":0},\n"nodes":[`);
  // The root, a global object, its array.
  write(`9,0,1,0,1,0\n,3,1,3,24,1,0\n,3,2,5,${count * 8},${count},0\n`);
  for (let from = 0; from < count; from += 10_000) {
    let part = '';
    for (let n = from; n < Math.min(count, from + 10_000); n++) part += `,3,3,${2 * n + 7},${16 + (n % 50)},0,0\n`;
    write(part);
  }
  write('],\n"edges":[5,0,6\n,2,4,12\n');
  for (let from = 0; from < count; from += 10_000) {
    let part = '';
    for (let n = from; n < Math.min(count, from + 10_000); n++) part += `,1,${n},${(n + 3) * 6}\n`;
    write(part);
  }
  write(`],\n"trace_function_infos":[],\n"trace_tree":[],\n"samples":[],\n"locations":[],\n"strings":["","global","Array","Point","points"]}`);
  closeSync(handle);
}
