import { gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { launchRecipe } from '../../src/extension/commands/launch-configurations';
import { api, assert, fs, inWorkspace, openSource, path, profiles, until, workspace } from './support';

/** What is offered, where it opens, and what is found under other names. */
export function choiceTests(): void {
  const close = () => vscode.commands.executeCommand('workbench.action.closeAllEditors');

  describe('what is offered', () => {
    it('lenses over tests and over the scripts of a package', async () => {
      const file = inWorkspace('src/lens.test.mjs');
      fs.writeFileSync(file, "import { test } from 'node:test';\n\ntest('one', () => {\n  for (let i = 0; i < 1e8; i++) Math.sqrt(i);\n});\n");
      const lensesOf = (name: string) =>
        vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', vscode.Uri.file(inWorkspace(name)), 50);
      await openSource('src/lens.test.mjs');
      await until('a lens over the test', async () => (await lensesOf('src/lens.test.mjs')).some(({ command }) => command?.command === 'plateau.profileTest'));
      const lens = (await lensesOf('src/lens.test.mjs')).find(({ command }) => command?.command === 'plateau.profileTest');
      assert.equal(lens?.range.start.line, 2);
      const recorded = (await vscode.commands.executeCommand('plateau.profileTest', ...(lens?.command?.arguments ?? []))) as string;
      const { recipe } = JSON.parse(fs.readFileSync(recorded.replace('.cpuprofile', '.plateau.json'), 'utf8'));
      assert.deepEqual(recipe, { kind: 'program', command: 'node', args: ['--test-name-pattern=one$', file], cwd: workspace() });
      const own = inWorkspace('package.json');
      const before = fs.existsSync(own) ? fs.readFileSync(own, 'utf8') : undefined;
      fs.writeFileSync(own, '{\n  "type": "module",\n  "scripts": {\n    "spin": "node -e 0"\n  }\n}\n');
      await openSource('package.json');
      await until('a lens over the script', async () => (await lensesOf('package.json')).some(({ command }) => command?.command === 'plateau.profileScript'));
      const ways = await (await api()).server.request('plateau/runWays', { file, text: undefined, offset: undefined, root: workspace() });
      assert.ok(ways.packages.some(({ scripts }) => scripts.some(({ name }) => name === 'spin')));
      await close();
      if (before === undefined) fs.rmSync(own);
      else fs.writeFileSync(own, before);
      fs.rmSync(file);
    });

    it('launch configurations of Node.js, as far as their variables are known', () => {
      const variable = (name: string): string => `\${${name}}`;
      const place = { folder: path.resolve('/app'), file: path.resolve('/app/src/a "b".js'), env: { PORT: '80' }, home: '/home/me' };
      const of = (configuration: object) => launchRecipe({ name: 'x', type: 'node', request: 'launch', ...configuration }, place)?.recipe;
      assert.deepEqual(of({ program: `${variable('workspaceFolder')}/server.js`, args: ['--port', variable('env:PORT')], env: { A: 'b' } }), {
        kind: 'file',
        file: path.resolve('/app/server.js'),
        args: ['--port', '80'],
        env: { A: 'b' },
        cwd: path.resolve('/app'),
      });
      assert.deepEqual(of({ program: variable('file'), runtimeArgs: ['--inspect-brk', '--import', 'tsx'], cwd: `${variable('workspaceFolder')}/src` }), {
        kind: 'file',
        file: path.resolve('/app/src/a "b".js'),
        args: [],
        env: { NODE_OPTIONS: '--import tsx' },
        cwd: path.resolve('/app/src'),
      });
      assert.deepEqual(of({ runtimeExecutable: 'npm', runtimeArgs: ['run-script', 'dev'] }), { kind: 'script', script: 'dev', cwd: path.resolve('/app') });
      assert.deepEqual(of({ runtimeExecutable: 'tsx', program: 'a.ts' }), {
        kind: 'program',
        command: 'tsx',
        args: [path.resolve('/app/a.ts')],
        cwd: path.resolve('/app'),
      });
      assert.deepEqual(of({ request: 'attach', port: 9230 }), { kind: 'attach', address: '127.0.0.1:9230' });
      for (const none of [{ program: variable('input:which') }, { type: 'chrome', url: 'x' }, { request: 'attach' }, { program: variable('command:pick') }, {}])
        assert.equal(of(none), undefined, JSON.stringify(none));
    });

    it('without an editor, the functions of the workspace', async () => {
      const { server } = await api();
      const found = await server.request('plateau/functionsOf', { file: inWorkspace('src/match-orders.ts') });
      assert.deepEqual(
        found.filter(({ name }) => name === 'matchOrders').map(({ line }) => line),
        [4],
      );
      await close();
      const asked = vscode.commands.executeCommand('plateau.profileFunction');
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await until('its file is open', () => vscode.window.activeTextEditor !== undefined);
      // The question how to run it follows.
      await until('given up', async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return Promise.race([asked.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300))]);
      });
    });
  });

  describe('where it opens', () => {
    it('names that nothing but a profiler gives open by themselves', async () => {
      const plateau = await api();
      const cpu = inWorkspace(`.plateau/profiles/${profiles()[0]}`);
      const made: readonly [string, Uint8Array][] = [
        ['a.cpuprofile.gz', gzipSync(fs.readFileSync(cpu))],
        ['b.folded', Buffer.from('main;parse 30\nmain;draw 12\n')],
        ['c.collapsed', Buffer.from('main;parse 30\nmain;draw 12\n')],
      ];
      for (const [name, bytes] of made) {
        fs.writeFileSync(inWorkspace(name), bytes);
        const shown = new Promise((resolve) => plateau.editors.onDidShow(resolve));
        await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(inWorkspace(name)));
        await shown;
        await close();
        fs.rmSync(inWorkspace(name));
      }
    });

    it('a graph in a group of its own, one tab for all recordings of a recipe', async () => {
      const plateau = await api();
      await close();
      await openSource('src/main.ts');
      const recipe = { kind: 'file', file: inWorkspace('src/main.ts'), args: ['20000'], env: {}, cwd: workspace() };
      const record = () => vscode.commands.executeCommand<string>('plateau.profileFile', vscode.Uri.file(inWorkspace('src/main.ts')), recipe);
      const first = await record();
      await until('it is shown', () => plateau.editors.open.includes(first));
      const second = await record();
      await until('the tab is the later one', () => plateau.editors.open.includes(second) && !plateau.editors.open.includes(first));
      const columnsOf = (is: (input: unknown) => boolean) =>
        vscode.window.tabGroups.all.filter(({ tabs }) => tabs.some(({ input }) => is(input))).map(({ viewColumn }) => viewColumn);
      const graphs = columnsOf((input) => input instanceof vscode.TabInputCustom);
      const texts = columnsOf((input) => input instanceof vscode.TabInputText);
      assert.equal(graphs.length, 1);
      assert.ok(!texts.includes(graphs[0] as vscode.ViewColumn));
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(inWorkspace('src/report.ts')));
      await until('a file does not cover it', () =>
        columnsOf((input) => input instanceof vscode.TabInputText && input.uri.path.endsWith('report.ts')).every((column) => column !== graphs[0]),
      );
      await close();
    });

    it('a recording that never reached the function opens no graph', async () => {
      const plateau = await api();
      await close();
      const editor = await openSource('src/match-orders.ts');
      const recipe = { kind: 'command', command: 'node -e "const end = Date.now() + 300; while (Date.now() < end);"', cwd: workspace() };
      const file = (await vscode.commands.executeCommand('plateau.profileFunction', editor.document.uri, 6, 10, recipe)) as string;
      assert.ok(fs.existsSync(file));
      assert.equal(plateau.editors.open.includes(file), false);
      assert.notEqual(plateau.active.current?.file, file);
      await vscode.commands.executeCommand('notifications.clearAll');
    });
  });
}
