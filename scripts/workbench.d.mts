import type { Browser, Frame, Locator, Page } from 'playwright-core';

export interface Workbench {
  readonly page: Page;
  readonly quickInput: Locator;
  readonly rows: Locator;
  palette(command: string): Promise<void>;
  openFile(file: string): Promise<void>;
  goTo(line: number, column?: number): Promise<void>;
  choose(text: string): Promise<void>;
  flameGraph(selector?: string, timeout?: number): Promise<Frame>;
  describe(): Promise<string>;
  notification(text: string): Locator;
  dismissNotifications(): Promise<void>;
  hideSecondSideBar(): Promise<void>;
  shot(file: string): Promise<void>;
  close(): Promise<void>;
}
export function openBrowser(options?: { headless?: boolean }): Promise<Browser>;
export function exampleWorkspace(settings?: Record<string, unknown>): { readonly folder: string; remove(): void };
export function openWorkbench(browser: Browser, url: string, options?: { width?: number; height?: number; colorScheme?: 'dark' | 'light' }): Promise<Workbench>;
