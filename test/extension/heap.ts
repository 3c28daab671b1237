import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import type { ClassRow, HeapRows } from '../../src/core/heap/heap-query';
import { isFailure } from '../../src/protocol/lsp';
import { api, assert, fs, inWorkspace, until } from './support';

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
