import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Workbench } from '../../scripts/workbench.mjs';
import { sharedVsCode, sharedWorkbench, until } from '../support/journey';
import { rawFromText } from '../support/raw-profile';

const shared = sharedVsCode();
const ROW = 20;
const loader = Array.from({ length: 22 }, (_, i) => `load${i}@node:internal/modules/load:${i + 1}`).join(' > ');
const router = Array.from({ length: 9 }, (_, i) => `next${i}@file:///app/node_modules/express/lib/router.js:${i + 1}`).join(' > ');

describe('a flame graph with long runs of frames', () => {
  let bench: Workbench;
  let graph: Frame;
  sharedWorkbench(
    shared,
    (opened) => {
      ({ bench } = opened);
    },
    (folder) =>
      writeFileSync(
        path.join(folder, 'long.cpuprofile'),
        JSON.stringify(rawFromText(`${loader} > start > ${router} > handle > work x700\n${loader} > start > handle x200\n${loader} > start > other x100`)),
      ),
  );
  const focused = () => graph.locator('#focused-frame').textContent();
  const press = (key: string) => bench.page.keyboard.press(key);
  const crumbs = () => graph.locator('.crumb').allTextContents();
  const open = async (): Promise<void> => {
    await bench.openFile('long.cpuprofile');
    graph = await bench.flameGraph();
    await graph.locator('.flame-tree').focus();
  };
  /** A point in a row, counted from an edge of the graph. */
  const pointIn = async (row: number, from: 'top' | 'bottom'): Promise<[x: number, y: number]> => {
    const box = await graph.locator('.flame').boundingBox();
    if (!box) throw new Error('no graph');
    const inset = row * ROW + ROW / 2;
    return [box.x + 20, from === 'top' ? box.y + inset : box.y + box.height - inset];
  };
  /** What the box in a row is, as its tooltip says; the pointer stands there. */
  const under = async (row: number, from: 'top' | 'bottom' = 'top'): Promise<string> => {
    const [x, y] = await pointIn(row, from);
    await bench.page.mouse.move(x - 1, y - 1);
    await bench.page.mouse.move(x, y);
    await graph.locator('.tooltip:not([hidden])').waitFor();
    return (await graph.locator('.tooltip strong').textContent()) ?? '';
  };

  test('22 frames of the loader are one row, above the first own function', async () => {
    await open();
    expect([await under(1), await under(2), await under(3), await under(4)]).toEqual(['22 frames of Node.js', 'start', '9 frames of express', 'handle']);
    await press('Home');
    await press('ArrowDown');
    expect(await focused()).toMatch(/^22 frames of Node\.js in one row, 1\.00 s total, 100\.0 %, Enter shows them$/);
    expect(await graph.locator('#focused-frame').getAttribute('aria-expanded')).toBe('false');
    await press('ArrowDown');
    expect(await focused()).toMatch(/^start,/);
    await press('ArrowUp');
    await press('Enter');
    await until('its first frame', async () => (await focused())?.startsWith('load0,'));
    expect([await under(1), await under(2), await under(21)]).toEqual(['load0', 'load1', 'load20']);
    await press('z');
    await until('one row again', async () => (await focused())?.startsWith('22 frames'));
    expect(await under(2)).toBe('start');
  });

  test('a click shows the frames of one run only, and that is remembered for the profile', async () => {
    expect(await under(3)).toBe('9 frames of express');
    await bench.page.mouse.down();
    await bench.page.mouse.up();
    await until('its first frame', async () => (await focused())?.startsWith('next0,'));
    expect([await under(1), await under(3), await under(4)]).toEqual(['22 frames of Node.js', 'next0', 'next1']);
    await bench.palette('View: Close All Editors');
    await open();
    expect([await under(1), await under(3), await under(4)]).toEqual(['22 frames of Node.js', 'next0', 'next1']);
  });

  test('with callers at the bottom too', async () => {
    await graph.getByText('View ▾').click();
    await graph.getByRole('menuitemradio', { name: 'Callers at the bottom' }).click();
    await until('flipped', async () => (await under(0, 'bottom')) === '(root)');
    expect([await under(1, 'bottom'), await under(2, 'bottom'), await under(3, 'bottom')]).toEqual(['22 frames of Node.js', 'start', 'next0']);
    await bench.page.mouse.dblclick(...(await pointIn(1, 'bottom')));
    await until('shown, and zoomed to the first', async () => (await crumbs()).join() === 'All,load0');
    expect([await under(1, 'bottom'), await under(2, 'bottom')]).toEqual(['load0', 'load1']);
    await graph.getByText('View ▾').click();
    await graph.getByRole('menuitemradio', { name: 'Callers at the top' }).click();
    await until('as before', async () => (await under(0)) === '(root)');
  });

  test('a search that finds a hidden frame shows it', async () => {
    await graph.getByText('View ▾').click();
    await graph.getByRole('menuitemradio', { name: 'Fold long runs of frames' }).click();
    await until('all is shown', async () => (await under(2)) === 'load1');
    await graph.getByText('View ▾').click();
    await graph.getByRole('menuitemradio', { name: 'Fold long runs of frames' }).click();
    await press('Home');
    await until('all is folded', async () => (await under(2)) === 'start');
    await press('/');
    await bench.page.keyboard.type('fn:/^load7$/');
    await until('found', async () => /· 1$/.test((await graph.locator('.search-status').textContent()) ?? ''));
    expect(await under(2)).toBe('start');
    await press('Enter');
    await until('it is selected', async () => (await focused())?.startsWith('load7,'));
    expect([await under(1), await under(8)]).toEqual(['load0', 'load7']);
    await press('Escape');
  });

  test('colours are explained, and a share says whether it is of this path or of all calls', async () => {
    await bench.page.setViewportSize({ width: 1600, height: 900 });
    const legend = graph.locator('footer .legend');
    await until('the legend', () => legend.isVisible());
    expect(await legend.locator('li').allTextContents()).toEqual(['yours', 'dependencies', 'Node.js']);
    const colourOf = (item: number): Promise<string> =>
      legend
        .locator('.swatch')
        .nth(item)
        .evaluate((swatch) => getComputedStyle(swatch).backgroundColor);
    expect(new Set([await colourOf(0), await colourOf(1), await colourOf(2)]).size).toBe(3);
    await graph.getByText('View ▾').click();
    await graph.getByRole('menuitemradio', { name: 'Colour by heat' }).click();
    await until('that of heat', async () => /own time, from little/.test((await legend.textContent()) ?? ''));
    await graph.getByText('View ▾').click();
    await graph.getByRole('menuitemradio', { name: 'Colour by function' }).click();
    await graph.locator('.flame-tree').focus();
    await press('z');
    await until('one row again', async () => (await focused())?.startsWith('22 frames'));
    // `handle` takes 700 ms below the router and 200 ms beside it.
    const lines = (): Promise<string[]> => graph.locator('.tooltip > *').allTextContents();
    await until('the frame', async () => (await under(4)) === 'handle');
    expect((await lines()).slice(2, 4)).toEqual(['This path: total 700 ms · 70.0 %, self 0 ms · 0.0 %', 'All calls: total 900 ms · 90.0 %']);
    await bench.page.mouse.down();
    await bench.page.mouse.up();
    await until('the panel', async () => (await graph.locator('.panel h2').textContent()) === 'handle');
    expect((await graph.locator('.panel h3').allTextContents()).slice(0, 2)).toEqual(['This path', 'All calls']);
    expect(await graph.locator('.panel .bar').allTextContents()).toEqual(['Total700 ms70.0 %', 'Self200 ms20.0 %', 'Total900 ms90.0 %']);
    expect(await graph.locator('.status-parts').textContent()).toMatch(/^handleThis path: self 0 ms.*All calls: total 900 ms/);
    expect(await under(2)).toBe('start');
    expect((await lines()).slice(2, 4)).toEqual(['total 1.00 s · 100.0 %', 'self 0 ms · 0.0 %']);
    await graph.locator('.about-button').click();
    expect(await graph.locator('.about .legend li').count()).toBe(3);
    await press('Escape');
    await bench.page.setViewportSize({ width: 1400, height: 900 });
    await until('no room for it in the footer', async () => !(await legend.isVisible()) || (await graph.locator('body').evaluate(() => innerWidth)) >= 1000);
  });

  test('Ctrl+wheel and a pinch zoom at the pointer; no tooltip outlives its frame', async () => {
    const tip = graph.locator('.tooltip');
    const box = await graph.locator('.flame').boundingBox();
    if (!box) throw new Error('no graph');
    const [, y] = await pointIn(3, 'top');
    const at = async (x: number): Promise<string> => {
      await bench.page.mouse.move(x - 1, y - 1);
      await bench.page.mouse.move(x, y);
      return (await tip.isVisible()) ? ((await tip.locator('strong').textContent()) ?? '') : '';
    };
    // Of what `start` calls, `handle` ends at 90 % of the width.
    const edge = box.x + box.width * 0.9;
    expect([await at(box.x + 20), await at(edge - 3), await at(edge + 3)]).toEqual(['9 frames of express', 'handle', 'other']);
    await bench.page.mouse.move(edge, y);
    await bench.page.keyboard.down('Control');
    for (let i = 0; i < 6; i++) await bench.page.mouse.wheel(0, -60);
    await bench.page.keyboard.up('Control');
    await until('no tooltip while the pointer rests', async () => !(await tip.isVisible()));
    await until('zoomed in', async () => (await at(box.x + 20)) === 'handle');
    // The pointer stands on a whole pixel, which is wider now.
    expect([await at(edge - 15), await at(edge + 15)]).toEqual(['handle', 'other']);
    // A pinch on a trackpad comes as such a wheel, in small steps.
    await graph.locator('.flame-canvas').evaluate((canvas) => {
      const { left, top, width } = canvas.getBoundingClientRect();
      const pinch = { deltaY: 8, ctrlKey: true, clientX: left + width * 0.9, clientY: top + 70, bubbles: true, cancelable: true };
      for (let i = 0; i < 80; i++) canvas.dispatchEvent(new WheelEvent('wheel', pinch));
    });
    await until('all of it again', async () => (await at(box.x + 20)) === '9 frames of express');
    for (const key of ['w', 'Home']) {
      await at(edge + 3);
      await tip.waitFor();
      await press(key);
      await until(`no tooltip after ${key}`, async () => !(await tip.isVisible()));
    }
    await at(edge + 3);
    await tip.waitFor();
    await bench.page.mouse.move(200, 300);
    await until('none once the pointer is elsewhere', async () => !(await tip.isVisible()));
  });
});
