import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startVsCode } from '../../scripts/vscode-server.mjs';
import { exampleWorkspace, openWorkbench, type Workbench } from '../../scripts/workbench.mjs';
import { follow, nothingHasActed, showsAsText, trappedBrowser } from '../support/hostile-window';
import { addHostileReport, command, fileName, fillHostile } from '../support/hostile-workspace';
import { root, temporaryFolder } from '../support/run';

const opened = trappedBrowser();

/** Files below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));

async function viewed(bench: Workbench): Promise<void> {
  const { page } = bench;
  await bench.openFile(`.plateau/profiles/${fileName}.cpuprofile`);
  const graph = await bench.flameGraph();
  await showsAsText(bench, opened.trap, graph.locator('body'), 'the flame graph');
  for (const tab of await graph.locator('[role=tab][data-view]').all()) {
    await tab.click();
    await nothingHasActed(bench, opened.trap, `the view ${await tab.getAttribute('data-view')}`);
  }
  await bench.palette('View: Close All Editors');
  await bench.openFile(`.plateau/profiles/heap ${fileName}.heapsnapshot`);
  const heap = await bench.flameGraph('[role=treegrid], .tree-grid, [role=grid]');
  await showsAsText(bench, opened.trap, heap.locator('body'), 'the heap');
  await bench.palette('View: Close All Editors');
  await bench.openFile(`.plateau/profiles/${fileName}.doctor.json`);
  await page.waitForTimeout(3000);
  await nothingHasActed(bench, opened.trap, 'the report');
  await bench.palette('View: Close All Editors');
}

describe.each([
  ['trusted', true],
  ['restricted', false],
])('a virtual workspace, %s', (_, trusted) => {
  test('what is in it is shown as text, runs nothing, and its copies are the user’s alone', { timeout: 420_000 }, async () => {
    const outside = temporaryFolder().file(`${fileName}.cpuprofile`, '{}');
    const files = exampleWorkspace();
    fillHostile(files.folder, opened.trap.port);
    addHostileReport(files.folder, opened.trap.port);
    // A folder of one folder would be one row with it.
    writeFileSync(path.join(files.folder, '.plateau', 'about.txt'), '');
    const env = { VIRTUAL_FILES: path.dirname(files.folder) };
    const vscode = await startVsCode({ asUser: true, trusted, env, installed: [path.join(root, 'test/support/virtual-files')] });
    let bench: Workbench | undefined;
    try {
      bench = await openWorkbench(opened.browser, vscode.url(`virtual:/${path.basename(files.folder)}`));
      bench.page.setDefaultTimeout(12_000);
      await viewed(bench);
      const copies = filesIn(vscode.data).filter((file) => file.split(path.sep).includes('copies'));
      expect(copies.map((file) => path.extname(file)).sort()).toEqual(expect.arrayContaining(['.cpuprofile', '.heapsnapshot']));
      if (process.platform !== 'win32') for (const file of copies) expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
      await bench.openFile('src/hostile.mjs');
      await bench.palette('Plateau: Profile Active File');
      const answer = bench.page.locator(trusted ? '.notification-toast' : '.notification-toast, .monaco-dialog-box');
      await answer.first().waitFor();
      await nothingHasActed(bench, opened.trap, 'the answer to a recording');
      await bench.page.keyboard.press('Escape');
      await bench.dismissNotifications();
      await bench.palette('View: Close All Editors');
      await follow(bench, outside);
      const question = bench.page.locator('.monaco-dialog-box', { hasText: 'outside of the workspace' });
      await showsAsText(bench, opened.trap, question, 'the question for a file outside', command);
      await question.getByRole('button', { name: 'Cancel' }).click();
      await question.waitFor({ state: 'hidden' });
      await nothingHasActed(bench, opened.trap, 'the end');
    } finally {
      await bench?.close().catch(() => {}); // the test may have closed it
      vscode.stop();
      files.remove();
    }
  });
});
