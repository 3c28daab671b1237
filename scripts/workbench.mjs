// Drives a VS Code in a browser the way a person does: the palette, keys, clicks.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ensureBrowser, root } from './setup.mjs';
import { browserFlags, writeSettings } from './vscode-server.mjs';

/** Milliseconds to wait for what comes about by itself, on a machine that has other things to do. */
const LONG = 60_000;

export async function openBrowser({ headless = true } = {}) {
  return chromium.launch({ executablePath: ensureBrowser(), headless, args: browserFlags });
}

/** A copy of the bundled example, with settings, that a test may change as it likes. */
export function exampleWorkspace(settings) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau-orders-'));
  cpSync(path.join(root, 'examples', 'orders'), folder, { recursive: true, filter: (file) => !file.includes('.plateau') });
  writeSettings(folder, settings);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}

/** Opens a workspace in a window and waits until it can be used. */
export async function openWorkbench(browser, url, { width = 1400, height = 900, colorScheme = 'dark' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  await page.locator('.monaco-workbench .explorer-viewlet, .monaco-workbench .pane-header').first().waitFor({ timeout: 60_000 });
  // Until extensions are known to the window, a profile would open as text.
  await page.locator('.activitybar .action-label[aria-label="Plateau"]').waitFor({ timeout: 60_000 });
  const bench = workbench(page);
  await page.waitForTimeout(1500);
  await bench.hideSecondSideBar();
  return bench;
}

export function workbench(page) {
  const quickInput = page.locator('.quick-input-widget input').first();
  const rows = page.locator('.quick-input-widget .monaco-list-row');
  const bench = {
    page,
    quickInput,
    rows,
    async palette(command) {
      // A window that is still starting may take a key before it can act on it, or close the list again.
      for (let attempt = 0; ; attempt++) {
        await page.keyboard.press('F1');
        const row = rows.filter({ hasText: command }).first();
        const isThere = await quickInput
          .waitFor({ state: 'visible', timeout: 3000 })
          .then(() => quickInput.fill(`>${command}`, { timeout: 2000 }))
          .then(() => row.waitFor({ timeout: 4000 }))
          .then(() => row.click({ timeout: 2000 }))
          .then(
            () => true,
            () => false,
          );
        if (isThere) return;
        if (attempt >= 5) throw new Error(`the command palette does not offer "${command}"`);
        await page.keyboard.press('Escape');
      }
    },
    /** Opens a file of the workspace from the Explorer, by its path from the folder. */
    async openFile(file) {
      const segments = file.split('/');
      const explorer = page.locator('.explorer-folders-view');
      for (let attempt = 0; attempt < 8 && !(await explorer.isVisible()); attempt++) {
        await page.keyboard.press('Control+Shift+e');
        await explorer.waitFor({ timeout: 3000 }).catch(() => {});
      }
      for (const at of segments.keys()) {
        const isLast = at === segments.length - 1;
        const end = `/${segments.slice(0, at + 1).join('/')}`;
        const row = page
          .locator(`.explorer-folders-view .monaco-list-row[aria-level="${at + 1}"]`)
          .filter({ has: page.locator(`[aria-label$="${end}"], [aria-label*="${end} •"]`) })
          .first();
        await row.waitFor({ timeout: LONG });
        if (isLast) await row.dblclick();
        // The Explorer may unfold what it reveals by itself, and a click then folds it again.
        for (let attempt = 0; !isLast && attempt < 8; attempt++) {
          const isOpen = (await row.getAttribute('aria-expanded')) === 'true';
          if (!isOpen) await row.click();
          await page.waitForTimeout(300);
          if (isOpen && (await row.getAttribute('aria-expanded')) === 'true') break;
        }
      }
      await page
        .locator('.tab.active', { hasText: segments.at(-1) })
        .first()
        .waitFor({ timeout: LONG });
    },
    /** Puts the cursor on a line and column, both from 1. */
    async goTo(line, column = 1) {
      for (let attempt = 0; attempt < 5; attempt++) {
        await page
          .locator('.editor-group-container.active .monaco-editor')
          .first()
          .click({ position: { x: 200, y: 5 } });
        await page.keyboard.press('Control+g');
        await quickInput.waitFor({ state: 'visible' });
        await quickInput.fill(`:${line}:${column}`);
        await page.waitForTimeout(200);
        await page.keyboard.press('Enter');
        const isDone = await page
          .locator('.part.statusbar', { hasText: `Ln ${line}, Col ${column}` })
          .waitFor({ timeout: 2000 })
          .then(
            () => true,
            () => false,
          );
        if (isDone) return;
        await page.keyboard.press('Escape');
      }
      throw new Error(`the cursor does not go to ${line}:${column}`);
    },
    async choose(text) {
      const row = rows.filter({ hasText: text }).first();
      await row.waitFor({ timeout: LONG });
      await row.click();
    },
    /** The frame of the flame graph's webview, once it shows a profile (or whatever `selector` says). */
    async flameGraph(selector = '.profile .flame-canvas', timeout = 60_000) {
      const end = Date.now() + timeout;
      for (;;) {
        for (const frame of page.frames()) {
          const found = await frame
            .locator(selector)
            .first()
            .isVisible()
            .catch(() => false);
          if (found) return frame;
        }
        if (Date.now() > end) throw new Error(`no webview shows ${selector} within ${timeout / 1000} s; ${await bench.describe()}`);
        await page.waitForTimeout(100);
      }
    },
    /** What every frame shows, in words, and a picture in `out/`: for messages of failures. */
    async describe() {
      const picture = path.join(root, 'out', 'failed.png');
      mkdirSync(path.dirname(picture), { recursive: true });
      await page.screenshot({ path: picture }).catch(() => {}); // the words have to do then
      const frames = page.frames().slice(1);
      const texts = await Promise.all(
        frames.map((frame) =>
          frame
            .locator('body')
            .innerText({ timeout: 2000 })
            .catch((error) => `(${error.message.split('\n')[0]})`),
        ),
      );
      const tabs = await page.locator('.tab').allTextContents();
      return `tabs: ${tabs.join(', ')}; frames: ${texts.map((text) => JSON.stringify(text.slice(0, 300))).join(', ') || 'none'}`;
    },
    notification: (text) => page.locator('.notification-toast', { hasText: text }).first(),
    async dismissNotifications() {
      await bench.palette('Notifications: Clear All Notifications');
    },
    /** A new window shows a second side bar after a while; it is not what these windows are for. */
    async hideSecondSideBar() {
      const close = page.locator('.part.auxiliarybar:visible .codicon-close, .part.auxiliarybar:visible .codicon-auxiliarybar-close').first();
      if (await close.isVisible()) await close.click();
    },
    async shot(file) {
      await bench.hideSecondSideBar();
      await page.screenshot({ path: file });
    },
    close: () => page.context().close(),
  };
  return bench;
}
