import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Workbench } from '../../scripts/workbench.mjs';
import { sharedVsCode, sharedWorkbench, until } from '../support/journey';

const shared = sharedVsCode();

describe('costs beside the code', () => {
  let bench: Workbench;
  sharedWorkbench(shared, (opened) => {
    ({ bench } = opened);
  });
  const lines = (): Locator => bench.page.locator('.editor-instance .view-line');
  /** What stands before or behind the code of every line in sight, with its width; empty for nothing. */
  const beside = (where: '::before' | '::after'): Promise<{ text: string; width: string }[]> =>
    lines().evaluateAll(
      (found, pseudo) =>
        found.flatMap((line) => {
          const spans = [...line.querySelectorAll('span')]
            .map((span) => getComputedStyle(span, pseudo))
            .filter(({ content }) => !['none', 'normal', ''].includes(content)); // '' is of lines that VS Code has just drawn again
          return spans.map(({ content, width }) => ({ text: content.replace(/^"|"$/g, '').replaceAll('\u00a0', ' '), width }));
        }),
      where,
    );
  const hover = (text: string): Promise<void> => bench.page.locator('.monaco-hover:visible', { hasText: text }).waitFor();

  /** Puts the pointer on what stands at an end of a line. */
  const pointAt = async (line: Locator, side: 'left' | 'right'): Promise<void> => {
    const [x, y] = await line.locator(':scope > span').evaluate((element, end) => {
      const { left, right, top, height } = element.getBoundingClientRect();
      return [end === 'left' ? left + 30 : right - 12, top + height / 2] as const;
    }, side);
    await bench.page.mouse.move(x - 3, y);
    await bench.page.mouse.move(x, y);
  };

  test('in an editor beside the graph the share is before the code, and no line moves against another', async () => {
    await bench.openFile('src/main.ts');
    await bench.palette('Plateau: Profile Active File');
    await bench.choose('Run main.ts');
    await bench.flameGraph();
    await bench.palette('View: Focus First Editor Group');
    await bench.openFile('src/match-orders.ts');
    await until('shares before the code', async () => (await beside('::before')).some(({ text }) => /^ *\d[\d.]* %$/.test(text)));
    await until('one before each line', async () => (await beside('::before')).length === (await lines().count()));
    const before = await beside('::before');
    expect(before.length).toBe(await lines().count());
    expect(new Set(before.map(({ width }) => width)).size).toBe(1);
    expect(before.filter(({ text }) => text.trim() !== '').length).toBeGreaterThan(1);
    const after = (await beside('::after')).map(({ text }) => text);
    expect(after.some((text) => /^\d[\d.]* m?s$/.test(text))).toBe(true);
    expect(after.some((text) => /^\d[\d.]* m?s total/.test(text))).toBe(true);
  });

  test('the hover of the code is two lines over TypeScript’s own, the table is on the cost', async () => {
    await bench.page
      .locator('.view-line span span', { hasText: /^matchOrders$/ })
      .first()
      .hover();
    await hover('of active time');
    const rows = bench.page.locator('.monaco-hover:visible .hover-row');
    await until('TypeScript’s too', async () => (await rows.allTextContents()).some((text) => text.includes('function matchOrders')));
    const texts = await rows.allTextContents();
    const own = texts.findIndex((text) => text.includes('of active time'));
    expect(own).toBeLessThan(texts.findIndex((text) => text.includes('function matchOrders')));
    expect(texts[own]).not.toContain('called from');
    expect(await rows.nth(own).locator('p').count()).toBe(1);
    expect(await rows.nth(own).locator('br').count()).toBe(1);
    await bench.page.mouse.move(0, 0);
    await bench.page.locator('.monaco-hover:visible').waitFor({ state: 'hidden' });
    const line = lines().filter({ hasText: 'customers.find' });
    await pointAt(line, 'left');
    await hover('called from');
    await bench.page.mouse.move(0, 0);
  });

  test('in an editor with the whole width all of it is behind the code', async () => {
    await bench.palette('View: Close Editors in Other Groups');
    await until('nothing before the code', async () => (await beside('::before')).length === 0);
    await until('all of it behind', async () => (await beside('::after')).some(({ text }) => /^\d[\d.]* m?s · \d[\d.]* %$/.test(text)));
    await pointAt(lines().filter({ hasText: 'customers.find' }), 'right');
    await hover('called from');
  });
});
