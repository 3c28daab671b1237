// Runs the suite of test/extension inside of a real extension host: the VS Code server in Chromium.
import path from 'node:path';
import { format } from 'node:util';
import * as esbuild from 'esbuild';
import { root } from './setup.mjs';
import { startVsCode } from './vscode-server.mjs';
import { exampleWorkspace, openBrowser } from './workbench.mjs';

/** Bundles the suite; Mocha is its runner and stays outside. Gives the file that VS Code runs. */
export async function bundleSuite() {
  const outfile = path.join(root, 'out', 'extension-suite', 'index.cjs');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/extension/index.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}

export async function runExtensionSuite() {
  const tests = await bundleSuite();
  const workspace = exampleWorkspace();
  const vscode = await startVsCode();
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
    let summary = { passed: 0, failed: 1 };
    const done = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const text = format(...args);
      const match = /^plateau-suite (\d+) passed, (\d+) failed$/.exec(text);
      if (match) summary = { passed: Number(match[1]), failed: Number(match[2]) };
      else if (/^\s*(✔|\d+\)|\d+ (passing|failing)|FAILED)|^ {2}\S/.test(text)) console.log(text);
    });
    await page.goto(vscode.url(workspace.folder, tests));
    const timeout = new Promise((_, reject) => setTimeout(() => reject(new Error('the suite did not end within 8 minutes')), 480_000).unref());
    await Promise.race([done, timeout]);
    return summary;
  } finally {
    await browser.close();
    vscode.stop();
    workspace.remove();
  }
}
