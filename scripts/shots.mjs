// Takes the set of pictures: each view, in light, dark and high contrast, wide and narrow.
// `npm run shots [FOLDER]`; by default out/shots; `--heap` takes those of heap snapshots alone, `--threads` those of several threads. Those that the README shows go to media/.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, ensureDependencies, root, say } from './setup.mjs';

ensureDependencies();
await build();
const { startVsCode } = await import('./vscode-server.mjs');
const { takeHeapSet } = await import('./shots-heap.mjs');
const { takeThreadSet } = await import('./shots-threads.mjs');
const { exampleWorkspace, openBrowser, openWorkbench } = await import('./workbench.mjs');

const args = process.argv.slice(2);
const keepsMedia = args.includes('--media');
const onlyTheme = args.find((arg) => arg.startsWith('--theme='))?.slice(8);
const out = path.resolve(args.find((arg) => !arg.startsWith('--')) ?? path.join(root, 'out', 'shots'));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const themes = [
  ['dark', 'Default Dark Modern'],
  ['light', 'Default Light Modern'],
  ['contrast', 'Default High Contrast'],
  ['contrast-light', 'Default High Contrast Light'],
].filter(([name]) => !onlyTheme || name === onlyTheme);

const vscode = await startVsCode({ asUser: true });
const browser = await openBrowser();
try {
  for (const [name, theme] of themes) {
    say(`Pictures in ${theme}…`);
    const settings = { 'workbench.colorTheme': theme, 'editor.fontSize': 13 };
    const set = { browser, vscode, out, name, settings };
    const only = args.includes('--heap') ? 'heap' : args.includes('--threads') ? 'threads' : undefined;
    if (only === undefined) await takeSet(name, settings);
    if (only !== 'heap') await takeThreadSet(set);
    if (only !== 'threads') await takeHeapSet(set);
  }
} finally {
  await browser.close();
  vscode.stop();
}
if (keepsMedia) {
  for (const [from, to] of [
    ['dark-flame.png', 'flame-graph.png'],
    ['dark-hover.png', 'editor.png'],
    ['light-flame.png', 'flame-graph-light.png'],
    ['dark-timeline.png', 'timeline.png'],
    ['dark-side.png', 'recordings.png'],
    ['dark-findings.png', 'findings.png'],
    ['dark-bottleneck.png', 'bottleneck.png'],
    ['dark-heap-object.png', 'heap.png'],
  ]) {
    if (themes.some(([name]) => from.startsWith(`${name}-`))) cpSync(path.join(out, from), path.join(root, 'media', to));
  }
}
say(`Pictures are in ${path.relative(process.cwd(), out) || out}`);

async function takeSet(name, settings) {
  const workspace = exampleWorkspace(settings);
  const bench = await openWorkbench(browser, vscode.url(workspace.folder), { width: 1400, height: 900 });
  const { page } = bench;
  const shot = (view) => bench.shot(path.join(out, `${name}-${view}.png`));
  try {
    await bench.openFile('src/match-orders.ts');
    await bench.goTo(7, 20);
    await page.keyboard.press('F1');
    await bench.quickInput.fill('>Plateau');
    await page.waitForTimeout(800);
    await shot('palette');
    await page.keyboard.press('Escape');
    await bench.palette('Plateau: Profile Function');
    await bench.rows.filter({ hasText: 'Call it in a loop' }).waitFor();
    await page.mouse.move(700, 800);
    await page.waitForTimeout(400);
    await shot('choices');
    await bench.choose('Run a command line');
    await bench.quickInput.fill('node src/server.mjs');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(4000);
    await bench.notification('sampling').waitFor();
    await shot('progress');
    await bench.palette('Plateau: Cancel Recording and Discard It');
    await page.waitForTimeout(1500);
    await bench.palette('View: Close All Editors');
    await bench.openFile('src/main.ts');
    await bench.palette('Plateau: Profile Active File');
    await bench.choose('Run main.ts');
    let frame = await bench.flameGraph();
    await page.waitForTimeout(1200);
    await shot('beside');
    await bench.palette('View: Close All Editors');
    await bench.openFile('src/match-orders.ts');
    await page.waitForTimeout(1500);
    await shot('editor');
    await page.locator('.view-line', { hasText: 'customers.find' }).locator('span', { hasText: 'find' }).last().hover();
    await page.locator('.monaco-hover:visible').first().waitFor({ timeout: 10_000 });
    await page.waitForTimeout(700);
    await shot('hover');
    await page.keyboard.press('Escape');
    await bench.goTo(9, 10);
    await page.keyboard.press('Control+.');
    await page.waitForTimeout(1500);
    await shot('lightbulb');
    await page.keyboard.press('Escape');
    await bench.palette('Problems: Focus on Problems View');
    await page.waitForTimeout(700);
    await shot('problems');
    await page.keyboard.press('Control+j');
    await bench.goTo(4, 20);
    await bench.palette('Plateau: Show Function in Flame Graph');
    frame = await bench.flameGraph();
    await bench.palette('View: Close Editors in Other Groups');
    await page.keyboard.press('Control+b');
    await page.waitForTimeout(900);
    await shot('flame');
    await page.keyboard.press('f');
    await frame.locator('.todo-head:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
    await shot('findings');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('d');
    await page.waitForTimeout(600);
    await shot('findings-done');
    await page.keyboard.press('u');
    await page.keyboard.press('f');
    await frame.locator('input[type=search]').fill('format');
    await page.waitForTimeout(400);
    await shot('search');
    await frame.locator('input[type=search]').fill('');
    await frame.locator('.flame-tree').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('?');
    await page.waitForTimeout(300);
    await shot('keys');
    await page.keyboard.press('Escape');
    const see = async (key, view) => {
      await page.keyboard.press(key);
      await page.waitForTimeout(500);
      await shot(view);
    };
    await frame.locator('.finding').first().click();
    await frame.locator('.flame-tree').focus();
    await page.keyboard.press('Home');
    await see('m', 'menu');
    await page.keyboard.press('Escape');
    await page.keyboard.press('y');
    await see('i', 'inverted');
    await page.keyboard.press('u');
    await page.keyboard.press('u');
    await page.keyboard.press('2');
    for (let i = 0; i < 3; i++) await page.keyboard.press('+');
    await see('t', 'timeline');
    await page.keyboard.press('u');
    await see('3', 'callers');
    await see('4', 'table');
    await see('5', 'source');
    await page.keyboard.press('1');
    await page.waitForTimeout(300);
    await page.setViewportSize({ width: 560, height: 900 });
    await page.waitForTimeout(700);
    await shot('narrow');
    await see('2', 'narrow-timeline');
    await see('4', 'narrow-table');
    await page.setViewportSize({ width: 360, height: 800 });
    await see('1', 'narrowest');
    await see('w', 'narrowest-findings');
    await page.setViewportSize({ width: 1400, height: 900 });
    await bench.palette('View: Close All Editors');
    await bench.openFile('src/main.ts');
    await bench.palette('Plateau: Find the Bottleneck');
    await bench.choose('Run main.ts');
    await bench.flameGraph('.verdict h2');
    await bench.palette('View: Close Editors in Other Groups');
    await page.mouse.move(900, 800);
    await page.waitForTimeout(1200);
    await shot('bottleneck');
    await bench.palette('Plateau: Focus on Recordings View');
    await page.mouse.move(900, 700);
    await page.waitForTimeout(800);
    await shot('side');
    await bench.palette('View: Toggle Primary Side Bar Visibility');
    await page.setViewportSize({ width: 300, height: 900 });
    await page.waitForTimeout(500);
    await shot('bottleneck-narrow');
  } catch (error) {
    await shot('failed');
    throw error;
  } finally {
    await bench.close();
    workspace.remove();
  }
}
