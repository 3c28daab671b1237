import Mocha from 'mocha';
import * as vscode from 'vscode';
import { choiceTests } from './choices';
import { exportTests } from './exports';
import { findingTests } from './findings';
import { heapTests } from './heap';
import { huntTests } from './hunt';

import { ownRuleTests } from './own-rules';
import { recordingTests } from './recording';
import { viewTests } from './views';

/** VS Code calls this within the extension host. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'spec', color: false });
  mocha.suite.emit('pre-require', globalThis as never, 'index', mocha);
  // In a browser VS Code saves after a second by itself: what a test has edited on a slow machine would be on disk, and reverting brings that back.
  await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  recordingTests();
  exportTests();
  findingTests();
  ownRuleTests();
  viewTests();
  choiceTests();
  heapTests();
  huntTests();
  let passed = 0;
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', () => {
      passed++;
    });
    runner.on('fail', (test, error: Error) => console.log(`FAILED ${test.fullTitle()}\n${error.stack ?? error.message}`));
  });
  console.log(`plateau-suite ${passed} passed, ${failures} failed`);
  if (failures > 0) throw new Error(`${failures} failed`);
}
