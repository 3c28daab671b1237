import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openBrowser } from '../../scripts/workbench.mjs';
import { inOwnVsCode } from '../support/journey';

/** What Plateau asks before and after a recording, as a user meets it: no question too many, no answer twice. */
test('a getter is asked for no arguments; recordings are kept out of git when the user says so, and the offer is made once', async () => {
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
      await title('new Basket(…) (1/2)').waitFor();
      if (run === 1) await quickInput.fill('20000');
      else expect(await quickInput.inputValue()).toBe('20000');
      await page.keyboard.press('Enter');
      await title('For how long? (2/2)').waitFor();
      await quickInput.fill('0.5');
      await page.keyboard.press('Enter');
      const graph = await bench.flameGraph();
      await graph.locator('.finding .name', { hasText: 'get total' }).first().waitFor({ timeout: 30_000 });
      expect(recorded()).toHaveLength(run);
      const offer = bench.notification('Recordings are kept in .plateau/profiles/. Add it to .gitignore?');
      if (run === 1) {
        await offer.waitFor();
        await offer.getByText('Add', { exact: true }).click();
        await expect.poll(() => readFileSync(path.join(workspace.folder, '.gitignore'), 'utf8')).toBe('node_modules\r\ndist\r\n.plateau/profiles/\r\n');
      } else expect(await offer.isVisible()).toBe(false);
      await bench.palette('View: Close All Editors');
      await bench.openFile('basket.mjs');
    }
  }).finally(() => browser.close());
});
