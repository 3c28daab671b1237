import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../../scripts/workbench.mjs';
import { hostileNames, rawFromText } from '../support/raw-profile';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';

let browser: Browser;
let folder: Folder;
beforeAll(async () => {
  browser = await openBrowser();
  folder = temporaryFolder({
    'plain.cpuprofile': JSON.stringify(
      rawFromText(`
        main > work > hot@file:///app/hot.js:3   x600
        main > work                              x100
        main > tick@file:///app/node_modules/ticks/tick.js:9 x150
        ${Array.from({ length: 40 }, (_, i) => `main > small${i} x1`).join('\n')}
        (garbage collector) x60
        (idle) x50`),
    ),
    'hostile.cpuprofile': JSON.stringify(hostile()),
    'sliver.cpuprofile': JSON.stringify(rawFromText(`${stack('wide', 40)} x995\n${stack('deep', 90)} x5`)),
    'deep.cpuprofile': JSON.stringify(rawFromText(`${stack('wide', 40)} x990\n${stack('deep', 90)} x10`)),
  });
  for (const name of ['plain', 'hostile', 'deep', 'sliver']) {
    const { code, stderr } = await plateau(['export', `${name}.cpuprofile`, '--to', 'html', '--out', `${name}.html`], { cwd: folder.path });
    expect(code, stderr).toBe(0);
  }
  mkdirSync(path.join(root, 'out'), { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  folder?.remove();
});

const stack = (name: string, frames: number): string => Array.from({ length: frames }, (_, i) => `${name}${i}`).join(' > ');

function hostile(): unknown {
  const raw = rawFromText(hostileNames.map((_, i) => `main > evil${i} x${20 + i}`).join('\n'));
  for (const { callFrame } of raw.nodes) {
    const name = hostileNames[Number(/^evil(\d+)$/.exec(callFrame.functionName)?.[1] ?? -1)];
    if (name !== undefined) Object.assign(callFrame, { functionName: name, url: `file:///app/${name}/a.js` });
  }
  return raw;
}

/** The report in a browser without a network; what it complains of or asks for is kept. */
async function openReport(name: string, options: BrowserContextOptions = {}): Promise<{ page: Page; troubles: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 850 }, offline: true, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  const url = pathToFileURL(path.join(folder.path, `${name}.html`)).href;
  page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('dialog', (dialog) => troubles.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => request.url() !== url && troubles.push(request.url()));
  await page.goto(url);
  await page.locator('#chart g.frame').first().waitFor();
  return { page, troubles };
}

const shot = (page: Page, name: string) => page.screenshot({ path: path.join(root, 'out', `${name}.png`), fullPage: true });
const status = (page: Page) => page.locator('.status').textContent();
const labels = (page: Page) => page.locator('#chart .d3-flame-graph-label').allTextContents();
const column = (page: Page, at: number) => page.locator(`table >> nth=0 >> tbody td:nth-child(${at})`).allTextContents();

describe('the report', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`opens without a network and without a complaint (${colorScheme})`, async () => {
      const { page, troubles } = await openReport('plain', { colorScheme });
      expect(await page.locator('h1').textContent()).toBe('plain.cpuprofile');
      // (root), main, work, hot, tick, 40 small ones, the garbage collector.
      await expect.poll(() => page.locator('#chart g.frame').count()).toBe(46);
      await expect.poll(() => labels(page)).toEqual(expect.arrayContaining(['All active time', 'main', 'work', 'hot', 'tick', '(garbage collector)']));
      const width = async (name: string) => {
        const box = await page
          .locator('#chart g.frame')
          .filter({ hasText: new RegExp(`^${name}$`) })
          .locator('rect')
          .boundingBox();
        return box?.width ?? 0;
      };
      // hot has 600 of the 950 active samples, once the boxes stand where they belong.
      await expect.poll(async () => (await width('hot')) / (await width('All active time'))).toBeCloseTo(600 / 950, 2);
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
        colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(23, 24, 28)',
      );
      await shot(page, `report-${colorScheme}`);
      expect(troubles).toEqual([]);
      await page.context().close();
    });
  }

  test('search tells the share that matches; a row shows its function; Escape shows all', async () => {
    const { page, troubles } = await openReport('plain');
    await page.keyboard.press('/');
    await page.keyboard.type('hot');
    await expect.poll(() => status(page)).toBe('63.2 % in 1 function');
    expect(await page.locator('#chart [data-match="yes"]').count()).toBe(1);
    await page.locator('.tools input').fill('/small[0-9]$/');
    await expect.poll(() => status(page)).toBe('1.1 % in 10 functions');
    await page.locator('.tools input').fill('/(/');
    await expect.poll(() => status(page)).toBe('not a valid expression');
    const row = page.locator('table >> nth=0 >> tbody button', { hasText: 'tick' });
    await row.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => status(page)).toBe('tick: 15.8 % in total');
    expect(await row.getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('#chart [data-match]').count()).toBe(0);
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  test('a click zooms, Reset zoom shows everything', async () => {
    const { page } = await openReport('plain', { reducedMotion: 'reduce' });
    await expect.poll(() => labels(page)).toContain('tick');
    const reset = page.locator('.tools .reset');
    expect(await reset.isDisabled()).toBe(true);
    await page
      .locator('#chart g.frame')
      .filter({ hasText: /^work$/ })
      .click({ position: { x: 30, y: 8 } });
    await expect.poll(() => page.locator('#chart g.frame').count()).toBe(4);
    await reset.click();
    await expect.poll(() => page.locator('#chart g.frame').count()).toBe(46);
    expect(await reset.isDisabled()).toBe(true);
    await page
      .locator('#chart g.frame')
      .filter({ hasText: /^hot$/ })
      .hover({ position: { x: 30, y: 8 } });
    expect(await page.locator('.tip').innerText()).toBe('hot\n/app/hot.js:3\n600 ms, 63.2 % in total\n600 ms, 63.2 % by itself\nyour code');
    await page.context().close();
  });

  test('headers sort: numbers from the largest, names from A', async () => {
    const { page } = await openReport('plain');
    expect((await column(page, 6)).slice(0, 4)).toEqual(['hot', 'tick', 'work', '(garbage collector)']);
    await page
      .locator('table >> nth=0 >> th', { hasText: /^Total$/ })
      .getByRole('button')
      .click();
    expect((await column(page, 6)).slice(0, 3)).toEqual(['main', 'work', 'hot']);
    await page
      .locator('table >> nth=0 >> th', { hasText: /^Total$/ })
      .getByRole('button')
      .click();
    expect((await column(page, 6)).at(-1)).toBe('main');
    await page
      .locator('table >> nth=0 >> th', { hasText: /^Function$/ })
      .getByRole('button')
      .click();
    expect((await column(page, 6)).slice(0, 4)).toEqual(['(garbage collector)', 'hot', 'main', 'small0']);
    expect(await page.locator('table >> nth=0 >> th', { hasText: /^Function$/ }).getAttribute('aria-sort')).toBe('ascending');
    await page.context().close();
  });

  test('prints light, without what can only be clicked, the flame graph as wide as the page', async () => {
    const { page, troubles } = await openReport('plain', { colorScheme: 'dark' });
    await expect.poll(() => labels(page)).toContain('tick');
    await page.setViewportSize({ width: 700, height: 1000 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    // What the browser does for a printer, where nothing waits for a next frame.
    const drawn = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      const svg = document.querySelector('#chart svg') as SVGSVGElement;
      const boxes = [...svg.querySelectorAll('rect')].map((box) => Number(box.getAttribute('width')));
      return {
        width: Number(svg.getAttribute('width')),
        widest: Math.max(...boxes),
        shown: svg.getBoundingClientRect().width,
        page: document.body.clientWidth,
      };
    });
    expect(drawn).toEqual({ width: 900, widest: 900, shown: 700, page: 700 });
    for (const tool of await page.locator('.tools').all()) expect(await tool.isVisible()).toBe(false);
    expect(await page.evaluate(() => [document.body, document.querySelector('.pick') as Element].map((one) => getComputedStyle(one).color))).toEqual([
      'rgb(29, 31, 36)',
      'rgb(29, 31, 36)',
    ]);
    await shot(page, 'report-print');
    writeFileSync(path.join(root, 'out', 'report.pdf'), await page.pdf({ format: 'A4' }));
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await expect.poll(() => page.locator('.tools').isVisible()).toBe(true);
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  test('a deep graph is printed on one page, and what is left out is told', async () => {
    const { page, troubles } = await openReport('deep');
    await expect.poll(() => labels(page)).toContain('wide39');
    expect(await page.locator('.print-note').isVisible()).toBe(false);
    expect(await page.locator('#chart svg').evaluate((svg) => svg.getBoundingClientRect().height)).toBe(91 * 19);
    await page.emulateMedia({ media: 'print' });
    // An A4 sheet within its margins.
    await page.setViewportSize({ width: 688, height: 1017 });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    // The deep stack is 1 % in each of its rows: all of them are worth paper, and fit.
    const height = await page.locator('#flame').evaluate((section) => section.getBoundingClientRect().height);
    expect(height).toBeLessThan(1017);
    expect(height).toBeGreaterThan(600);
    expect(await page.locator('.print-note').textContent()).toBe('');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen' });
    expect(await page.locator('#chart svg').evaluate((svg) => svg.getBoundingClientRect().height)).toBe(91 * 19);
    expect(troubles).toEqual([]);
    await page.context().close();
    const sliver = await openReport('sliver');
    await sliver.page.emulateMedia({ media: 'print' });
    await sliver.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await sliver.page.locator('.print-note').innerText()).toBe('50 deeper rows, with less than 1.0 % of active time in each, are not printed.');
    await sliver.page.context().close();
  });

  test('names that would be markup are names', async () => {
    const { page, troubles } = await openReport('hostile');
    await expect.poll(() => page.locator('#chart g.frame').count()).toBe(hostileNames.length + 2);
    expect(await page.locator('main img, main svg svg, body > svg, script[src], [onerror], [onload], [onmouseover]').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.title()).toBe('hostile.cpuprofile – CPU profile');
    const shown = await page.locator('table >> nth=0 >> td.name').allTextContents();
    for (const name of ['<img src=x onerror="document.title=\'owned\'">', '</script><script>document.title="owned"</script>', '__proto__', '&lt;b&gt; &amp;'])
      expect(shown).toContain(name);
    await expect.poll(async () => (await labels(page)).some((label) => label.startsWith('<img src=x'))).toBe(true);
    await page.locator('.tools input').fill('__proto__');
    await expect.poll(() => status(page)).toMatch(/% in 1 function$/);
    for (const box of (await page.locator('#chart g.frame').all()).slice(0, 6)) {
      await box.hover({ position: { x: 10, y: 8 }, force: true });
      expect(await page.locator('.tip *').evaluateAll((all) => all.map(({ tagName }) => tagName).filter((tag) => tag !== 'DIV' && tag !== 'STRONG'))).toEqual(
        [],
      );
    }
    expect(troubles).toEqual([]);
    await page.context().close();
  });
});
