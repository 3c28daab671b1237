import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Workbench } from '../../scripts/workbench.mjs';
import { follow, nothingHasActed, showsAsText, trappedBrowser } from '../support/hostile-window';
import { addHostileReport, alive, command, fileName, fillHostile } from '../support/hostile-workspace';
import { inOwnVsCode, until } from '../support/journey';
import { temporaryFolder } from '../support/run';

const opened = trappedBrowser();

const nothingActs = (bench: Workbench, where: string): Promise<void> => nothingHasActed(bench, opened.trap, where);
const showsText = (bench: Workbench, part: Locator, where: string, text?: string): Promise<void> => showsAsText(bench, opened.trap, part, where, text);

/** Rests the mouse on something until its tooltip is there; a list that is drawn anew meanwhile takes it away. */
async function tooltipOf({ page }: Workbench, target: Locator): Promise<Locator> {
  const tooltip = page.locator('.workbench-hover-container:visible, .monaco-hover:visible');
  for (let attempt = 0; attempt < 8; attempt++) {
    await page.mouse.move(700, 450);
    await target.hover();
    const isThere = await tooltip
      .first()
      .waitFor({ timeout: 3000 })
      .then(
        () => true,
        () => false,
      );
    if (isThere) return tooltip;
  }
  throw new Error(`no tooltip at ${target}`);
}

async function sideView(bench: Workbench): Promise<void> {
  const { page } = bench;
  await page.locator('.activitybar .action-label[aria-label^="Plateau"]').click();
  await showsText(bench, page.locator('.sidebar .monaco-list-row'), 'the list of recordings');
  const tooltip = await tooltipOf(bench, page.locator('.sidebar .monaco-list-row', { hasText: 'terminal.new' }).first());
  await showsText(bench, tooltip, 'the tooltip of a recording');
  await page.mouse.move(0, 0);
}

/** Many recordings are in groups, of which the later ones are folded. */
async function unfold({ page }: Workbench): Promise<void> {
  const folded = page.locator('.sidebar .monaco-list-row[aria-expanded="false"]', { has: page.locator('.codicon-folder') });
  while ((await folded.count()) > 0) await folded.first().click();
}

/** The row of the recorded profile. */
const recording = ({ page }: Workbench): Locator =>
  page
    .locator('.sidebar .monaco-list-row', { has: page.locator('.codicon-flame'), hasText: '1.04 s' })
    .filter({ hasText: '[Open]' })
    .first();

async function flameGraph(bench: Workbench): Promise<void> {
  const { page } = bench;
  await unfold(bench);
  await recording(bench).click();
  const graph = await bench.flameGraph();
  await showsText(bench, graph.locator('body'), 'the flame graph');
  await showsText(bench, graph.locator('header'), 'the header');
  await graph.getByRole('button', { name: /^About this recording/ }).click();
  await showsText(bench, graph.locator('#profile-info'), 'what is known of the recording');
  await page.keyboard.press('Escape');
  for (const tab of await graph.locator('[role=tab][data-view]').all()) {
    await tab.click();
    await nothingActs(bench, `the view ${await tab.getAttribute('data-view')}`);
  }
  await graph.locator('[role=tab][data-view=table]').click();
  await showsText(bench, graph.locator('body'), 'the table', '<img src=//127.0.0.1');
  await showsText(bench, page.locator('.part.statusbar'), 'the status bar', '[Open]');
  const tooltip = await tooltipOf(bench, page.locator('.sidebar .monaco-list-row[aria-label^="Open, "]').first());
  await showsText(bench, tooltip, 'the tooltip of a finding');
  await page.mouse.move(0, 0);
}

async function code(bench: Workbench): Promise<void> {
  const { page } = bench;
  await bench.openFile('src/hostile.mjs');
  await page.locator('.codelens-decoration').first().waitFor({ timeout: 30_000 });
  await nothingActs(bench, 'code lenses');
  for (const name of ['command', 'icon', 'image', 'picture', 'address', 'turned', 'ansi']) {
    await page
      .locator('.view-line span span', { hasText: `${name}Work` })
      .last()
      .hover();
    const hover = page.locator('.monaco-hover:visible', { hasText: 'of active time' });
    await hover.waitFor();
    if (name === 'command') await showsText(bench, hover, 'the hover');
    else await nothingActs(bench, `the hover of ${name}`);
    await page.mouse.move(0, 0);
    await hover.waitFor({ state: 'hidden' });
  }
  await bench.palette('Problems: Focus on Problems View');
  await page.locator('.markers-panel .monaco-list-row').first().waitFor();
  await nothingActs(bench, 'Problems');
  await page.keyboard.press('Control+j');
}

async function lists(bench: Workbench): Promise<void> {
  const { page } = bench;
  await bench.palette('Plateau: Explain Finding');
  await showsText(bench, page.locator('.quick-input-widget'), 'the list of findings', '[Open]');
  await page.keyboard.press('Escape');
  await page.locator('.part.statusbar .statusbar-item', { hasText: '[Open]' }).first().click();
  await showsText(bench, page.locator('.quick-input-widget'), 'the menu of the active profile');
  await page.keyboard.press('Escape');
}

async function notifications(bench: Workbench): Promise<void> {
  await bench.openFile('src/match-orders.ts');
  await bench.goTo(16, 12);
  await bench.palette('Plateau: Show Function in Flame Graph');
  await showsText(bench, bench.page.locator('.notification-toast'), 'a notification');
  await bench.dismissNotifications();
}

/** What a system mounts when it is touched: the user is asked before anything has looked whether it is there. */
async function otherMachine(bench: Workbench): Promise<void> {
  await follow(bench, process.platform === 'win32' ? `\\\\127.0.0.1\\share\\${fileName}.cpuprofile` : `/net/127.0.0.1/${fileName}.cpuprofile`);
  const question = bench.page.locator('.monaco-dialog-box', { hasText: 'on another machine' });
  await showsText(bench, question, 'the question for a file on another machine');
  await question.getByRole('button', { name: 'Open from That Machine' }).waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  expect(await bench.page.locator('.tab').count()).toBe(0);
}

/** A link opens profiles of the workspace; others it asks for, and other machines it does not touch. */
async function links(bench: Workbench, folder: string, outside: string): Promise<void> {
  const { page } = bench;
  await bench.palette('View: Close All Editors');
  await follow(bench, path.join(folder, `${command}.cpuprofile`));
  await showsText(bench, page.locator('.notification-toast'), 'the answer to a link to what is not there');
  await bench.dismissNotifications();
  for (const file of ['//127.0.0.1/share/a.cpuprofile', '\\\\127.0.0.1\\share\\a.cpuprofile', 'a.cpuprofile']) {
    await follow(bench, file);
    await showsText(bench, page.locator('.notification-toast'), 'the answer to a link to another machine', 'is not on this machine');
    await bench.dismissNotifications();
  }
  await otherMachine(bench);
  await follow(bench, outside);
  const question = page.locator('.monaco-dialog-box', { hasText: 'outside of the workspace' });
  await showsText(bench, question, 'the question for a file outside');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  expect(await page.locator('.tab').count()).toBe(0);
  await follow(bench, path.join(folder, '.plateau', 'profiles', `${fileName}.cpuprofile`));
  await bench.flameGraph();
  await nothingActs(bench, 'what a link opened');
}

async function speedscope(bench: Workbench): Promise<void> {
  const graph = await bench.flameGraph();
  await graph.getByRole('button', { name: 'View', exact: false }).first().click();
  await graph.getByRole('menuitem', { name: 'Open in speedscope' }).click();
  await bench.page.locator('.tab', { hasText: 'speedscope: [Open]' }).waitFor();
  const app = await bench.flameGraph('canvas, body:has-text("Left Heavy")');
  await app.locator('body', { hasText: 'Left Heavy' }).waitFor();
  await nothingActs(bench, 'speedscope');
  await bench.palette('View: Close All Editors');
}

/** What a trusted workspace may run: its scripts' names in the list, the progress, the terminal and the result. */
async function running(bench: Workbench): Promise<void> {
  const { page } = bench;
  await bench.openFile('spin.mjs');
  await bench.palette('Plateau: Profile Active File');
  await bench.quickInput.waitFor();
  await bench.quickInput.fill('npm run');
  await showsText(bench, page.locator('.quick-input-widget'), 'the list of scripts');
  await bench.rows.filter({ hasText: 'npm run [Open]' }).first().click();
  const toast = page.locator('.notification-toast');
  await until('the progress', async () => (await toast.allInnerTexts()).some((text) => text.replaceAll('\u200b', '').includes(command)));
  expect(await alive(page, opened.trap.port), 'the progress').toEqual([]);
  await until('it has ended', async () => !(await toast.allInnerTexts()).some((text) => text.includes('Stop and Keep')), 60_000);
  expect(await alive(page, opened.trap.port), 'the result').toEqual([]);
  await bench.dismissNotifications();
  await bench.palette('View: Close All Editors');
}

/** A hunt for objects of a class with such a name, which such a name holds. */
async function hunting(bench: Workbench, folder: string): Promise<void> {
  await bench.openFile('leak.mjs');
  await bench.palette('Plateau: Hunt a Leak');
  await bench.choose('By hand');
  await bench.choose('Run leak.mjs');
  const panel = await bench.flameGraph('.actions .primary');
  const status = async (): Promise<string> => (await panel.locator('.status').textContent()) ?? '';
  for (const stage of ['Warm-up', 'Round 1', 'Round 2']) {
    await until(`${stage} is asked for`, async () => (await status()).startsWith(`${stage}: use the program now`), 60_000);
    writeFileSync(path.join(folder, 'knock'), '');
    await until('the program has done it', () => !existsSync(path.join(folder, 'knock')));
    await panel.locator('.actions button', { hasText: 'Next' }).click();
    await until('it is taken', async () => !(await status()).startsWith(`${stage}: use`));
  }
  await panel.locator('.status.good, .status.bad, .status.warn').waitFor({ timeout: 60_000 });
  const shown = async (): Promise<string> => panel.locator('body').innerText();
  await until('the leak', async () => (await shown()).includes(command)).catch(async (error: Error) => {
    throw new Error(`${error.message}; the panel shows ${await shown()}`);
  });
  expect(await alive(bench.page, opened.trap.port), 'the hunt').toEqual([]);
  await bench.palette('Problems: Focus on Problems View');
  expect(await alive(bench.page, opened.trap.port), 'Problems of the hunt').toEqual([]);
}

async function otherPages(bench: Workbench): Promise<void> {
  await bench.openFile(`.plateau/profiles/${fileName}.doctor.json`);
  const report = await bench.flameGraph('.verdict h2');
  await showsText(bench, report.locator('body'), 'the report');
  await bench.palette('View: Close All Editors');
  await bench.openFile(`.plateau/profiles/heap ${fileName}.heapsnapshot`);
  const heap = await bench.flameGraph('[role=treegrid], .tree-grid, [role=grid]');
  await showsText(bench, heap.locator('body'), 'the heap');
  for (const tab of await heap.locator('[role=tab]').all()) {
    await tab.click();
    await nothingActs(bench, `the heap's ${await tab.textContent()}`);
  }
  await bench.palette('View: Close All Editors');
}

describe.each([
  ['a trusted workspace', true],
  ['a restricted workspace', false],
])('%s', (_, trusted) => {
  test('names stay names wherever they are shown', { timeout: 420_000 }, async () => {
    const outside = temporaryFolder().file(`${fileName}.cpuprofile`, '{}');
    const prepare = (folder: string): void => {
      fillHostile(folder, opened.trap.port);
      writeFileSync(path.join(folder, '.plateau', 'about.txt'), '');
    };
    await inOwnVsCode(opened.browser, { asUser: true, trusted, prepare }, async ({ bench, workspace }) => {
      bench.page.setDefaultTimeout(12_000);
      await sideView(bench);
      await flameGraph(bench);
      // A click on a recording with a report opens that.
      addHostileReport(workspace.folder, opened.trap.port);
      await code(bench);
      await lists(bench);
      await notifications(bench);
      await otherPages(bench);
      await links(bench, workspace.folder, outside);
      await speedscope(bench);
      if (trusted) await running(bench);
      if (trusted) await hunting(bench, workspace.folder);
      await bench.page.evaluate(
        (at) => document.body.append(Object.assign(document.createElement('img'), { src: at })),
        `http://127.0.0.1:${opened.trap.port}/seen`,
      );
      expect((await alive(bench.page, opened.trap.port)).length, 'what acts is seen').toBe(1);
    });
  });
});
