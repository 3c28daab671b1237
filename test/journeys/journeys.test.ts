import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { writeSettings } from '../../scripts/vscode-server.mjs';
import type { Workbench } from '../../scripts/workbench.mjs';
import { inOwnVsCode, type OpenedWorkbench, sharedVsCode, sharedWorkbench, until } from '../support/journey';
import { isRunning } from '../support/wait';

const shared = sharedVsCode();

describe('from the palette to the cause', () => {
  let workspace: OpenedWorkbench['workspace'];
  let bench: Workbench;
  let graph: Frame;
  sharedWorkbench(shared, (opened) => {
    ({ bench, workspace } = opened);
  });
  const recorded = (): string[] => {
    const folder = path.join(workspace.folder, '.plateau', 'profiles');
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.cpuprofile')) : [];
  };
  const crumbs = () => graph.locator('.crumb').allTextContents();
  const focused = () => graph.locator('#focused-frame').textContent();

  test('Profile Function, by keyboard alone: choose, type, record, see', async () => {
    await bench.openFile('src/match-orders.ts');
    await bench.goTo(9, 30);
    await bench.palette('Plateau: Profile Function');
    await bench.choose('Run a command line');
    await bench.quickInput.fill('node nothing-there.js');
    await bench.page.keyboard.press('Escape');
    await bench.palette('Plateau: Profile Function');
    await bench.rows.filter({ hasText: 'Call it in a loop' }).first().waitFor();
    await bench.quickInput.fill('Call it in a loop');
    await bench.page.keyboard.press('Enter');
    const step = async (title: string, text: string): Promise<void> => {
      await bench.page.locator('.quick-input-title', { hasText: title }).waitFor();
      await bench.quickInput.fill(text);
    };
    await step('matchOrders(…)', '[{ id: 1, }, [');
    await bench.page.locator('.quick-input-message', { hasText: 'column' }).waitFor();
    await step(
      'matchOrders(…)',
      "Array.from({ length: 300 }, (_, id) => ({ id, customerId: 2000 - id, at: '2026-01-05T00:00:00Z', items: [] })), Array.from({ length: 2001 }, (_, id) => ({ id }))",
    );
    await bench.page.locator('.quick-input-message', { hasText: 'column' }).waitFor({ state: 'hidden' });
    await bench.page.keyboard.press('Enter');
    await step('For how long?', '1.5');
    await bench.page.keyboard.press('Enter');
    graph = await bench.flameGraph();
    await until('the function is in focus', async () => (await crumbs()).at(-1) === 'matchOrders');
    expect(await graph.locator('h1').textContent()).toBe('matchOrders');
    expect(await graph.locator('.loop').textContent()).toMatch(/calls\/s \(.* – .*, 95 %\), .* a call/);
    expect(await graph.locator('.finding.error .name').first().textContent()).toMatch(
      /^matchOrders(?:: searches customers for each of orders)?$|searched by key/,
    );
    expect(await graph.locator('.panel').isVisible()).toBe(false);
    await graph.locator('.flame-tree').focus();
    await bench.page.keyboard.press('p');
    await until('hot lines', async () => (await graph.locator('.line').count()) > 2);
    expect(await graph.locator('.panel h3').allTextContents()).toEqual(['Own time by line', 'Callers', 'Callees']);
    expect(recorded().length).toBe(1);
  });

  test('the picture comes first, in every size of the window', async () => {
    const height = async (selector: string): Promise<number> => (await graph.locator(selector).first().boundingBox())?.height ?? 0;
    const sizes = [
      { width: 1100, height: 700, overview: 20, flame: 270, panel: 160 },
      { width: 1920, height: 1080, overview: 24, flame: 404, panel: 222 },
      { width: 1400, height: 900, overview: 24, flame: 404, panel: 205 },
    ];
    for (const { width, height: high, overview, flame, panel } of sizes) {
      await bench.page.setViewportSize({ width, height: high });
      const size = `${width}x${high}`;
      await until(`the overview of ${size}`, async () => (await height('.minimap')) === overview);
      for (const [selector, most] of Object.entries({ '.top': 28, '.findings': 26, '.toolbar': 28, '.breadcrumb': 22, footer: 22 }))
        expect(await height(selector), `${selector} at ${size}`).toBe(most);
      const whole = await graph.locator('body').evaluate(() => innerHeight);
      const below = await height('.graph');
      expect(below, `the graph over the panel at ${size}`).toBeGreaterThanOrEqual(Math.max(240, flame));
      expect(below).toBeGreaterThanOrEqual(Math.floor(whole / 2) - 22);
      expect(await height('.panel')).toBeGreaterThanOrEqual(panel - 20);
      await graph.locator('.flame-tree').focus();
      await bench.page.keyboard.press('p');
      await until('no panel', async () => !(await graph.locator('.panel').isVisible()));
      expect(await height('.graph')).toBeGreaterThan(below + panel - 25);
      await bench.page.keyboard.press('p');
    }
    await graph.locator('.sash').focus();
    const before = await height('.panel');
    for (let i = 0; i < 3; i++) await bench.page.keyboard.press('ArrowDown');
    await until('a lower panel', async () => Math.abs((await height('.panel')) - before + 48) <= 1);
    await bench.page.keyboard.press('Home');
    await until('as at first', async () => Math.abs((await height('.panel')) - before) <= 1);
  });

  test('the last choice comes first, and is remembered', async () => {
    await bench.palette('View: Close All Editors');
    await bench.openFile('src/match-orders.ts');
    await bench.goTo(9, 30);
    await bench.palette('Plateau: Profile Function');
    await bench.rows.first().waitFor();
    await until('the last choice', async () => /matchOrders\(.*as last time/s.test((await bench.rows.first().textContent()) ?? ''));
    await bench.page.keyboard.press('Escape');
  });

  test('Profile Active File shows the whole program; the costs stand beside the code', async () => {
    await bench.openFile('src/main.ts');
    await bench.palette('Plateau: Profile Active File');
    await bench.choose('Run main.ts');
    await until('recorded', () => recorded().length === 2);
    graph = await bench.flameGraph();
    await until(
      'shown',
      async () =>
        (await graph
          .locator('h1')
          .textContent()
          .catch(() => '')) === 'node main.ts',
    );
    await bench.openFile('src/match-orders.ts');
    const besideLines = () =>
      bench.page
        .locator('.monaco-editor .view-line span')
        .evaluateAll((spans) => spans.map((span) => getComputedStyle(span, '::after').content).filter((text) => text !== 'none'));
    await until('a cost beside the hot line', async () => (await besideLines()).some((text) => /\d\s?m?s/.test(text)));
    await bench.palette('View: Close All Editors');
    await bench.palette('Plateau: Active Profile');
    await bench.choose('Show the Flame Graph');
    graph = await bench.flameGraph();
    // Nothing in it has been clicked: the keys work all the same.
    await until(
      'a key moves the focus',
      async () => {
        await bench.page.keyboard.press('ArrowDown');
        return !(await focused())?.startsWith('(root)');
      },
      8000,
    );
  });

  test('arrow keys walk, Enter zooms, Backspace and Home lead back', async () => {
    await graph.locator('.flame-tree').focus();
    const press = (key: string) => bench.page.keyboard.press(key);
    await press('Home');
    for (let i = 0; i < 30 && !(await focused())?.startsWith('matchOrders,'); i++) await press('ArrowDown');
    expect(await focused()).toMatch(/^matchOrders, .* total, .* %, .* self, \d+ callees?(?:, finding: .+)*$/);
    expect(Number(await graph.locator('#focused-frame').getAttribute('aria-level'))).toBeGreaterThan(4);
    await press('Enter');
    await until('zoomed', async () => (await crumbs()).at(-1) === 'matchOrders');
    await press('Backspace');
    await until('one step out', async () => (await crumbs()).at(-1) === 'build');
    await press('Home');
    await until('everything', async () => (await crumbs()).length === 1);
    await press('ArrowUp');
    expect(await focused()).toMatch(/^build,/);
    await press('?');
    await graph.locator('dialog[open]').waitFor();
    await press('Escape');
    await graph
      .locator('dialog[open]')
      .waitFor({ state: 'detached' })
      .catch(() => {});
  });

  test('search tells the share that matches, and what is wrong with an expression', async () => {
    await graph.locator('.flame-tree').focus();
    await bench.page.keyboard.press('/');
    await bench.page.keyboard.type('match-orders');
    await until('a share', async () => /^\d[\d.]* % · (?:\d+ of )?\d+$/.test((await graph.locator('.search-status').textContent()) ?? ''));
    await bench.page.keyboard.press('Enter');
    await until('a match is selected', async () => /matchOrders|match-orders/.test((await focused()) ?? ''));
    const place = async (): Promise<string[]> => (/ (\d+) of (\d+)$/.exec((await graph.locator('.search-status').textContent()) ?? '') ?? []).slice(1);
    const [at, count] = (await place()).map(Number) as [number, number];
    await bench.page.keyboard.press('n');
    await until('the next one', async () => (await place())[0] === String((at % count) + 1));
    await graph.getByRole('button', { name: 'Previous match' }).click();
    await until('the one before', async () => (await place())[0] === String(at));
    await graph.locator('input[type=search]').fill('/(/');
    await until('the mistake', async () => (await graph.locator('.search-status').textContent()) === 'not a valid expression');
    await graph.locator('input[type=search]').fill('no such thing');
    await until('no match', async () => (await graph.locator('.search-status').textContent()) === 'no match');
    await graph.locator('input[type=search]').fill('/^match(Orders)?$/');
    await until('what an expression matches', async () => /^\d[\d.]* % · (?:1 of )?\d+$/.test((await graph.locator('.search-status').textContent()) ?? ''));
    // Tries 32^n ways on a name of n letters: days, for `matchOrders`.
    await graph.locator('input[type=search]').fill(`/^(${Array(32).fill('\\w').join('|')})+!$/`);
    await until('that it takes too long', async () => (await graph.locator('.search-status').textContent()) === 'takes too long');
    await graph.locator('input[type=search]').fill('matchOrders');
    await until('the next search', async () => /^\d[\d.]* % · (?:\d+ of )?\d+$/.test((await graph.locator('.search-status').textContent()) ?? ''));
    await bench.page.keyboard.press('Escape');
  });

  test('every view by its key, what is selected stays; transforms are chips, undo takes them back', async () => {
    const press = (key: string) => bench.page.keyboard.press(key);
    const shows = async () => (await graph.locator('.shown').textContent()) ?? '';
    const chips = () => graph.locator('.chip-text').allTextContents();
    await graph.locator('.flame-tree').focus();
    await press('Home');
    for (let i = 0; i < 30 && !(await focused())?.startsWith('matchOrders,'); i++) await press('ArrowDown');
    await press('4');
    const rows = graph.locator('.table-view .row');
    await until('the table stands at the function', async () => (await graph.locator('.row.selected .code').textContent()) === 'matchOrders');
    await graph.locator('.column-title', { hasText: 'Function' }).click();
    await until('sorted by name', async () => (await graph.locator('[role=columnheader][aria-sort=ascending]').textContent())?.startsWith('Function') === true);
    await graph.getByRole('tab', { name: 'Bottom up' }).click();
    await until('a tree', async () => (await rows.first().getAttribute('aria-level')) === '1' && (await graph.locator('.twisty').count()) > 0);
    await graph.getByRole('tab', { name: 'Functions' }).click();
    await graph.locator('.column-title', { hasText: /^Self$/ }).click();
    await graph.locator('.row .code', { hasText: /^matchOrders$/ }).click();
    await press('3');
    await until('callers and callees', async () => ((await graph.locator('.sandwich-title').textContent()) ?? '').startsWith('matchOrders'));
    await press('5');
    await until('the lines of the function', async () =>
      (await graph.locator('.source-line').allTextContents()).some((line) => line.includes('customers.find') && line.includes('%')),
    );
    await press('2');
    await graph.locator('.timeline-view .tick').first().waitFor();
    for (let i = 0; i < 4; i++) await press('+');
    await press('t');
    await until('a range', async () => /^shows .* of .* · \d/.test(await shows()));
    expect((await chips())[0]).toMatch(/^[\d.]+ m?s – [\d.]+ m?s$/);
    await press('1');
    await graph.locator('.flame-tree').focus();
    await press('y');
    await until('a second chip', async () => (await chips()).includes('only my code'));
    await press('i');
    await until('inverted', async () => (await chips()).includes('inverted'));
    await press('u');
    await press('u');
    await until('one is left', async () => (await chips()).length === 1);
    await graph.locator('.chip-close').click();
    await until('all of it', async () => (await chips()).length === 0);
    await graph.locator('.flame-tree').focus();
    for (let i = 0; i < 30 && !(await focused())?.startsWith('matchOrders,'); i++) await press('ArrowDown');
    await press('m');
    await graph.getByRole('menuitem', { name: 'Focus on function' }).waitFor();
    await press('Enter');
    await until('focused', async () => (await chips()).join() === 'focus: matchOrders');
    const share = (await graph.locator('.panel .bar .number').last().textContent()) ?? '';
    expect(share).toBe('100.0 %');
    await graph.locator('.flame-tree').focus();
    await press('u');
    await until('as before', async () => (await chips()).length === 0);
  });

  test('only my code is remembered for the next profile', async () => {
    const chips = () => graph.locator('.chip-text').allTextContents();
    const reopen = async () => {
      await bench.palette('View: Close All Editors');
      await bench.palette('Plateau: Active Profile');
      await bench.choose('Show the Flame Graph');
      graph = await bench.flameGraph();
      await graph.locator('.flame-tree').focus();
    };
    await graph.locator('.my-code').click();
    await until('only my code', async () => (await chips()).join() === 'only my code');
    await reopen();
    expect(await chips()).toEqual(['only my code']);
    expect(await graph.locator('.my-code').getAttribute('aria-pressed')).toBe('true');
    await bench.page.keyboard.press('y');
    await until('all code', async () => (await chips()).length === 0);
    await reopen();
    expect(await chips()).toEqual([]);
  });

  test('findings are a to-do list, by keyboard: open, show, done, undo', async () => {
    const press = (key: string) => bench.page.keyboard.press(key);
    const decisions = path.join(workspace.folder, '.plateau', 'findings.json');
    const item = graph.locator('.todo-item.selected');
    const groups = () => graph.locator('.todo h3').allTextContents();
    await graph.locator('.flame-tree').focus();
    await press('Home');
    await press('f');
    await until('the first finding has the focus', () => graph.locator('.todo-head:focus').count());
    // Patterns follow the heuristics after a moment.
    await until('the pattern is listed', async () => (await graph.locator('.todo-title').allTextContents()).some((title) => /searched by key/.test(title)));
    const open = await graph.locator('.todo-item.open').count();
    for (let i = 0; i < open && !(await item.textContent())?.includes('searched by key'); i++) await press('ArrowDown');
    expect(await item.locator('.todo-where').textContent()).toMatch(/^(Bottleneck|Investigate) · src\/match-orders\.ts:9$/);
    await press('Enter');
    await until('its box is shown, the list stays', async () => (await crumbs()).at(-1) === 'matchOrders' && (await item.isVisible()));
    expect(await focused()).toMatch(/^matchOrders, .*, finding: (Bottleneck|Investigate): /);
    await press('d');
    await until('done', async () => (await groups()).join() === `Open ${open - 1},Done 1`);
    expect(await graph.locator('.todo-told').textContent()).toMatch(new RegExp(`^Marked as done: Array searched.*${open - 1} findings? open`));
    expect(await graph.locator('.todo-item.done .todo-title').textContent()).toMatch(/searched by key/);
    await until('it is kept', () => existsSync(decisions) && readFileSync(decisions, 'utf8').includes('"status": "done"'));
    await until('the focus goes on', () => graph.locator('.todo-item.open.selected .todo-head:focus').count());
    await press('u');
    await until('open again', async () => (await groups()).join() === `Open ${open}`);
    await until('nothing is kept', () => !readFileSync(decisions, 'utf8').includes('"status"'));
    await press('g');
    await bench.page.locator('.tab', { hasText: 'match-orders.ts' }).first().waitFor();
    await until('the cursor is on the line', async () => /Ln 9, Col/.test((await bench.page.locator('.part.statusbar').textContent()) ?? ''));
    await bench.page.locator('.tab', { hasText: 'match-orders.ts' }).first().click();
    await bench.palette('View: Close Editor');
    graph = await bench.flameGraph();
    await graph.locator('.todo-head:visible').first().waitFor();
    await graph.getByRole('tab', { name: 'Function', exact: true }).click();
  });

  test('the same profile in speedscope', async () => {
    await graph.getByText('View ▾').click();
    await graph.getByRole('menuitem', { name: 'Open in speedscope' }).click();
    await bench.page.locator('.tab', { hasText: 'speedscope: node-main.ts' }).waitFor();
    const texts = () =>
      Promise.all(
        bench.page.frames().map((frame) =>
          frame
            .locator('body')
            .innerText({ timeout: 1000 })
            .catch(() => ''),
        ),
      );
    await until('its toolbar', async () => (await texts()).some((text) => text.includes('Left Heavy') && text.includes('node-main.ts')));
    await bench.palette('View: Close Editor');
    graph = await bench.flameGraph();
  });

  test('a click selects, two clicks zoom; the source opens at the function', async () => {
    // The tab's own hover is over the page as long as the pointer is over the tab.
    await bench.page.mouse.move(700, 600);
    await graph.locator('.finding').first().click();
    await until('the finding is shown', async () => (await graph.locator('.panel h2').textContent()) === 'matchOrders');
    const canvas = graph.locator('.flame-canvas');
    const box = await canvas.boundingBox();
    // Two callers are in sight above the frame that fills the width.
    const caller = async (): Promise<string> => (await crumbs()).at(-3) ?? '';
    const name = await caller();
    await bench.page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 10);
    await until('the caller is selected', async () => (await graph.locator('.panel h2').textContent()) === name);
    expect((await crumbs()).at(-1)).toBe('matchOrders');
    await bench.page.mouse.dblclick((box?.x ?? 0) + 40, (box?.y ?? 0) + 10);
    await until('the caller fills the width', async () => (await crumbs()).at(-1) === name);
    await graph.getByText('Reset zoom').click();
    await until('everything', async () => (await crumbs()).length === 1);
    await bench.page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 70);
    await until('a tooltip', async () => /total .* · .* %/.test((await graph.locator('.tooltip').textContent()) ?? ''));
    await graph.locator('.finding').first().click();
    await graph.locator('.flame-tree').focus();
    await bench.page.keyboard.press('o');
    await bench.page.locator('.tab', { hasText: 'match-orders.ts' }).first().waitFor();
    await until('the cursor is on the function', async () => /Ln 4, Col/.test((await bench.page.locator('.part.statusbar').textContent()) ?? ''));
    await bench.palette('View: Close All Editors');
  });

  test('a theme change repaints, a reload brings everything back', async () => {
    await bench.palette('Plateau: Active Profile');
    await bench.choose('Show the Flame Graph');
    graph = await bench.flameGraph();
    await graph.locator('.finding').first().click();
    await until('zoomed', async () => (await crumbs()).at(-1) === 'matchOrders');
    const pixel = () =>
      graph
        .locator('.flame-canvas')
        .evaluate((canvas) =>
          [...(((canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D).getImageData(300, 10, 1, 1).data as Uint8ClampedArray)].join(),
        );
    const dark = await pixel();
    writeSettings(workspace.folder, { 'workbench.colorTheme': 'Default Light Modern' });
    await until('repainted', async () => (await pixel()) !== dark);
    await bench.page.waitForTimeout(1000); // VS Code saves its layout by and by
    await bench.palette('Developer: Reload Window');
    await bench.page.waitForTimeout(3000);
    await bench.page.locator('.monaco-workbench .part.statusbar').waitFor();
    graph = await bench.flameGraph();
    await until('zoomed as before', async () => (await crumbs()).at(-1) === 'matchOrders');
    await until('the status bar knows the profile', async () => /node main\.ts/.test((await bench.page.locator('.part.statusbar').textContent()) ?? ''));
  });

  test('hidden and shown again, it is where it was', async () => {
    await bench.openFile('src/main.ts');
    await bench.page.locator('.tab', { hasText: '.cpuprofile' }).first().click();
    graph = await bench.flameGraph();
    await until('zoomed as before', async () => (await crumbs()).at(-1) === 'matchOrders');
  });

  test('a deleted file leaves what was read, and says so', async () => {
    const file = path.join(workspace.folder, '.plateau', 'profiles', recorded().find((name) => name.startsWith('node-main')) as string);
    renameSync(file, `${file}.away`);
    await graph.locator('.banner', { hasText: 'deleted or moved' }).waitFor({ timeout: 30_000 });
    expect(await graph.locator('.flame-canvas').isVisible()).toBe(true);
    renameSync(`${file}.away`, file);
    await graph.locator('.banner', { hasText: 'deleted or moved' }).waitFor({ state: 'hidden', timeout: 30_000 });
  });

  test('the list of recordings deletes and undoes', async () => {
    await bench.palette('View: Close All Editors');
    await bench.palette('Plateau: Focus on Recordings View');
    const rows = bench.page.locator('.pane-body .monaco-list-row', { hasText: /node main\.ts|matchOrders/ });
    await until('two recordings', async () => (await rows.count()) === 2);
    await rows.first().click();
    await bench.flameGraph();
    await rows.first().click();
    await bench.page.keyboard.press('Delete');
    await until('one left', () => recorded().length === 1);
    // The file is gone a moment before the notification is there.
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
    await until('both again', () => recorded().length === 2);
  });

  test('a file that is no profile says why and what to do', async () => {
    writeFileSync(path.join(workspace.folder, 'broken.cpuprofile'), '{"nodes": [');
    await bench.page.keyboard.press('Control+Shift+e');
    await bench.openFile('broken.cpuprofile');
    graph = await bench.flameGraph('.message[role=alert]');
    expect(await graph.locator('.message').textContent()).toMatch(/cannot be shown.*holds no whole node.*Record it again/s);
    writeFileSync(path.join(workspace.folder, 'broken.cpuprofile'), readFileSync(path.join(workspace.folder, '.plateau', 'profiles', recorded()[0] as string)));
    graph = await bench.flameGraph();
  });
});

test('when VS Code goes away, what it was recording goes with it', async () => {
  const prepare = (folder: string): void =>
    writeFileSync(
      path.join(folder, 'forever.mjs'),
      `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
writeFileSync(${JSON.stringify(path.join(folder, 'pids'))}, process.pid + ' ' + child.pid);
setInterval(() => {}, 1000);\n`,
    );
  await inOwnVsCode(shared.browser, { prepare }, async ({ bench, workspace, vscode }) => {
    const pids = path.join(workspace.folder, 'pids');
    await bench.openFile('forever.mjs');
    await bench.palette('Plateau: Profile Active File');
    await bench.choose('Run forever.mjs');
    await until('it runs', () => existsSync(pids) && readFileSync(pids, 'utf8').includes(' '));
    const running = readFileSync(pids, 'utf8').split(' ').map(Number);
    expect(running.every(isRunning)).toBe(true);
    await bench.close();
    vscode.stop();
    await until('every process is gone', () => !running.some(isRunning));
  });
});

test('as a user has it: progress and Stop are in a notification, what failed is told in one', async () => {
  const prepare = (folder: string): void =>
    writeFileSync(path.join(folder, 'forever.mjs'), 'setInterval(() => { for (let i = 0, s = 0; i < 1e6; i++) s += i; }, 5);\n');
  await inOwnVsCode(shared.browser, { asUser: true, prepare }, async ({ bench }) => {
    await bench.openFile('forever.mjs');
    await bench.palette('Plateau: Profile Active File');
    await bench.choose('Run forever.mjs');
    const progress = bench.notification('Profiling node forever.mjs');
    await progress.filter({ hasText: /sampling, [1-9]\d* s/ }).waitFor();
    await progress.getByText('Stop and Keep').click();
    await bench.flameGraph();
    await progress.waitFor({ state: 'hidden' });
    await bench.palette('View: Close All Editors');
    await bench.openFile('src/match-orders.ts');
    await bench.goTo(16, 12);
    await bench.palette('Plateau: Profile Function');
    await bench.choose('Call it in a loop');
    // It is not exported, and is called all the same.
    await bench.page.locator('.quick-input-title', { hasText: 'orderTotal(…) (1/2)' }).waitFor();
    await bench.page.keyboard.press('Escape');
  });
});

test('an untrusted workspace shows profiles and refuses to run anything', async () => {
  const old = {
    nodes: [
      { id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, children: [2] },
      { id: 2, callFrame: { functionName: 'work', scriptId: '1', url: 'file:///a.js', lineNumber: 0, columnNumber: 0 } },
    ],
    startTime: 0,
    endTime: 50_000,
    samples: Array(50).fill(2),
    timeDeltas: Array(50).fill(1000),
  };
  const few = { ...old, samples: [2, 2, 2], timeDeltas: [0, 1000, 1000] };
  const prepare = (folder: string): void => {
    writeFileSync(path.join(folder, 'old.cpuprofile'), JSON.stringify(old));
    writeFileSync(path.join(folder, 'few.cpuprofile'), JSON.stringify(few));
  };
  await inOwnVsCode(shared.browser, { trusted: false, prepare }, async ({ bench, workspace }) => {
    await bench.page.locator('.part.statusbar', { hasText: 'Restricted Mode' }).waitFor();
    await bench.openFile('old.cpuprofile');
    const graph = await bench.flameGraph();
    expect(await graph.locator('.finding.error .name').first().textContent()).toBe('work');
    await bench.openFile('src/match-orders.ts');
    await bench.palette('Plateau: Profile Active File');
    await bench.palette('Notifications: Show Notifications');
    await bench.page.locator('.notifications-center', { hasText: 'not trusted' }).waitFor();
    expect(existsSync(path.join(workspace.folder, '.plateau'))).toBe(false);
    // Three samples are no ground for "nothing stands out".
    await bench.palette('View: Close All Editors');
    await bench.openFile('few.cpuprofile');
    const small = await bench.flameGraph();
    await small.getByRole('tab', { name: /^Findings/ }).click();
    expect(await small.locator('.todo-list').textContent()).toBe('Too few samples to judge.');
    expect(await small.locator('.notes').textContent()).toContain('Only 3 active samples: findings need 30.');
  });
});
