import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Workbench } from '../../scripts/workbench.mjs';
import { baskets, type Snapshots, takeSnapshots, writeManyObjects } from '../support/heap-files';
import { sharedVsCode, sharedWorkbench, until } from '../support/journey';

const shared = sharedVsCode();

describe('a heap snapshot', () => {
  let bench: Workbench;
  let page: Frame;
  let snapshots: Snapshots;
  const many = 1_000_000;
  sharedWorkbench(
    shared,
    (opened) => {
      ({ bench } = opened);
    },
    (folder) => {
      snapshots = takeSnapshots(folder);
      writeManyObjects(path.join(folder, 'many.heapsnapshot'), many);
      writeFileSync(path.join(folder, 'empty.heapsnapshot'), '');
      writeFileSync(path.join(folder, 'foreign.heapsnapshot'), '{"nodes":[],"startTime":1,"endTime":2}');
    },
  );

  const press = (key: string): Promise<void> => bench.page.keyboard.press(key);
  const focused = async (): Promise<string> => (await page.locator('.stage .row.focused').first().getAttribute('aria-label')) ?? '';
  const count = async (): Promise<string> => (await page.locator('.stage .row-count').textContent()) ?? '';
  const grid = '.stage .table-body';
  /** Without the head. */
  const rowCount = async (): Promise<number> => Number(await page.locator(grid).getAttribute('aria-rowcount')) - 1;
  /** Rows as they are seen, from the top. */
  const visible = (): Promise<string[]> =>
    page.locator('.stage .row:not(.loading)').evaluateAll((rows) => {
      const box = rows[0]?.closest('.table-body')?.getBoundingClientRect();
      return rows
        .map((row) => ({ top: row.getBoundingClientRect().top, text: row.getAttribute('aria-label') ?? '' }))
        .filter(({ top }) => box !== undefined && top >= box.top && top < box.bottom)
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text);
    });

  test('opens at its classes; typing filters, arrow keys open a class, Enter selects an object', async () => {
    await bench.openFile('after.heapsnapshot');
    page = await bench.flameGraph(`${grid} .row`);
    expect(await page.locator('h1').textContent()).toBe('after');
    await page.locator(grid).focus();
    await bench.page.keyboard.type('Basket');
    await until('one class', async () => /^1 class$/.test(await count()));
    expect(await page.locator('input[type=search]').inputValue()).toBe('Basket');
    await press('Enter');
    await until('the class has the focus', async () => (await focused()).startsWith(`Basket, ${baskets.after} objects`));
    await press('ArrowRight');
    await until('its objects', async () => (await rowCount()) === baskets.after + 1);
    expect(await count()).toBe('1 class');
    await press('ArrowDown');
    expect(await focused()).toMatch(/^Basket @\d+, retained [\d.]+ k?B, shallow \d+ B$/);
    expect(await page.locator('.row.focused').getAttribute('aria-level')).toBe('2');
    expect(await page.locator('.row.focused').getAttribute('aria-setsize')).toBe(String(baskets.after));
    await press('Enter');
    await until('the inspector', async () => ((await page.locator('.panel h2').textContent()) ?? '') === 'Basket');
    await until('its fields', async () => (await page.locator('.fields .edge').allTextContents()).includes('items'));
    const way = await page.locator('.way').first().locator('li').allTextContents();
    expect(way.some((step) => step.includes('.baskets') || step.includes('shop'))).toBe(true);
    await press('ArrowRight');
    await until('its fields below it', async () => (await rowCount()) > baskets.after + 1);
    await press('ArrowDown');
    expect(await focused()).toMatch(/^(id|items|note|__proto__): /);
    await press('ArrowLeft');
    expect(await focused()).toMatch(/^Basket @/);
  });

  test('what refers to it, and where it is in the tree of dominators', async () => {
    await press('4');
    await until('its retainers', async () => /^[1-9]\d* retainers?$/.test(await count()));
    expect(await page.locator('.stage .view-bar').textContent()).toMatch(/What refers to Basket @\d+/);
    await press('3');
    await until('the tree is open at it', async () => (await focused()).startsWith('Basket @'));
    expect(Number(await page.locator('.stage .row.focused').getAttribute('aria-level'))).toBeGreaterThan(1);
    await page.locator('.forms button', { hasText: 'Icicle' }).click();
    await page.locator('.flame-canvas').waitFor();
    await until('the root is told', async () => /retained [\d.]+ MB · 100\.0 %/.test((await page.locator('#focused-frame').textContent()) ?? ''));
    await page.locator('.flame-tree').focus();
    await press('ArrowDown');
    await press('Enter');
    await until('zoomed', async () => (await page.locator('.crumb').count()) === 2);
    await press('Escape');
    await until('out again', async () => (await page.locator('.crumb').count()) === 1);
    await press('5');
    await until('the statistics add up', async () => (await page.locator('.legend tbody tr').count()) >= 5);
    await press('6');
    await until('notes are there more than once', async () => (await visible()).some((row) => row.includes('a note of some length')));
    await press('1');
    await until('the filter was for the classes', async () => (await visible()).length > 0);
  });

  test('the source of a function opens at its line', async () => {
    await page.locator(grid).focus();
    await press('/');
    await bench.page.keyboard.type('Function');
    await until('filtered', async () => (await visible())[0]?.startsWith('Function, ') === true);
    await press('Enter');
    await press('ArrowRight');
    await until('functions', async () => (await rowCount()) > 100);
    await until('found', async () => {
      if ((await visible()).some((row) => row.startsWith('onExpire'))) return true;
      const before = await focused();
      await press('PageDown');
      await until('the next page', async () => {
        const isLoading = (await page.locator('.stage .row.loading').count()) > 0;
        return !isLoading && (await focused()) !== before;
      });
      return false;
    });
    await page.locator('.row', { hasText: 'onExpire' }).first().click();
    await until('selected', async () => ((await page.locator('.panel h2').textContent()) ?? '').includes('onExpire'));
    await press('Control+Enter');
    await bench.page.locator('.tab', { hasText: 'shop.cjs' }).first().waitFor();
    await until('the cursor is on it', async () =>
      ((await bench.page.locator('.part.statusbar').textContent()) ?? '').includes(`Ln ${snapshots.lines.onExpire},`),
    );
    await bench.palette('View: Close All Editors');
  });

  test('compares with an earlier snapshot: what is new opens, what is between can be listed, a reload brings it back', async () => {
    await bench.openFile('after.heapsnapshot');
    page = await bench.flameGraph(`${grid} .row`);
    await bench.palette('Plateau: Compare Heap Snapshots');
    await bench.page.getByPlaceholder('Snapshots of one process can be compared').waitFor();
    await bench.quickInput.fill('before');
    await press('Enter');
    await until('the comparison', async () => (await page.locator('[role=tab][aria-selected=true]').textContent()) === 'Comparison');
    await page.locator(grid).focus();
    await bench.page.keyboard.type('Basket');
    await until('baskets', async () => (await count()) === '1 class');
    await press('Enter');
    await until('as the program did', async () => (await focused()).startsWith(`Basket, ${baskets.added} added, ${baskets.removed} removed`));
    await press('ArrowRight');
    await until('the new ones', async () => (await rowCount()) === baskets.added + 1);
    await press('1');
    await page.locator('.scope button', { hasText: 'Allocated since before' }).click();
    await until('the same baskets', async () => (await visible())[0]?.startsWith(`Basket, ${baskets.added} objects`) === true);
    await bench.page.waitForTimeout(1000); // VS Code saves its layout by and by
    await bench.palette('Developer: Reload Window');
    await bench.page.waitForTimeout(3000);
    await bench.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    page = await bench.flameGraph(`${grid} .row`, 90_000);
    await until('as it was', async () => (await visible())[0]?.startsWith(`Basket, ${baskets.added} objects`) === true);
    expect(await page.locator('input[type=search]').inputValue()).toBe('Basket');
    await bench.palette('View: Close All Editors');
  });

  test('a view that is being drawn leaves the focus to a list that is open, and the list open', async () => {
    await bench.openFile('many.heapsnapshot');
    await bench.palette('Plateau: Compare Heap Snapshots');
    const list = bench.page.getByPlaceholder('Snapshots of one process can be compared');
    await list.waitFor();
    page = await bench.flameGraph(`${grid} .row`, 90_000);
    await bench.page.waitForTimeout(500);
    expect(await page.evaluate(() => document.hasFocus())).toBe(false);
    await bench.page.keyboard.type('bef');
    expect(await list.inputValue()).toBe('bef');
    await press('Escape');
    await bench.palette('View: Close All Editors');
  });

  test('a class with a million objects scrolls: by wheel, by bar, by keys', async () => {
    await bench.openFile('many.heapsnapshot');
    page = await bench.flameGraph(`${grid} .row`, 90_000);
    await page.locator(grid).focus();
    await bench.page.keyboard.type('Point');
    await until('the class', async () => (await visible())[0]?.startsWith('Point, 1,000,000 objects') === true);
    await press('Enter');
    await press('ArrowRight');
    await until('open', async () => (await rowCount()) === many + 1);
    await press('End');
    await until('the last one', async () => (await visible()).at(-1)?.startsWith('Point @') === true && (await focused()).startsWith('Point @'));
    expect(await page.locator('.row.focused').getAttribute('aria-posinset')).toBe('1000000');
    expect(await page.locator('.row.focused').count()).toBe(1);
    const scroller = page.locator(grid);
    await scroller.evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    await until('the middle', async () => {
      const positions = await page.locator('.stage .row:not(.loading)').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-posinset'))));
      return positions.length > 10 && positions.every((at) => Math.abs(at - 500_000) < 2000);
    });
    const box = await scroller.boundingBox();
    await bench.page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 200);
    const before = await page.locator('.stage .row:not(.loading)').first().getAttribute('aria-posinset');
    for (let i = 0; i < 20; i++) await bench.page.mouse.wheel(0, 110);
    await until('a hundred rows further, not thousands', async () => {
      const now = Number(await page.locator('.stage .row:not(.loading)').first().getAttribute('aria-posinset'));
      return now - Number(before) >= 80 && now - Number(before) <= 120;
    });
    // While it is dragged, every frame has its rows: drawn or as placeholders, and few of them.
    const rows = await scroller.evaluate(async (element) => {
      const seen: number[] = [];
      for (let i = 0; i < 60; i++) {
        element.scrollTop += element.clientHeight * 3;
        await new Promise(requestAnimationFrame);
        seen.push(element.querySelectorAll('.row').length);
      }
      return { least: Math.min(...seen), most: Math.max(...seen) };
    });
    expect(rows.least).toBeGreaterThan(10);
    expect(rows.most).toBeLessThan(120);
    await press('Home');
    await until('the first', async () => (await focused()).startsWith('Point, 1,000,000'));
    await bench.palette('View: Close All Editors');
  });

  test('columns are drawn by drag and by keyboard, sort by keyboard, and stay as they are', async () => {
    await bench.openFile('after.heapsnapshot');
    page = await bench.flameGraph(`${grid} .row`);
    const width = (column: string): Promise<number> =>
      page.locator(`.stage .table-head [data-column=${column}]`).evaluate((cell) => cell.getBoundingClientRect().width);
    const first = await width('shallow');
    const box = await page.locator('.stage .table-head [data-column=shallow] .grip').boundingBox();
    const [x, y] = [(box?.x ?? 0) + 3, (box?.y ?? 0) + 8];
    await bench.page.mouse.move(x, y);
    await bench.page.mouse.down();
    await bench.page.mouse.move(x - 30, y, { steps: 4 });
    await bench.page.mouse.move(x - 60, y, { steps: 4 });
    await bench.page.mouse.up();
    await until('60 pixels wider', async () => (await width('shallow')) === first + 60);
    await page.locator(grid).focus();
    await press('Tab');
    const inHead = (): Promise<string> => page.evaluate(() => document.activeElement?.closest('[data-column]')?.getAttribute('data-column') ?? '');
    expect(await inHead()).toBe('name');
    for (let i = 0; i < 6 && (await inHead()) !== 'shallow'; i++) await press('ArrowRight');
    expect(await inHead()).toBe('shallow');
    await press('Shift+ArrowLeft');
    await until('8 pixels narrower', async () => (await width('shallow')) === first + 52);
    const ofRow = await page.locator('.stage .row .cell.number').evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width));
    expect(ofRow).toContain(first + 52);
    await press('Enter');
    const sorted = (): Promise<string | null> => page.locator('.stage .table-head [data-column=shallow]').getAttribute('aria-sort');
    await until('sorted', async () => (await sorted()) === 'descending');
    expect(await inHead()).toBe('shallow');
    await press('Delete');
    await until('as at first', async () => (await width('shallow')) === first);
    await press('Shift+ArrowRight');
    await until('8 pixels wider', async () => (await width('shallow')) === first + 8);
    // A page that is hidden starts anew when it is shown.
    await bench.openFile('before.heapsnapshot');
    await until('another snapshot', async () => ((await (await bench.flameGraph('h1')).locator('h1').textContent()) ?? '') === 'before');
    await bench.openFile('after.heapsnapshot');
    await until('the first again', async () => {
      page = await bench.flameGraph(`${grid} .row`);
      return (await page.locator('h1').textContent()) === 'after';
    });
    expect(await width('shallow')).toBe(first + 8);
    expect(await sorted()).toBe('descending');
    await bench.palette('View: Close All Editors');
  });

  test('what is no snapshot says so', async () => {
    await bench.openFile('empty.heapsnapshot');
    page = await bench.flameGraph('.message[role=alert]');
    expect(await page.locator('.message').textContent()).toMatch(/cannot be shown.*empty/s);
    await bench.palette('View: Close All Editors');
    await bench.openFile('foreign.heapsnapshot');
    page = await bench.flameGraph('.message[role=alert]');
    expect(await page.locator('.message').textContent()).toMatch(/cannot be shown.*not a heap snapshot/s);
    await bench.palette('View: Close All Editors');
  });
});
