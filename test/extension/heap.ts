import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { isFailure } from '../../src/protocol/lsp';
import type { ClassRow, HeapObject, HeapQueryName, HeapRows } from '../../src/shared/heap-query';
import { api, assert, fs, inWorkspace, isRunning, until, workspace } from './support';

/** Heap snapshots in the editor. */
export function heapTests(): void {
  describe('heap snapshots', () => {
    const program = `
      const { writeHeapSnapshot } = require('node:v8');
      class Ticket {}
      globalThis.tickets = Array.from({ length: 100 }, () => new Ticket());
      writeHeapSnapshot('one.heapsnapshot');
      for (let i = 0; i < 40; i++) tickets.push(new Ticket());
      writeHeapSnapshot('two.heapsnapshot');`;
    const take = (): { one: string; two: string } => {
      const folder = inWorkspace('heaps');
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(inWorkspace('heaps/tickets.cjs'), program);
      execFileSync(process.execPath, ['tickets.cjs'], { cwd: folder, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
      return { one: inWorkspace('heaps/one.heapsnapshot'), two: inWorkspace('heaps/two.heapsnapshot') };
    };

    it('open in their own editor by default, and are compared by command', async () => {
      const { one, two } = take();
      const { heaps, server } = await api();
      const shown = new Promise((resolve) => heaps.onDidShow(({ file }) => file === two && resolve(file)));
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(two));
      await shown;
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      assert.ok(tab instanceof vscode.TabInputCustom && tab.viewType === 'plateau.heap');
      const base = await heaps.compare(two, one);
      assert.equal(base?.title, 'one');
      assert.equal(base?.warning, undefined);
      const storage = inWorkspace('.slabs');
      const query = { list: { kind: 'comparison', base: one, filter: 'Ticket', sortBy: 'sizeDelta', isRising: false }, from: 0, to: 10 };
      const answer = await server.request('plateau/heapQuery', { file: two, name: 'rows', query, storage });
      if (isFailure(answer)) throw new Error(answer.failed);
      assert.deepEqual(
        (answer.answer as HeapRows).rows.map((row) => row.kind === 'diff' && [row.name, row.added, row.removed]),
        [['Ticket', 40, 0]],
      );
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    it('a snapshot of another process is compared with a warning', async () => {
      const { one, two } = take();
      const other = inWorkspace('heaps/other.heapsnapshot');
      fs.renameSync(one, other);
      take();
      const { heaps } = await api();
      const base = await heaps.compare(two, other);
      assert.match(base?.warning ?? '', /different processes/);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    describe('with allocation stacks', () => {
      const source = `
        class Ticket {}
        function issue() { return new Ticket(); }
        globalThis.tickets = Array.from({ length: 25 }, issue);
        require('node:fs').writeFileSync(process.argv[2], String(process.pid));
        setInterval(() => {}, 1000);`;
      /** Begins to track a program that goes on; resolves when it has made its tickets. */
      const begin = async (): Promise<{ kept: Promise<string | undefined>; pid: number; told: string[]; file: string }> => {
        const file = inWorkspace('tickets.cjs');
        const ready = inWorkspace('tickets.pid');
        fs.rmSync(ready, { force: true });
        fs.writeFileSync(file, source);
        const { server } = await api();
        const told: string[] = [];
        const events = server.on('plateau/heapEvent', ({ text }) => told.push(text));
        const recipe = { kind: 'file', file, args: [ready], env: {}, cwd: workspace() };
        const kept = Promise.resolve(vscode.commands.executeCommand<string | undefined>('plateau.trackAllocations', recipe)).finally(() => events.dispose());
        await until('the program has made its tickets', () => fs.existsSync(ready) && fs.readFileSync(ready, 'utf8') !== '', 30_000);
        return { kept, pid: Number(fs.readFileSync(ready, 'utf8')), told, file };
      };
      const snapshots = (): string[] => fs.readdirSync(inWorkspace('.plateau/profiles')).filter((name) => name.endsWith('.heapsnapshot'));

      it('keeps and shows a snapshot at Stop, in which an object names the stack that made it', async () => {
        const { heaps, server } = await api();
        const shown = new Promise<string>((resolve) => heaps.onDidShow(({ file }) => resolve(file)));
        const { kept, pid, told, file } = await begin();
        await vscode.commands.executeCommand('plateau.stopRecording');
        const snapshot = await kept;
        assert.ok(snapshot);
        assert.equal(await shown, snapshot);
        assert.ok(
          told.some((text) => /every allocation is tracked/.test(text)) && told.some((text) => /stops the program for about/.test(text)),
          told.join('; '),
        );
        await until('the program is ended', () => !isRunning(pid));
        const ask = async <T>(name: HeapQueryName, query: unknown): Promise<T> => {
          const answer = await server.request('plateau/heapQuery', { file: snapshot, name, query, storage: inWorkspace('.slabs') });
          if (isFailure(answer)) throw new Error(answer.failed);
          return answer.answer as T;
        };
        const scope = { kind: 'all' };
        const sort = { sortBy: 'retained', isRising: false };
        const classes = await ask<HeapRows>('rows', { list: { kind: 'classes', filter: 'Ticket', scope, ...sort }, from: 0, to: 5 });
        const tickets = classes.rows.find((row) => row.kind === 'class' && row.name === 'Ticket') as ClassRow;
        assert.equal(tickets.count, 25);
        const objects = await ask<HeapRows>('rows', { list: { kind: 'objects', key: tickets.key, scope, ...sort }, from: 0, to: 1 });
        const [ticket] = objects.rows;
        assert.ok(ticket?.kind === 'object');
        const { allocated } = await ask<HeapObject>('object', { node: ticket.node, hasInternal: false });
        const issue = allocated.find(({ name }) => name === 'issue');
        assert.ok(issue?.url.endsWith('/tickets.cjs'), JSON.stringify(allocated));
        assert.equal(issue?.line, 3);
        const recordings = await server.request('plateau/recordings', { folder: inWorkspace('.plateau/profiles') });
        assert.equal(recordings.find((one) => one.file === snapshot)?.kind, 'snapshot');
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        fs.rmSync(file);
      });

      it('keeps nothing at Cancel, and ends what it started', async () => {
        const before = snapshots();
        const { kept, pid, file } = await begin();
        await vscode.commands.executeCommand('plateau.cancelRecording');
        assert.equal(await kept, undefined);
        await until('the program is ended', () => !isRunning(pid));
        assert.deepEqual(snapshots(), before);
        fs.rmSync(file);
      });
    });

    it('what is no snapshot says so in the editor', async () => {
      const { heaps } = await api();
      for (const [name, text, message] of [
        ['nothing', '', /file is empty/],
        ['profile', '{"nodes":[],"startTime":1,"endTime":2}', /not a heap snapshot/],
        ['text', 'hello', /not a heap snapshot: at byte 0/],
      ] as const) {
        const file = inWorkspace(`${name}.heapsnapshot`);
        fs.writeFileSync(file, text);
        const failed = new Promise<string>((resolve) => heaps.onDidFail((event) => event.file === file && resolve(event.message)));
        await heaps.reveal(file);
        assert.match(await failed, message);
      }
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    it('the setting lists what V8 keeps for itself', async () => {
      const { server } = await api();
      const { two } = take();
      const storage = inWorkspace('.slabs');
      const ask = async (query: unknown): Promise<unknown> => {
        const answer = await server.request('plateau/heapQuery', { file: two, name: 'rows', query, storage });
        if (isFailure(answer)) throw new Error(answer.failed);
        return answer.answer;
      };
      const scope = { kind: 'all' };
      const sort = { sortBy: 'retained', isRising: false };
      const classes = (await ask({ list: { kind: 'classes', filter: 'Ticket', scope, ...sort }, from: 0, to: 5 })) as HeapRows;
      const { key } = classes.rows[0] as ClassRow;
      const objects = (await ask({ list: { kind: 'objects', key, scope, ...sort }, from: 0, to: 1 })) as HeapRows;
      const [ticket] = objects.rows;
      assert.ok(ticket?.kind === 'object');
      const fields = async (hasInternal: boolean): Promise<number> =>
        ((await ask({ list: { kind: 'fields', node: ticket.node, hasInternal }, from: 0, to: 50 })) as HeapRows).total;
      assert.ok((await fields(true)) > (await fields(false)));
      server.notify('plateau/heapClose', { file: two });
      await until('the setting is there', () => vscode.workspace.getConfiguration('plateau').get('heap.internalReferences') === false);
    });
  });
}
