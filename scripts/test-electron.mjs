// The same suite in a desktop VS Code: one that PLATEAU_VSCODE names, or one that is downloaded.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, ensureDependencies, root, say } from './setup.mjs';

ensureDependencies();
await build();
const { downloadAndUnzipVSCode, runTests } = await import('@vscode/test-electron');
const { bundleSuite } = await import('./extension-suite.mjs');
const { exampleWorkspace } = await import('./workbench.mjs');

const extensionTestsPath = await bundleSuite();
const workspace = exampleWorkspace();
const userData = mkdtempSync(path.join(os.tmpdir(), 'plateau-electron-'));
try {
  const vscodeExecutablePath = process.env.PLATEAU_VSCODE ?? (await download());
  say(`Running in ${vscodeExecutablePath}…`);
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath,
    launchArgs: [workspace.folder, '--disable-extensions', '--disable-workspace-trust', '--user-data-dir', userData],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  workspace.remove();
  rmSync(userData, { recursive: true, force: true });
}

async function download() {
  say('Downloading VS Code…');
  try {
    return await downloadAndUnzipVSCode();
  } catch (error) {
    throw new Error(
      `VS Code could not be downloaded (${error instanceof Error ? error.message : error}). Name an installed one in PLATEAU_VSCODE, or use npm run test:extension, which needs no download of it.`,
    );
  }
}
