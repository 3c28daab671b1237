import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningVsCode, startVsCode } from '../../scripts/vscode-server.mjs';
import { exampleWorkspace, openBrowser, openWorkbench, type Workbench } from '../../scripts/workbench.mjs';
import { root } from '../support/run';
import { until } from '../support/wait';

/** Answers each request by exercising the program that leaks. */
const SERVER = `
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { exercise } from './map-grows.mjs';
http.createServer((_, response) => response.end(String(exercise()))).listen(0, '127.0.0.1', function () {
  writeFileSync('port', String(this.address().port));
});
`;
const KNOCK = `import { existsSync, readFileSync } from 'node:fs';
while (!existsSync('port')) await new Promise((resolve) => setTimeout(resolve, 50));
for (let i = 0; i < 3; i++) await fetch('http://127.0.0.1:' + readFileSync('port', 'utf8'));
`;

describe('a leak hunt', () => {
  let vscode: RunningVsCode;
  let browser: Browser;
  let workspace: ReturnType<typeof exampleWorkspace>;
  let bench: Workbench;
  let panel: Frame;
  const inWorkspace = (name: string): string => path.join(workspace.folder, name);
  const leaks = path.join(root, 'test', 'programs', 'leaks');
  beforeAll(async () => {
    vscode = await startVsCode();
    browser = await openBrowser();
    workspace = exampleWorkspace();
    cpSync(path.join(leaks, 'map-grows.mjs'), inWorkspace('map-grows.mjs'));
    writeFileSync(inWorkspace('visits.mjs'), SERVER);
    writeFileSync(inWorkspace('knock.mjs'), KNOCK);
    bench = await openWorkbench(browser, vscode.url(workspace.folder));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await bench.shot(path.join(root, 'out', `failed-${task.name.replace(/\W+/g, '-').slice(0, 60)}.png`)).catch(() => {});
  });
  afterAll(async () => {
    await bench?.close();
    workspace?.remove();
    await browser?.close();
    vscode?.stop();
  });

  const press = (key: string): Promise<void> => bench.page.keyboard.press(key);
  const status = async (): Promise<string> => (await panel.locator('.status').textContent()) ?? '';
  const focused = (): Promise<string> => panel.evaluate(() => (document.hasFocus() ? (document.activeElement?.textContent ?? '') : '(elsewhere)'));
  const ended = (): Promise<boolean> => panel.locator('.status.good, .status.bad, .status.warn').isVisible();
  const visit = async (times: number): Promise<void> => {
    await until('the program listens', () => existsSync(inWorkspace('port')), 60_000);
    for (let i = 0; i < times; i++) await (await fetch(`http://127.0.0.1:${readFileSync(inWorkspace('port'), 'utf8')}`)).text();
  };
  const problems = async (): Promise<string> => ((await bench.page.locator('.part.statusbar [id="status.problems"]').getAttribute('aria-label')) ?? '').trim();

  test('by hand and by keyboard alone: the panel asks, Next goes on, the leak is ranked with its line', async () => {
    await bench.openFile('visits.mjs');
    await bench.palette('Plateau: Hunt a Leak');
    await bench.choose('By hand');
    await bench.choose('Run visits.mjs');
    panel = await bench.flameGraph('.actions .primary');
    expect(await panel.locator('h1').textContent()).toMatch(/visits\.mjs, by hand$/);
    for (const stage of ['Warm-up', 'Round 1', 'Round 2']) {
      await until(`${stage} is asked for`, async () => (await status()).startsWith(`${stage}: use the program now`), 60_000);
      expect(await panel.locator('.stages [aria-current=step]').textContent()).toBe(stage);
      // Who is in the terminal, or in the program's own window, is not pulled out of it.
      await visit(17);
      if ((await focused()) !== 'Next') await bench.palette('View: Focus Active Editor Group');
      await until('Next has the focus', async () => (await focused()) === 'Next');
      await press('Enter');
      await until('it is taken once', async () => !(await status()).startsWith(`${stage}: use`));
    }
    await until('the result', ended, 60_000);
    expect(await status()).toMatch(/^One leak\. Heap [\d.]+ MB → [\d.]+ MB → [\d.]+ MB\.$/);
    expect(await panel.locator('.chart svg').getAttribute('aria-label')).toMatch(/^Heap in use [\d.]+ MB/);
    expect(await panel.locator('.chart .mark').count()).toBe(3);
    expect(await panel.locator('.leak h2').textContent()).toMatch(/^Leak Session[\d.]+ k?B$/);
    expect(await panel.locator('.leak .figures').textContent()).toMatch(/^17 → 34 → 51 objects/);
    expect(await panel.locator('.leak p').nth(1).textContent()).toContain('sessions (Map) in module');
    await until('the panel goes on by keyboard', async () => (await focused()) === 'Fix and Hunt Again');
  });

  test('the keyboard leads to the line, which stands in the Problems panel, and opens the path', async () => {
    await press('Tab');
    await until('the first link', async () => (await focused()) === 'Kept at map-grows.mjs:2');
    for (let i = 0; i < 8 && (await focused()) !== 'Retaining path'; i++) await press('Tab');
    await press('Enter');
    await panel.locator('details[open] .path li', { hasText: 'sessions' }).waitFor();
    for (let i = 0; i < 8 && (await focused()) !== 'Kept at map-grows.mjs:2'; i++) await press('Shift+Tab');
    await press('Enter');
    await bench.page.locator('.tab.active', { hasText: 'map-grows.mjs' }).waitFor();
    await until('the cursor is on it', async () => ((await bench.page.locator('.part.statusbar').textContent()) ?? '').includes('Ln 2, Col 7'));
    await until('two warnings', async () => /Warnings: 2/.test(await problems()));
  });

  test('Fix and Hunt Again says that it is gone', async () => {
    rmSync(inWorkspace('port'));
    const text = readFileSync(inWorkspace('map-grows.mjs'), 'utf8');
    writeFileSync(inWorkspace('map-grows.mjs'), text.replace('sessions.set(session.id, session);', "sessions.set('latest', session);"));
    await panel.locator('.actions .primary', { hasText: 'Fix and Hunt Again' }).click();
    await until('the program runs', () => existsSync(inWorkspace('port')), 60_000);
    while (!(await ended())) {
      const next = panel.locator('.actions .primary:enabled', { hasText: 'Next' });
      if (await next.isVisible()) {
        await visit(17);
        await next.click();
      } else await bench.page.waitForTimeout(200);
    }
    expect(await status()).toMatch(/^No leak: nothing grew in both rounds\./);
    expect(await panel.locator('.gone').textContent()).toMatch(/^Gone: sessions \(Map\) in module/);
    await until('no warning any more', async () => /No Problems|Warnings: 0/.test(await problems()));
    await bench.palette('View: Close All Editors');
    cpSync(path.join(leaks, 'map-grows.mjs'), inWorkspace('map-grows.mjs'));
  });

  test('by calls of an exported function', async () => {
    await bench.openFile('map-grows.mjs');
    await bench.goTo(13, 6);
    await bench.palette('Plateau: Hunt a Leak');
    await bench.choose('Call exercise');
    await bench.page.getByPlaceholder("'text', [1, 2, 3]").waitFor();
    await press('Enter');
    await until('how often', async () => (await bench.quickInput.inputValue()) === '31');
    await press('Enter');
    panel = await bench.flameGraph('.actions button');
    await until('the result', ended, 60_000);
    expect(await panel.locator('.leak .figures').textContent()).toMatch(/^31 → 62 → 93 objects at the three snapshots · each time 1 more, [\d.]+ k?B$/);
    await bench.palette('View: Close All Editors');
  });

  test('by a command; Cancel keeps nothing', async () => {
    rmSync(inWorkspace('port'), { force: true });
    await bench.openFile('visits.mjs');
    await bench.palette('Plateau: Hunt a Leak');
    await bench.choose('Run a command');
    await bench.quickInput.fill('node knock.mjs');
    await press('Enter');
    await bench.choose('Run visits.mjs');
    await until('how often', async () => /^\d+$/.test(await bench.quickInput.inputValue()));
    await bench.quickInput.fill('5');
    await press('Enter');
    panel = await bench.flameGraph('.actions button');
    await until('the result', ended, 120_000);
    expect(await status()).toMatch(/^One leak\./);
    // Each of the command's three requests.
    expect(await panel.locator('.leak .figures').textContent()).toMatch(/^15 → 30 → 45 objects at the three snapshots · each time 3 more, [\d.]+ k?B$/);
    await panel.locator('.actions button', { hasText: 'Hunt Again' }).click();
    await panel.locator('.actions button', { hasText: 'Cancel' }).click();
    await until('cancelled', async () => (await status()) === 'The hunt was cancelled; nothing was kept.');
    await bench.palette('View: Close All Editors');
  });
});
