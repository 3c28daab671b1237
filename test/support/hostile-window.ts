/** What must hold of a window in which names would like to be more than names. */
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Workbench } from '../../scripts/workbench.mjs';
import { alive, command, type Trap } from './hostile-workspace';
import { until } from './journey';

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
  expect(await seen(), where).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u009b]/);
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
