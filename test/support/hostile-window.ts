/** What must hold of a window in which names would like to be more than names. */
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { openBrowser, type Workbench } from '../../scripts/workbench.mjs';
import { alive, command, openTrap, type Trap } from './hostile-workspace';
import { until } from './journey';

/** A browser, and a trap for what names would like to load, from before the first test of a file until after its last. */
export function trappedBrowser(): { readonly browser: Browser; readonly trap: Trap } {
  let opened: { readonly browser: Browser; readonly trap: Trap } | undefined;
  beforeAll(async () => {
    opened = { browser: await openBrowser(), trap: await openTrap() };
  });
  afterAll(async () => {
    await opened?.browser.close();
    opened?.trap.close();
  });
  const known = (): NonNullable<typeof opened> => {
    if (!opened) throw new Error('it is opened before the first test');
    return opened;
  };
  return {
    get browser() {
      return known().browser;
    },
    get trap() {
      return known().trap;
    },
  };
}

/** Nothing that a name asks for has happened, anywhere in the window. */
export async function nothingHasActed(bench: Workbench, trap: Trap, where: string): Promise<void> {
  expect(await alive(bench.page, trap.port), where).toEqual([]);
  expect(trap.visits, where).toEqual([]);
  expect(await bench.page.locator('.terminal-wrapper').count(), where).toBe(0);
}

/** A part of the window shows the name, as text, and nothing acts. */
export async function showsAsText(bench: Workbench, trap: Trap, part: Locator, where: string, text: string = command): Promise<void> {
  const seen = async (): Promise<string> => (await part.allInnerTexts()).join('\n').replaceAll('\u200b', '').replaceAll('\u00a0', ' ');
  await until(`${where} shows ${text}`, async () => (await seen()).includes(text), 20_000).catch(async (error: Error) => {
    throw new Error(`${error.message}; it shows ${JSON.stringify((await seen()).slice(0, 600))}; ${await bench.describe()}`);
  });
  expect(await seen(), where).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u009b]/);
  expect(await seen(), where).not.toContain('\u001b');
  await nothingHasActed(bench, trap, where);
}

/** Follows a link to a file, up to the point where VS Code has asked whether Plateau may open it. */
export async function follow(bench: Workbench, file: string): Promise<void> {
  const { page } = bench;
  await bench.palette('Developer: Open URL');
  await page.locator('.quick-input-title, .quick-input-message', { hasText: /url/i }).first().waitFor();
  await bench.quickInput.fill(`code-oss://plateau.plateau/open?file=${encodeURIComponent(file)}&state=e30&command=workbench.action.terminal.new`);
  await page.keyboard.press('Enter');
  await page.locator('.monaco-dialog-box', { hasText: 'open this URI' }).getByRole('button', { name: 'Open' }).click();
}
