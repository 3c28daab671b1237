import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Workbench } from '../../scripts/workbench.mjs';
import { type OpenedWorkbench, sharedVsCode, sharedWorkbench } from '../support/journey';
import { root } from '../support/run';

const shared = sharedVsCode();

describe('Find the Bottleneck', () => {
  let workspace: OpenedWorkbench['workspace'];
  let bench: Workbench;
  let view: Frame;
  sharedWorkbench(
    shared,
    (opened) => {
      ({ bench, workspace } = opened);
    },
    (folder) => cpSync(path.join(root, 'test/programs/slow/11-child-process-sync/main.mjs'), path.join(folder, 'src/ask.mjs')),
  );
  const reports = (): string[] => {
    const folder = path.join(workspace.folder, '.plateau', 'profiles');
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.doctor.json'))
          .map((name) => path.join(folder, name))
      : [];
  };

  test('asks how to run, measures, and shows the tree with the way that was taken', async () => {
    await bench.openFile('src/ask.mjs');
    await bench.palette('Plateau: Find the Bottleneck');
    await bench.rows.filter({ hasText: 'Run ask.mjs' }).first().waitFor();
    expect(await bench.rows.filter({ hasText: 'in a loop' }).count()).toBe(0);
    await bench.choose('Run ask.mjs');
    view = await bench.flameGraph('.verdict h2');
    expect(await view.locator('.verdict h2').textContent()).toBe('The thread is blocked by another program');
    expect(await view.locator('.place .link').textContent()).toBe('src/ask.mjs:5');
    expect(await view.locator('.turn').count()).toBe(4);
    expect(await view.locator('.turn .taken').count()).toBe(4);
    expect(await view.locator('.turn').last().locator('.taken').textContent()).toContain('yes, concurrency');
    expect(await view.locator('.turn').last().locator('.over').count()).toBe(0);
    expect(await view.locator('.turn .measured dt').allTextContents()).toContain('in synchronous children');
    expect(reports()).toHaveLength(1);
  });

  test('one button, by keyboard, for the next step; the flame graph is the other', async () => {
    await view.locator('.steps .primary').focus();
    await bench.page.keyboard.press('Enter');
    await bench.page.locator('.part.statusbar', { hasText: 'Ln 5, Col 1' }).waitFor({ timeout: 15_000 });
    expect(await view.locator('.steps button').allTextContents()).toEqual(['Go to the line', 'Show it in the flame graph', 'Measure again']);
    await view.locator('.steps .secondary').first().click();
    const graph = await bench.flameGraph();
    expect(await graph.locator('#focused-frame').textContent()).toContain('ask');
  });

  const reload = async (): Promise<void> => {
    await bench.page.waitForTimeout(1000); // VS Code saves its layout by and by
    await bench.palette('Developer: Reload Window');
    await bench.page.waitForTimeout(3000);
    await bench.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  };

  test('survives a reload of the window, and a report that is cut says so', async () => {
    await bench.palette('View: Close All Editors');
    const [report] = reports();
    const name = path.basename(report as string);
    await bench.palette('Go to File');
    await bench.quickInput.fill(name);
    await bench.choose(name);
    await bench.flameGraph('.verdict h2');
    await reload();
    view = await bench.flameGraph('.verdict h2');
    expect(await view.locator('.place .link').textContent()).toBe('src/ask.mjs:5');
    const text = readFileSync(report as string, 'utf8');
    writeFileSync(report as string, text.slice(0, text.length / 2));
    await reload();
    view = await bench.flameGraph('.failure');
    expect(await view.locator('.failure').textContent()).toContain('expected whole JSON');
    writeFileSync(report as string, text);
    await view.locator('.failure button').click();
    await view.locator('.verdict h2').waitFor();
  });
});
