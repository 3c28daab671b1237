import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openBrowser } from '../../scripts/workbench.mjs';
import { inOwnVsCode, until } from '../support/journey';
import { rawFromText } from '../support/raw-profile';

/** A recording that came with a repository: its command runs only after it was shown and confirmed. */
test('Profile Again of a stranger’s recording shows its command, and runs nothing by itself', async () => {
  const browser = await openBrowser();
  const prepare = (folder: string): void => {
    const add = (name: string, command: string): void => {
      writeFileSync(path.join(folder, `${name}.cpuprofile`), JSON.stringify(rawFromText('main > work x60')));
      const headline = { duration: 60_000, active: 60_000, samples: 60 };
      const recipe = { kind: 'command', command, cwd: folder };
      const common = { version: 1, title: name, recordedAt: new Date(0).toISOString(), node: 'v20.0.0', pid: 5, interval: 1000, headline, sources: {} };
      writeFileSync(path.join(folder, `${name}.plateau.json`), JSON.stringify({ ...common, recipe }));
    };
    add('short', 'touch ran-short token="$(touch ran-inner)"');
    add('long', `touch ran-long ${'x'.repeat(1500)}`);
  };
  await inOwnVsCode(browser, { asUser: true, prepare }, async ({ bench, workspace }) => {
    const { page } = bench;
    const hasRun = (): boolean => ['ran-short', 'ran-inner', 'ran-long'].some((name) => existsSync(path.join(workspace.folder, name)));
    await bench.openFile('short.cpuprofile');
    await (await bench.flameGraph()).locator('.again').click();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    // What would run is shown as it is, also where it calls itself a secret; what keeps `$(` from being an icon is not seen.
    expect(((await dialog.textContent()) ?? '').replaceAll('\u200b', '')).toContain('token="$(touch ran-inner)"');
    await dialog.getByText('Do Not Run').click();
    await dialog.waitFor({ state: 'detached' });

    await bench.palette('View: Close All Editors');
    await bench.openFile('long.cpuprofile');
    await (await bench.flameGraph()).locator('.again').click();
    const question = page.locator('.notification-toast', { hasText: 'Run the command of this recording?' });
    await question.waitFor();
    await until('the command is in an editor', async () =>
      ((await page.locator('.monaco-editor .view-lines').first().textContent()) ?? '').includes('ran-long'),
    );
    await question.getByText('Do Not Run').click();
    await question.waitFor({ state: 'detached' });
    expect(hasRun()).toBe(false);
  }).finally(() => browser.close());
});
