import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openBrowser } from '../../scripts/workbench.mjs';
import { inOwnVsCode } from '../support/journey';

/** What Plateau asks before and after a recording, as a user meets it: no question too many, no answer twice. */
test('a getter is asked for an instance and no arguments; recordings keep themselves out of git, and nobody is asked', async () => {
  const browser = await openBrowser();
  const prepare = (folder: string): void => {
    mkdirSync(path.join(folder, '.git'));
    writeFileSync(path.join(folder, '.gitignore'), 'node_modules\r\ndist');
    writeFileSync(
      path.join(folder, 'basket.mjs'),
      `export class Basket {
  constructor(size) { this.prices = Array.from({ length: size }, (_, i) => i % 97); }
  get total() {
    let sum = 0;
    for (const price of this.prices) sum += Math.sqrt(price);
    return sum;
  }
}\n`,
    );
  };
  await inOwnVsCode(browser, { asUser: true, prepare }, async ({ bench, workspace }) => {
    const profiles = path.join(workspace.folder, '.plateau', 'profiles');
    const recorded = (): string[] => (existsSync(profiles) ? readdirSync(profiles).filter((name) => name.endsWith('.cpuprofile')) : []);
    const { page, quickInput } = bench;
    const title = (text: string) => page.locator('.quick-input-title', { hasText: text });
    await bench.openFile('basket.mjs');
    for (const run of [1, 2]) {
      await bench.goTo(3, 8);
      await bench.palette('Plateau: Profile Function');
      await bench.choose('Call it in a loop');
      await title('An instance of Basket (1/2)').waitFor();
      if (run === 1) {
        expect(await quickInput.inputValue()).toBe('new Basket()');
        await quickInput.fill('new Basket(20000)');
      } else expect(await quickInput.inputValue()).toBe('new Basket(20000)');
      await page.keyboard.press('Enter');
      await title('For how long? (2/2)').waitFor();
      await quickInput.fill('0.5');
      await page.keyboard.press('Enter');
      const graph = await bench.flameGraph();
      await graph.locator('.finding .name', { hasText: 'get total' }).first().waitFor({ timeout: 30_000 });
      expect(recorded()).toHaveLength(run);
      expect(readFileSync(path.join(profiles, '.gitignore'), 'utf8')).toBe('*\n');
      expect(readFileSync(path.join(workspace.folder, '.gitignore'), 'utf8')).toBe('node_modules\r\ndist');
      expect(await bench.notification('gitignore').isVisible()).toBe(false);
      await bench.palette('View: Close All Editors');
      await bench.openFile('basket.mjs');
    }
  }).finally(() => browser.close());
});
