// Pictures of a recording of several threads: the picker, all of them as one, and the lanes of the timeline.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';
import { exampleWorkspace, openWorkbench } from './workbench.mjs';

const files = {
  'resize.mjs': `import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
for (const ms of [1200, 800, 500]) new Worker(new URL('./encode.mjs', import.meta.url), { workerData: ms });
fork(new URL('./index-tiles.mjs', import.meta.url));
`,
  'encode.mjs': `import { workerData } from 'node:worker_threads';
const quantize = (n) => Math.round(Math.sqrt(n) * 64) / 64;
function encodeRow(n) {
  let sum = 0;
  for (let i = 0; i < 4000; i++) sum += quantize(i * n) + Math.cbrt(i);
  return sum;
}
function encodeTile(ms) {
  let sum = 0;
  for (const end = performance.now() + ms; performance.now() < end; ) sum += encodeRow(sum % 7);
  return sum;
}
encodeTile(workerData);
setTimeout(() => encodeTile(workerData / 3), 300);
`,
  'index-tiles.mjs': `function indexTiles() {
  const tiles = [];
  for (const end = performance.now() + 350; performance.now() < end; ) tiles.push(String(Math.cbrt(tiles.length)));
  return tiles.length;
}
indexTiles();
`,
};

export async function takeThreadSet({ browser, vscode, out, name, settings }) {
  const workspace = exampleWorkspace(settings);
  const profiles = path.join(workspace.folder, '.plateau', 'profiles');
  mkdirSync(profiles, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(workspace.folder, file), text);
  const command = [path.join(root, 'dist', 'cli.cjs'), 'record', '--out', path.join(profiles, 'resize.cpuprofile'), '--', process.execPath, 'resize.mjs'];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: workspace.folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const bench = await openWorkbench(browser, vscode.url(workspace.folder), { width: 1400, height: 900 });
  const { page } = bench;
  const shot = (view) => bench.shot(path.join(out, `${name}-${view}.png`));
  try {
    await bench.openFile('.plateau/profiles/resize.cpuprofile');
    const frame = await bench.flameGraph();
    await page.keyboard.press('Control+b');
    await page.waitForTimeout(900);
    await shot('threads');
    await frame.locator('.choice').click();
    await frame.locator('.picker').waitFor();
    await page.waitForTimeout(1500);
    await shot('threads-picker');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(1200);
    await shot('threads-all');
    await frame.locator('.flame-tree').focus();
    await page.keyboard.press('2');
    await page.waitForTimeout(900);
    await shot('threads-timeline');
    await page.setViewportSize({ width: 560, height: 900 });
    await page.waitForTimeout(700);
    await shot('threads-narrow');
  } finally {
    await bench.close();
    workspace.remove();
  }
}
