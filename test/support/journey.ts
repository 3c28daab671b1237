import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type RunningVsCode, startVsCode } from '../../scripts/vscode-server.mjs';
import { exampleWorkspace, openBrowser, openWorkbench, type Workbench } from '../../scripts/workbench.mjs';
import { root } from './run';
import { until as soon } from './wait';

/** Most of what is waited for is drawn by a page in a server in a browser. */
export const until = (what: string, check: () => unknown, milliseconds = 90_000): Promise<void> => soon(what, check, milliseconds);

/** A VS Code in a browser for all tests of a file; there from the first of them on. */
export interface SharedVsCode {
  readonly vscode: RunningVsCode;
  readonly browser: Browser;
}

/** A window of it on a copy of the example. */
export interface OpenedWorkbench {
  readonly bench: Workbench;
  readonly workspace: ReturnType<typeof exampleWorkspace>;
}

/** To be called once, outside of tests. */
export function sharedVsCode(): SharedVsCode {
  let vscode: RunningVsCode | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    vscode = await startVsCode();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    vscode?.stop();
  });
  return {
    get vscode() {
      return started(vscode);
    },
    get browser() {
      return started(browser);
    },
  };
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is started before the first test, not earlier');
  return value;
}

/** One window for the tests of a `describe`, which get it by `use`; one that fails leaves a picture in `out`. `prepare` fills the workspace. */
export function sharedWorkbench(shared: SharedVsCode, use: (opened: OpenedWorkbench) => void, prepare: (folder: string) => void = () => {}): void {
  let opened: OpenedWorkbench | undefined;
  let workspace: OpenedWorkbench['workspace'] | undefined;
  beforeAll(async () => {
    workspace = exampleWorkspace();
    prepare(workspace.folder);
    opened = { bench: await openWorkbench(shared.browser, shared.vscode.url(workspace.folder)), workspace };
    use(opened);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await opened?.bench.shot(path.join(root, 'out', `failed-${task.name.replace(/\W+/g, '-').slice(0, 60)}.png`)).catch(() => {});
  });
  afterAll(async () => {
    await opened?.bench.close();
    workspace?.remove();
  });
}

/** A VS Code of one test's own, and what the test does in it; all of it is gone afterwards. */
export async function inOwnVsCode(
  browser: Browser,
  { prepare = () => {}, ...options }: Parameters<typeof startVsCode>[0] & { readonly prepare?: (folder: string) => void },
  run: (opened: OpenedWorkbench & { readonly vscode: RunningVsCode }) => Promise<void>,
): Promise<void> {
  const vscode = await startVsCode(options);
  const workspace = exampleWorkspace();
  let bench: Workbench | undefined;
  try {
    prepare(workspace.folder);
    bench = await openWorkbench(browser, vscode.url(workspace.folder));
    await run({ bench, workspace, vscode });
  } finally {
    await bench?.close().catch(() => {}); // the test may have closed it
    vscode.stop();
    workspace.remove();
  }
}
