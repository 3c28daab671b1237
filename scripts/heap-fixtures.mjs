// Makes test/fixtures/heap anew: pairs of small snapshots of Node.js 20 and 24 and of Chromium
// with detached elements, and what DevTools' own worker says of them (heap-oracle.mjs).
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { chromium } from 'playwright-core';
import { oracleTables } from './heap-oracle.mjs';
import { ensureBrowser, ensureVsCode, root, say } from './setup.mjs';

const folder = path.join(root, 'test', 'fixtures', 'heap');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'plateau-heap-'));
mkdirSync(folder, { recursive: true });

/** Shapes, weak maps, buffers, strings of parts, classes whose keys collide in DevTools. */
const program = `
class Session { constructor(i) { this.user = { id: i, name: 'user' + i }; this.data = new Map([[{ k: i }, { v: [i, i + 1] }]]); } }
globalThis.cache = new Map(); globalThis.weak = new WeakMap(); globalThis.keys = []; globalThis.shapes = [];
const add = (n) => { for (let i = 0; i < n; i++) { const key = { weakKey: i }; cache.set('s' + cache.size, new Session(i)); keys.push(key); weak.set(key, new Session(-i)); } };
add(20);
for (let i = 0; i < 60; i++) shapes.push(i % 2 ? { a: 1, b: i } : { b: 2, a: i, 'odd, "name"': 'x' });
globalThis.likeFunction = Object.create(Function.prototype); globalThis.likeRegExp = Object.create(RegExp.prototype);
globalThis.text = 'abc'.repeat(20) + Math.random(); globalThis.joined = text + 'def'.repeat(9); globalThis.twins = ['x'.repeat(30) + keys.length, 'x'.repeat(30) + keys.length];
globalThis.bytes = new Uint8Array(5000);`;
const change = `add(7); cache.delete('s3'); for (let i = 0; i < 40; i++) shapes.push({ zeta: i, eta: { a: 1 } }); shapes.splice(0, 11); keys.splice(2, 3); globalThis.bytes = new Uint8Array(70);`;

function nodePair(name, executable) {
  // From a folder that is nobody's: modules are looked for beside it.
  const node = path.join(scratch, 'node');
  copyFileSync(executable, node);
  const [base, current] = ['base', 'current'].map((which) => path.join(scratch, `${name}-${which}.heapsnapshot`));
  const take = (file) => `require('v8').writeHeapSnapshot(${JSON.stringify(file)});`;
  const { status, stderr } = spawnSync(node, ['-e', `${program}\n${take(base)}\n${change}\n${take(current)}`], {
    encoding: 'utf8',
    cwd: scratch,
    env: { HOME: '/home/me' },
  });
  if (status !== 0) throw new Error(stderr);
  // A snapshot holds what the program knows of the machine it ran on.
  for (const file of [base, current]) {
    const text = readFileSync(file, 'utf8').replaceAll(scratch, '/tmp');
    if (text.includes(os.homedir())) throw new Error(`${file} names this machine`);
    writeFileSync(file, text);
  }
  return { name, base, current };
}

async function chromiumPair(name) {
  const [base, current] = ['base', 'current'].map((which) => path.join(scratch, `${name}-${which}.heapsnapshot`));
  const browser = await chromium.launch({ executablePath: ensureBrowser(), headless: true, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    const take = async (file) => {
      const chunks = [];
      const collect = ({ chunk }) => chunks.push(chunk);
      session.on('HeapProfiler.addHeapSnapshotChunk', collect);
      await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
      session.off('HeapProfiler.addHeapSnapshotChunk', collect);
      writeFileSync(file, chunks.join(''));
    };
    await session.send('HeapProfiler.enable');
    await session.send('Runtime.evaluate', {
      expression: `${program.replaceAll('globalThis.', 'window.')}
      window.kept = []; window.detach = (n) => { for (let i = 0; i < n; i++) { const one = document.createElement('div'); one.id = 'd' + i; one.innerHTML = '<span class="c">text</span><p>more</p>'; document.body.append(one); if (i % 2) { one.remove(); kept.push(one.firstChild); } } };
      detach(10); document.body.addEventListener('click', () => kept.length);`,
    });
    await take(base);
    await session.send('Runtime.evaluate', {
      expression: `${change.replaceAll('globalThis.', 'window.')} detach(6); document.body.firstElementChild?.remove();`,
    });
    await take(current);
  } finally {
    await browser.close();
  }
  return { name, base, current };
}

const pairs = [nodePair('node-20', process.execPath), nodePair('node-24', ensureVsCode().node), await chromiumPair('chromium')];
for (const { name, base, current } of pairs) {
  const { tables, colliding } = await oracleTables(current, base);
  // What counts is added and removed; ids of thousands would be half of the file.
  for (const row of tables.diff) {
    row.addedIds = row.addedIds.slice(0, 3);
    row.removedIds = row.removedIds.slice(0, 3);
  }
  tables.duplicates = tables.duplicates.map(({ value, ...row }) => ({ value: value.slice(0, 60), ...row }));
  const pack = (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } });
  // Both in one: the second is the first again, for the most part.
  writeFileSync(path.join(folder, `${name}.heapsnapshots.br`), pack(Buffer.concat([readFileSync(base), Buffer.from([0]), readFileSync(current)])));
  writeFileSync(path.join(folder, `${name}.devtools.json.br`), pack(JSON.stringify({ ...tables, colliding: [...colliding] })));
  say(`${name}: ${tables.summary.length} classes, ${tables.diff.length} changed`);
}
rmSync(scratch, { recursive: true, force: true });
