import * as vscode from 'vscode';
import type { HuntDone } from '../../src/protocol/heap-record';
import { isFailure } from '../../src/protocol/lsp';
import { api, assert, fs, inWorkspace, openSource, path, until, workspace } from './support';

const LEAK = 'const sessions = new Map();\nlet next = 0;\nclass Session {}\nexport function visit() {\n  sessions.set(next++, new Session());\n}\n';

/** A program with a worker thread. */
const POOL = `import { isMainThread, Worker } from 'node:worker_threads';
if (isMainThread) new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
setTimeout(() => {}, process.argv[2] === 'end' ? 500 : 1e8);
`;

/** Chooses the first answer of the question that a command asks; the hunt that follows tells that it was taken. */
async function takeFirst(): Promise<void> {
  let isHunting = false;
  const { server } = await api();
  const events = server.on('plateau/huntEvent', () => {
    isHunting = true;
  });
  await until('the choice is made', async () => {
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    if (!isHunting) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return isHunting;
  });
  events.dispose();
}

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
    });

    it('what it found moves with edits, in the Problems panel and in the list of what to do', async () => {
      const { findings } = await api();
      const uri = vscode.Uri.file(inWorkspace('visits.mjs'));
      const lines = (): number[] =>
        vscode.languages
          .getDiagnostics(uri)
          .filter(({ code }) => code === 'leak')
          .map(({ range }) => range.start.line)
          .sort((one, other) => one - other);
      const listed = () => findings.all.find(({ origin }) => origin === 'heap');
      await until('the line that keeps and the one that allocates', () => lines().join() === '0,3');
      await until('the list has it', () => listed()?.title === 'Leak of Session');
      const editor = await openSource('visits.mjs');
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// one\n// two\n'));
      await until('both two lines further down', () => lines().join() === '2,5');
      await until('the list says where', () => listed()?.where === 'visits.mjs:3');
      const [first] = vscode.languages.getDiagnostics(uri).filter(({ range }) => range.start.line === 2);
      assert.equal(editor.document.getText(first?.range), 'sessions');
      await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), 'export '));
      await until('a line that is another now has none', () => lines().length === 0);
      await vscode.commands.executeCommand('undo');
      await until('undone', () => lines().join() === '2,5');
    });

    it('can be marked as done, and opened again', async () => {
      const { findings, server } = await api();
      const uri = vscode.Uri.file(inWorkspace('visits.mjs'));
      const isShown = (): boolean => vscode.languages.getDiagnostics(uri).some(({ code }) => code === 'leak');
      const listed = () => findings.all.find(({ origin }) => origin === 'heap');
      await until('the list has it', listed);
      const leak = listed();
      assert.ok(leak);
      const set = (status: 'open' | 'done') => server.request('plateau/setFindingStatus', { file: leak.file, ids: [leak.id], status });
      assert.equal(isFailure(await set('done')), false);
      await until('no diagnostic', () => !isShown());
      await until('done in the list', () => findings.all.some(({ id, status }) => id === leak.id && status === 'done'));
      await set('open');
      await until('the diagnostic again', isShown);
    });

    it('Fix and Hunt Again saves, hunts as before, and finds it gone', async () => {
      const { findings } = await api();
      const editor = await openSource('visits.mjs');
      const { document } = editor;
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, document.lineAt(2).range);
      const titles = actions.map(({ title }) => title);
      for (const title of ['Fix and Hunt Again', 'Show the Hunt', 'Mark as Done']) assert.ok(titles.includes(title), titles.join(', '));
      const at = document.getText().indexOf('next++');
      await editor.edit((edit) => edit.replace(new vscode.Range(document.positionAt(at), document.positionAt(at + 6)), '0'));
      const again = (await vscode.commands.executeCommand('plateau.huntAgain')) as HuntDone;
      assert.equal(again.result.verdict, 'clean');
      assert.equal(document.isDirty, false);
      await until('no diagnostic any more', () => vscode.languages.getDiagnostics(document.uri).every(({ code }) => code !== 'leak'));
      await until('nothing on the list', () => findings.all.every(({ origin }) => origin !== 'heap'));
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    it('takes a snapshot of a program and keeps it', async () => {
      const file = inWorkspace('visits.mjs');
      const kept = (await vscode.commands.executeCommand('plateau.takeHeapSnapshot', { kind: 'file', file, args: [], env: {}, cwd: workspace() })) as string;
      assert.equal(path.extname(kept), '.heapsnapshot');
      assert.ok(fs.existsSync(kept.replace('.heapsnapshot', '.scripts.json')));
      fs.rmSync(file);
    });

    it('keeps the heap of the thread that is asked for, and hunts in another thread than before', async () => {
      const file = inWorkspace('pool.mjs');
      fs.writeFileSync(file, POOL);
      const kept = (await vscode.commands.executeCommand(
        'plateau.takeHeapSnapshot',
        { kind: 'file', file, args: ['end'], env: {}, cwd: workspace() },
        { thread: 'main' },
      )) as string;
      const info = JSON.parse(fs.readFileSync(kept.replace('.heapsnapshot', '.plateau.json'), 'utf8'));
      assert.equal(info.thread.threadId, 0);
      assert.equal(info.others.length, 1);
      const exercise = { kind: 'command', command: 'node -e 0', cwd: workspace() };
      const recipe = { kind: 'file', file, args: [], env: {}, cwd: workspace() };
      const plan = { recipe, exercise, times: 3, warmup: 3, tracksAllocations: false, wanted: { thread: 'main' } };
      const done = (await vscode.commands.executeCommand('plateau.huntLeak', plan)) as HuntDone;
      assert.equal(done.result.watched?.threadId, 0);
      assert.equal(done.result.others?.length, 1);
      const other = vscode.commands.executeCommand<HuntDone>('plateau.huntOtherThread');
      await takeFirst();
      assert.equal((await other).result.watched?.threadId, done.result.others?.[0]?.threadId);
      fs.rmSync(file);
    });
  });
}
