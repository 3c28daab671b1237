import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Workbench } from '../../scripts/workbench.mjs';
import { type OpenedWorkbench, sharedVsCode, sharedWorkbench, until } from '../support/journey';
import { type RecordedGroup, recordGroup, threadedProgram } from '../support/thread-group';

const shared = sharedVsCode();

/** A recording of several threads, as a user walks through it: by mouse and by keyboard. */
describe('the threads of a recording', () => {
  let workspace: OpenedWorkbench['workspace'];
  let bench: Workbench;
  let graph: Frame;
  let group: RecordedGroup;
  const profiles = (): string => path.join(workspace.folder, '.plateau', 'profiles');
  sharedWorkbench(
    shared,
    (opened) => {
      ({ bench, workspace } = opened);
    },
    (folder) => {
      for (const [name, text] of Object.entries(threadedProgram)) writeFileSync(path.join(folder, name), text);
      group = recordGroup(folder, path.join(folder, '.plateau', 'profiles'), 'run');
      // The Explorer shows a folder with nothing but a folder in it as one row with it.
      writeFileSync(path.join(folder, '.plateau', 'about.txt'), '');
      // One more, of which a profile is gone.
      const broken = path.join(folder, '.plateau', 'profiles', 'broken');
      mkdirSync(broken);
      for (const name of readdirSync(path.dirname(group.file)))
        if (name.startsWith('run.')) copyFileSync(path.join(path.dirname(group.file), name), path.join(broken, name));
      rmSync(path.join(broken, 'run.t2.cpuprofile'));
    },
  );
  const rowOf = (name: string): number => group.info.threads?.findIndex((one) => one.name === name) as number;
  const face = () => graph.locator('.choice-name').textContent();
  const sentence = () => graph.locator('.said').textContent();
  const options = () => graph.locator('.picker [role=option]');
  const active = () => graph.locator('.picker-row.active .name').textContent();
  const hasFunction = async (name: string): Promise<boolean> => {
    await graph.locator('.search input').fill(name);
    const status = graph.locator('.search-status', { hasText: /%|no match/ });
    await status.waitFor();
    const isThere = (await status.textContent()) !== 'no match';
    await graph.locator('.search input').fill('');
    return isThere;
  };
  const selectedLanes = () => graph.locator('.thread-lane[aria-selected=true] .name').allTextContents();

  test('opens the busiest, and says so', async () => {
    await bench.openFile('.plateau/profiles/run.cpuprofile');
    graph = await bench.flameGraph();
    expect(await face()).toBe('task.mjs');
    expect(await sentence()).toMatch(/^The busiest of 4; the others: task\.mjs \(thread 2 of \d+\) [\d.]+ ms, child\.mjs [\d.]+ ms, main\.mjs [\d.]+ ms$/);
    expect(await graph.locator('.finding .name').first().textContent()).toBe('crunch');
    expect(await hasFunction('dig')).toBe(false);
  });

  test('the picker lists them with their activity; a click shows another, with its findings and costs', async () => {
    await graph.locator('.choice').click();
    await until('five options', async () => (await options().count()) === 5);
    await until('all strips', async () => (await graph.locator('.picker .strip.unknown').count()) === 0);
    expect(await graph.locator('.picker .strip .works').count()).toBe(4);
    for (const works of await graph.locator('.picker .strip .works').all()) expect(await works.getAttribute('d')).toMatch(/^M\d+ 1V/);
    expect(await graph.locator('.picker [role=option][aria-selected=true] .name').allTextContents()).toEqual(['task.mjs']);
    await options().filter({ hasText: 'child.mjs' }).click();
    await until('the child', async () => (await face()) === 'child.mjs');
    expect(await sentence()).toMatch(/^Number 3 of 4 by CPU time; /);
    await until('its finding', async () => (await graph.locator('.finding .name').first().textContent()) === 'dig');
    await until('the status bar', () => bench.page.locator('.part.statusbar', { hasText: 'node main.mjs · child.mjs' }).isVisible());
    expect(await graph.locator('.picker').count()).toBe(0);
    expect(await graph.evaluate(() => document.activeElement?.className)).toBe('choice');
  });

  test('by keyboard: open, walk, filter, choose; Escape leaves everything as it is', async () => {
    const { keyboard } = bench.page;
    await keyboard.press('ArrowDown');
    await graph.locator('.picker').waitFor();
    expect(await active()).toMatch(/^child\.mjs/);
    await keyboard.press('ArrowDown');
    expect(await active()).toBe('main.mjs');
    await keyboard.press('Escape');
    expect(await graph.locator('.picker').count()).toBe(0);
    expect(await face()).toBe('child.mjs');
    await keyboard.press('g');
    await keyboard.type('task');
    await until('filtered', async () => (await options().count()) === 2);
    await keyboard.press('Control+a');
    await keyboard.type('main.mjs');
    await until('one', async () => (await options().count()) === 1);
    await keyboard.press('Enter');
    await until('the main thread', async () => (await face()) === 'main.mjs');
  });

  test('a thread that waits while the others compute is not told to look at the network', async () => {
    await until('the finding', async () =>
      (await graph.locator('.finding .name').allTextContents()).some((name) => /^Waiting while 3 other threads compute$/.test(name)),
    );
    await graph.locator('.finding', { hasText: 'Waiting while' }).click();
    const words = await graph.locator('.panel').textContent();
    expect(words).toMatch(/Look at thread task\.mjs \(thread 1 of process \d+\)/);
    expect(words).not.toContain('network');
  });

  test('a text that fits nothing is told; all together is one of the choices', async () => {
    const { keyboard } = bench.page;
    await graph.locator('.choice').click();
    await keyboard.type('zebra');
    expect(await graph.locator('.picker-none').textContent()).toBe('None of 4 has "zebra" in it.');
    await keyboard.press('Enter');
    expect(await graph.locator('.picker').count()).toBe(1);
    for (let i = 0; i < 5; i++) await keyboard.press('Backspace');
    await keyboard.press('Home');
    await keyboard.press('Enter');
    await until('all', async () => (await face()) === 'All together');
    expect(await sentence()).toBe('All 4 threads together');
    expect([await hasFunction('crunch'), await hasFunction('dig')]).toEqual([true, true]);
  });

  test('the timeline has a lane a thread on one clock; Enter and a click show one', async () => {
    const { keyboard } = bench.page;
    await graph.locator('.segments [data-view=timeline]').click();
    expect(await graph.locator('.thread-lane .name').allTextContents()).toEqual(['main.mjs', 'task.mjs', 'task.mjs', 'child.mjs']);
    expect(await selectedLanes()).toHaveLength(4);
    expect(await graph.locator('.view-note').textContent()).toMatch(/Choose one of the lanes/);
    await graph.locator('.thread-lanes').focus();
    await keyboard.press('End');
    await keyboard.press('Enter');
    await until('the child', async () => (await face()) === 'child.mjs');
    expect(await selectedLanes()).toEqual(['child.mjs']);
    expect(await graph.evaluate(() => document.activeElement?.className)).toContain('thread-lanes');
    await keyboard.press('ArrowUp');
    await keyboard.press(' ');
    await until('the second worker', async () => (await selectedLanes())[0] === 'task.mjs');
    await graph.locator('.thread-lane', { hasText: 'main.mjs' }).click();
    await until('the main thread', async () => (await face()) === 'main.mjs');
    // The whole time of all is seen, though this thread's is a part of it; zooming moves the lanes with the graph.
    const seen = (): Promise<string | null> => graph.locator('.thread-lane .strip').first().getAttribute('viewBox');
    expect(await seen()).toBe('0 0 60 1');
    await graph.locator('.timeline-view .flame').focus();
    await keyboard.press('+');
    await until('zoomed', async () => Number((await seen())?.split(' ')[2]) < 45);
    await keyboard.press('Home');
    await until('all of it', async () => Number((await seen())?.split(' ')[2]) > 59.9);
  });

  test('an export is of the thread that is shown, and a file of one thread leads to all', async () => {
    await bench.page.keyboard.press('g');
    await bench.page.keyboard.type('child');
    await bench.page.keyboard.press('Enter');
    await until('the child', async () => (await face()) === 'child.mjs');
    await bench.palette('Plateau: Export Profile');
    await bench.choose('Collapsed stacks');
    const target = path.join(profiles(), 'run.collapsed.txt');
    await until('where to', async () => ((await bench.quickInput.inputValue()) ?? '').endsWith('run.collapsed.txt'));
    await bench.page.keyboard.press('Enter');
    await until('written', () => existsSync(target) && readFileSync(target, 'utf8').length > 0);
    expect(readFileSync(target, 'utf8')).toContain('dig');
    expect(readFileSync(target, 'utf8')).not.toContain('crunch');
    await bench.palette('View: Close All Editors');
    await bench.openFile(`.plateau/profiles/${path.basename(group.files[rowOf('main.mjs')] as string)}`);
    graph = await bench.flameGraph();
    expect(await face()).toBe('main.mjs');
    await bench.palette('View: Close All Editors');
  });

  test('the last choice is remembered for the file', async () => {
    await bench.openFile('.plateau/profiles/run.cpuprofile');
    graph = await bench.flameGraph();
    expect(await face()).toBe('child.mjs');
    await bench.palette('View: Close All Editors');
  });

  test('a thread whose file is gone is marked; choosing it tells why, and what is shown stays', async () => {
    await bench.openFile('.plateau/profiles/broken/run.cpuprofile');
    graph = await bench.flameGraph();
    await graph.locator('.choice').click();
    expect(await graph.locator('.picker-row.is-missing').allTextContents()).toEqual([expect.stringContaining('missing')]);
    await graph.locator('.picker-row.is-missing').click();
    await until('told', async () => /does not exist/.test((await graph.locator('.banner').textContent()) ?? ''));
    expect(await face()).toBe('task.mjs');
    expect(await graph.locator('.finding .name').first().textContent()).toBe('crunch');
    await bench.palette('View: Close All Editors');
  });

  test('the list has it once; deleting it takes all of its files, and Undo brings them back', async () => {
    await bench.palette('Plateau: Focus on Recordings View');
    const entry = bench.page.locator('.pane-body .monaco-list-row', { hasText: 'node main.mjs' });
    await until('one entry', async () => (await entry.count()) === 1);
    const files = (): string[] => readdirSync(profiles()).filter((name) => /^run\..*(?:cpuprofile|json)$/.test(name));
    expect(files()).toHaveLength(5);
    await entry.click();
    await bench.flameGraph();
    await entry.click();
    await bench.page.keyboard.press('Delete');
    await until('gone', () => files().length === 0);
    const undo = bench.page.locator('.notifications-center .monaco-button, .notification-toast .monaco-button', { hasText: 'Undo' }).first();
    await until('Undo is offered', async () => {
      if (await undo.isVisible()) return true;
      await bench.palette('Notifications: Show Notifications');
      return undo.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    await undo.click();
    await until('back', () => files().length === 5);
  });
});
