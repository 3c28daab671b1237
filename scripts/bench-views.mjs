// In the real VS Code: from the open gesture to an interactive flame graph of a large profile,
// how long the extension host is held up meanwhile, frames while zooming, search and transforms.
// Zooming is measured without a GPU and with a software GL, the latter beside speedscope's app.
import { copyFileSync, linkSync, statSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { compileProfile, scaledProfile } from './bench-inputs.mjs';
import { ensureBrowser, say } from './setup.mjs';
import { serveSpeedscope } from './speedscope-app.mjs';
import { browserFlags, startVsCode } from './vscode-server.mjs';
import { exampleWorkspace, openWorkbench } from './workbench.mjs';

const OPENINGS = 7;
const FRAMES = 240;
const softwareGl = [...browserFlags.filter((flag) => flag !== '--disable-gpu'), '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** Runs in a page: zooms in and out under one point, a step a frame; gives the times between frames, and of drawing where the canvas tells it. */
const zooming = ({ selector, frames }) => {
  const canvas = [...document.querySelectorAll(selector)].sort((a, b) => b.clientWidth * b.clientHeight - a.clientWidth * a.clientHeight)[0];
  const box = canvas.getBoundingClientRect();
  const at = { clientX: box.left + box.width * 0.37, clientY: box.top + Math.min(200, box.height / 2), bubbles: true, cancelable: true };
  // A canvas may be drawn on only, with another element on top that takes the events.
  const target = document.elementFromPoint(at.clientX, at.clientY) ?? canvas;
  return new Promise((resolve) => {
    const times = [];
    const draws = [];
    let last = 0;
    let count = 0;
    const step = (now) => {
      if (last > 0) times.push(now - last);
      last = now;
      if (count > 0 && canvas.dataset.draw) draws.push(Number(canvas.dataset.draw));
      if (++count > frames) return resolve({ times, draws });
      const isIn = Math.floor(count / 30) % 2 === 0;
      target.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: isIn ? -24 : 24, ctrlKey: true, metaKey: true }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
};

/** Runs in a page: a small square changes its colour each frame; gives the times between frames. What any change in that window costs. */
const blinking = (frames) =>
  new Promise((resolve) => {
    const square = document.body.appendChild(document.createElement('div'));
    square.style.cssText = 'position: absolute; left: 10px; top: 400px; width: 40px; height: 40px; z-index: 9';
    const times = [];
    let last = 0;
    const step = (now) => {
      if (last > 0) times.push(now - last);
      last = now;
      square.style.background = times.length % 2 ? 'red' : 'blue';
      if (times.length < frames) return requestAnimationFrame(step);
      square.remove();
      resolve(times);
    };
    requestAnimationFrame(step);
  });

/** Runs in a page: when its first drawing was on the screen, milliseconds since 1970. */
const shownAt = async () => {
  for (;;) {
    const [mark] = performance.getEntriesByName('plateau-shown');
    if (mark) return performance.timeOrigin + mark.startTime;
    await new Promise(requestAnimationFrame);
  }
};

export async function runViewsBench(inputs, median) {
  const large = scaledProfile(inputs, compileProfile(inputs), 'scaled-56mb', 56e6);
  const size = `${(statSync(large).size / 1e6).toFixed(0)} MB`;
  const rows = [];
  const add = (row) => {
    rows.push(row);
    say(`${row.name}: ${row.ms.toFixed(1)} ms${row.yardstickMs === undefined ? '' : ` (${row.yardstick}: ${row.yardstickMs.toFixed(1)})`}`);
  };

  const software = await inVsCode(large, softwareGl, async ({ graph }) => ({
    ...(await graph.evaluate(zooming, { selector: '.flame-canvas', frames: FRAMES })),
    blinks: await graph.evaluate(blinking, FRAMES),
  }));
  const theirs = await speedscopeZoom(large);
  add({
    name: `Frame while zooming a ${size} profile, software GL, p50`,
    yardstick: "speedscope's app",
    ms: percentile(software.times, 0.5),
    yardstickMs: percentile(theirs.times, 0.5),
    ratio: percentile(software.times, 0.5) / percentile(theirs.times, 0.5),
  });
  add({
    name: `Frame while zooming a ${size} profile, software GL, p95`,
    yardstick: "speedscope's app",
    ms: percentile(software.times, 0.95),
    yardstickMs: percentile(theirs.times, 0.95),
    ratio: percentile(software.times, 0.95) / percentile(theirs.times, 0.95),
  });

  add({
    name: 'Frame while a square of 40 px changes in the same window, software GL, p50',
    yardstick: 'for scale: what any change in VS Code costs there',
    ms: percentile(software.blinks, 0.5),
  });

  await inVsCode(large, browserFlags, async ({ bench, graph, openings }) => {
    add({ name: `VS Code: from the open gesture to the flame graph of a ${size} profile`, yardstick: 'at most 1,500 ms', ms: median(openings) });
    const { times, draws } = await graph.evaluate(zooming, { selector: '.flame-canvas', frames: FRAMES });
    add({ name: `Drawing script while zooming it, p95`, yardstick: 'at most 6 ms', ms: percentile(draws, 0.95) });
    add({ name: `Frame while zooming it, no GPU, p95`, yardstick: 'at most 18.5 ms', ms: percentile(times, 0.95) });
    const timed = (act) =>
      graph.evaluate(async ({ key, search }) => {
        const started = performance.now();
        if (key) document.querySelector('.flame-tree').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        else {
          const input = document.querySelector('input[type=search]');
          input.value = search;
          input.dispatchEvent(new Event('input'));
        }
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        return performance.now() - started;
      }, act);
    add({ name: 'Search in it, until it is shown', yardstick: 'at most 100 ms', ms: await timed({ search: 'fn:check self>0.01%' }) });
    await timed({ search: '' });
    await bench.page.waitForTimeout(300);
    await graph.locator('.flame-tree').focus();
    for (let i = 0; i < 9; i++) await bench.page.keyboard.press('ArrowDown');
    for (const [name, title] of [
      ['F', 'Focus on a function'],
      ['h', 'Hide a function'],
      ['x', 'Drop a function'],
      ['y', 'Only my code'],
      ['i', 'Inverted'],
    ]) {
      const runs = [];
      for (let i = 0; i < 3; i++) {
        runs.push(await timed({ key: name }));
        await bench.page.waitForTimeout(200);
        await timed({ key: 'u' });
        await bench.page.waitForTimeout(200);
      }
      add({ name: `${title}, until it is shown`, yardstick: 'at most 100 ms', ms: median(runs) });
    }
  });
  return rows;
}

/** Opens the profile in a VS Code some times over, each from a copy under another name; leaves the last one open for `use`. */
async function inVsCode(profile, flags, use) {
  const workspace = exampleWorkspace();
  const copies = Array.from({ length: OPENINGS }, (_, i) => `large-${i}.cpuprofile`);
  for (const copy of copies) linkOrCopy(profile, path.join(workspace.folder, copy));
  const vscode = await startVsCode({ asUser: true });
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: flags });
  try {
    const bench = await openWorkbench(browser, vscode.url(workspace.folder));
    await bench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: copies[0] }).waitFor();
    const openings = [];
    let graph;
    for (const copy of copies) {
      const row = bench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: copy });
      const started = Date.now();
      await row.dblclick();
      graph = await bench.flameGraph();
      openings.push((await graph.evaluate(shownAt)) - started);
      await bench.page.waitForTimeout(1000);
      if (copy !== copies.at(-1)) await bench.palette('View: Close All Editors');
    }
    await bench.page.keyboard.press('Control+b');
    await bench.page.waitForTimeout(1500);
    return await use({ bench, graph, openings });
  } finally {
    await browser.close();
    vscode.stop();
    workspace.remove();
  }
}

function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // another disk
  }
}

async function speedscopeZoom(profile) {
  const app = await serveSpeedscope(profile);
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: softwareGl });
  try {
    const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
    await page.goto(app.url('left-heavy'));
    await page.getByText('Left Heavy').waitFor({ timeout: 120_000 });
    await page.waitForTimeout(3000);
    return await page.evaluate(zooming, { selector: 'canvas', frames: FRAMES });
  } finally {
    await browser.close();
    app.close();
  }
}
