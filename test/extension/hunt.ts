import * as vscode from 'vscode';
import type { HuntDone } from '../../src/protocol/heap-record';
import { assert, fs, inWorkspace, path, until, workspace } from './support';

const LEAK = 'const sessions = new Map();\nlet next = 0;\nclass Session {}\nexport function visit() {\n  sessions.set(next++, new Session());\n}\n';

/** Heap recordings and leak hunts, through the commands that a user runs. */
export function huntTests(): void {
  describe('Hunt a Leak', () => {
    it('finds the leak, and puts it into the Problems panel at the line that keeps it', async () => {
      const file = inWorkspace('visits.mjs');
      fs.writeFileSync(file, LEAK);
      const recipe = { kind: 'loop', file, exported: { name: 'visit' }, args: '', constructorArgs: '', warmupMs: 0, durationMs: 0, cwd: workspace() };
      const plan = { recipe, exercise: { kind: 'call' }, times: 7, warmup: 20, tracksAllocations: true };
      const done = (await vscode.commands.executeCommand('plateau.huntLeak', plan)) as HuntDone;
      assert.equal(done.result.verdict, 'leak');
      assert.deepEqual(done.result.leaks[0]?.retainedAt, { file, line: 1, column: 7 });
      assert.ok(fs.existsSync(done.file), done.file);
      await until('a diagnostic of the leak', () =>
        vscode.languages.getDiagnostics(vscode.Uri.file(file)).some(({ range, code }) => code === 'leak' && range.start.line === 0),
      );
      const panel = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'Hunt a Leak');
      assert.ok(panel);
      fs.writeFileSync(file, LEAK.replace('sessions.set(next++, new Session())', 'sessions.set(0, new Session())'));
      const again = (await vscode.commands.executeCommand('plateau.huntLeak', plan)) as HuntDone;
      assert.equal(again.result.verdict, 'clean');
      await until('no diagnostic any more', () => vscode.languages.getDiagnostics(vscode.Uri.file(file)).every(({ code }) => code !== 'leak'));
    });

    it('takes a snapshot of a program and keeps it', async () => {
      const file = inWorkspace('visits.mjs');
      const kept = (await vscode.commands.executeCommand('plateau.takeHeapSnapshot', { kind: 'file', file, args: [], env: {}, cwd: workspace() })) as string;
      assert.equal(path.extname(kept), '.heapsnapshot');
      assert.ok(fs.existsSync(kept.replace('.heapsnapshot', '.scripts.json')));
      fs.rmSync(file);
    });
  });
}
