// Pictures of a heap snapshot's views: of the TypeScript compiler holding a program, and a cache that grows. Then those of a leak hunt.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';
import { takeHuntSet } from './shots-hunt.mjs';
import { exampleWorkspace, openWorkbench } from './workbench.mjs';

const program = `const ts = require(${JSON.stringify(path.join(root, 'node_modules', 'typescript'))});
const { Session } = require('node:inspector');
const { writeFileSync } = require('node:fs');
const { writeHeapSnapshot } = require('node:v8');
class Invoice {
  constructor(id) { this.id = id; this.lines = [{ article: 'a-' + id, count: id % 9 }]; this.note = 'thank you for your order number ' + (id % 40); }
}
class InvoiceCache {
  constructor() { this.byId = new Map(); }
  keep(invoice) { this.byId.set('invoice-' + invoice.id, invoice); }
}
const cache = new InvoiceCache();
const onPaid = (invoice) => function markAsPaid() { return invoice.id; };
globalThis.office = { cache, listeners: [], pictures: [new Uint8Array(900_000)] };
const text = ts.sys.readFile(${JSON.stringify(path.join(root, 'node_modules', '@types', 'vscode', 'index.d.ts'))});
office.source = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest, true);
const session = new Session();
session.connect();
const scripts = [];
session.on('Debugger.scriptParsed', ({ params: { scriptId, url, sourceMapURL } }) => scripts.push({ scriptId: Number(scriptId), url, sourceMapUrl: sourceMapURL }));
session.post('Debugger.enable');
for (const [name, count] of [['before', 4000], ['after', 3000]]) {
  for (let i = 0; i < count; i++) cache.keep(new Invoice(cache.byId.size));
  office.listeners.push(onPaid(cache.byId.get('invoice-7')));
  writeHeapSnapshot(name + '.heapsnapshot');
  writeFileSync(name + '.scripts.json', JSON.stringify(scripts));
}`;

/** Taken once; copied into every workspace. */
function snapshots(folder) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path.join(folder, 'after.scripts.json'))) {
    writeFileSync(path.join(folder, 'office.cjs'), program);
    const { status, stderr } = spawnSync(process.execPath, ['office.cjs'], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
  return folder;
}

/** The views of a snapshot, and the panel of a hunt. */
export async function takeHeapSet(set) {
  await takeSnapshotSet(set);
  await takeHuntSet(set);
}

async function takeSnapshotSet({ browser, vscode, out, name, settings }) {
  const workspace = exampleWorkspace(settings);
  cpSync(snapshots(path.join(root, 'out', 'heap-shots')), workspace.folder, { recursive: true });
  const bench = await openWorkbench(browser, vscode.url(workspace.folder), { width: 1400, height: 900 });
  const { page } = bench;
  const shot = (view) => bench.shot(path.join(out, `${name}-heap-${view}.png`));
  const see = async (key, view, wait = 700) => {
    await page.keyboard.press(key);
    await page.waitForTimeout(wait);
    await shot(view);
  };
  try {
    await bench.openFile('after.heapsnapshot');
    const frame = await bench.flameGraph('.stage .table-body .row');
    await page.keyboard.press('Control+b');
    await frame.locator('.stage .table-body').focus();
    await page.waitForTimeout(600);
    await shot('classes');
    await page.keyboard.type('Invoice');
    await page.waitForTimeout(600);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(400);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(700);
    await shot('object');
    await see('4', 'retainers');
    await see('3', 'dominators', 1200);
    await frame.locator('.forms button', { hasText: 'Icicle' }).click();
    await page.waitForTimeout(1200);
    await shot('icicle');
    await see('5', 'statistics');
    await see('6', 'strings');
    await see('7', 'detached');
    await see('2', 'no-comparison');
    await bench.palette('Plateau: Compare Heap Snapshots');
    await bench.quickInput.waitFor({ state: 'visible' });
    await page.waitForTimeout(500);
    await shot('choose');
    await bench.quickInput.fill('before');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(3500);
    await frame.locator('.stage .table-body').focus();
    await page.keyboard.press('Escape');
    await page.waitForTimeout(500);
    await shot('comparison');
    await see('?', 'keys', 300);
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await page.setViewportSize({ width: 560, height: 900 });
    await page.waitForTimeout(800);
    await shot('narrow');
    await page.setViewportSize({ width: 330, height: 800 });
    await page.waitForTimeout(800);
    await shot('narrowest');
    await see('5', 'narrowest-statistics');
    await see('2', 'narrowest-comparison');
  } catch (error) {
    await shot('failed');
    throw error;
  } finally {
    await bench.close();
    workspace.remove();
  }
}
