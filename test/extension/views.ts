import { gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import manifest from '../../package.json';
import { isFailure } from '../../src/protocol/lsp';
import { api, assert, fs, inWorkspace, openSource, path, profiles, until } from './support';

/** The editor, the list of recordings, annotations, and the manifest. */
export function viewTests(): void {
  describe('the manifest', () => {
    it('every command that is declared is there, and every one that is there is declared', async () => {
      await api();
      const declared = manifest.contributes.commands.map(({ command }) => command);
      const all = new Set(await vscode.commands.getCommands(true));
      assert.deepEqual(
        declared.filter((name) => !all.has(name)),
        [],
      );
      const own = [...all].filter(
        (name) =>
          /^plateau\.(?!recordings\.(focus|open$|resetViewLocation|removeView|toggleVisibility))/.test(name) &&
          !/\.(focus|resetViewLocation|removeView|toggleVisibility|open)$/.test(name),
      );
      assert.deepEqual(
        own.filter((name) => !declared.includes(name) && name !== 'plateau.revealFrame'),
        [],
      );
    });
    it('every setting that is read is declared', () => {
      const settings = vscode.workspace.getConfiguration('plateau');
      for (const name of Object.keys(Object.assign({}, ...manifest.contributes.configuration.map((section: { properties: object }) => section.properties))))
        assert.notEqual(settings.get(name.slice('plateau.'.length)), undefined, name);
    });
  });

  describe('the custom editor', () => {
    it('comes before the built-in viewer, which stays under Reopen With', async () => {
      const plateau = await api();
      const [first] = profiles();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const shown = new Promise((resolve) => plateau.editors.onDidShow(resolve));
      const uri = vscode.Uri.file(inWorkspace(`.plateau/profiles/${first}`));
      await vscode.commands.executeCommand('vscode.open', uri);
      await shown;
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      assert.ok(tab instanceof vscode.TabInputCustom && tab.viewType === 'plateau.profile');
      assert.ok(vscode.extensions.getExtension('ms-vscode.vscode-js-profile-table'), 'the built-in viewer is there');
      await vscode.commands.executeCommand('vscode.openWith', uri, 'jsProfileVisualizer.cpuprofile.table');
      await until('the built-in viewer', () => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return input instanceof vscode.TabInputCustom && input.viewType.includes('cpuprofile.table');
      });
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    for (const [name, text, message] of [
      ['empty', '', /file is empty/],
      ['text', 'hello', /not a CPU profile: it is of none of the formats/],
      ['other-json', '{"a":1}', /has no "nodes" list/],
      ['snapshot', '{"snapshot":{"meta":{}},"nodes":[1]}', /heap snapshot/],
    ] as const) {
      it(`a broken file (${name}) is a sentence, not a crash`, async () => {
        const { server } = await api();
        const file = inWorkspace(`${name}.cpuprofile`);
        fs.writeFileSync(file, text);
        const opened = await server.request('plateau/open', { file, storage: inWorkspace('.slabs') });
        assert.match(isFailure(opened) ? opened.failed : 'it opened', message);
      });
    }

    it('a truncated profile opens with a warning', async () => {
      const { server } = await api();
      const [first] = profiles();
      const text = fs.readFileSync(inWorkspace(`.plateau/profiles/${first}`), 'utf8');
      const file = inWorkspace('cut.cpuprofile');
      fs.writeFileSync(file, text.slice(0, text.length * 0.7));
      const opened = await server.request('plateau/open', { file, storage: inWorkspace('.slabs') });
      if (isFailure(opened)) throw new Error(opened.failed);
      assert.ok(opened.warnings.some((warning) => /ends early, at byte/.test(warning)));
    });
  });

  describe('other formats', () => {
    const shown = async (file: string): Promise<number> => {
      const { editors } = await api();
      const done = new Promise<number>((resolve) => {
        const once = editors.onDidShow((event) => {
          if (event.file !== file) return;
          once.dispose();
          resolve(event.nodes);
        });
      });
      await vscode.commands.executeCommand('plateau.openWith', vscode.Uri.file(file));
      const nodes = await done;
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      return nodes;
    };

    it('open with Plateau by their content, packed or not, and are told by name', async () => {
      const { server } = await api();
      const stacks = 'main;parse;next 30\nmain;render 12\n';
      const file = inWorkspace('stacks.txt.gz');
      fs.writeFileSync(file, gzipSync(stacks));
      // The root, main, parse, next, render.
      assert.equal(await shown(file), 5);
      const opened = await server.request('plateau/open', { file, storage: inWorkspace('.slabs') });
      if (isFailure(opened)) throw new Error(opened.failed);
      assert.deepEqual([opened.format, opened.unit, opened.totals.active], ['collapsed stacks', 'count', 42]);
    });

    it('lines are annotated whatever the language, and follow edits', async () => {
      const { active, server } = await api();
      fs.writeFileSync(inWorkspace('app.py'), Array.from({ length: 14 }, (_, i) => `line_${i + 1}()\n`).join(''));
      const file = inWorkspace('python.txt');
      fs.writeFileSync(file, 'run (app.py:4);load (app.py:10) 20\nrun (app.py:4);load (app.py:11) 60\n');
      await active.set(file);
      const editor = await openSource('app.py');
      const uri = editor.document.uri.toString();
      const costs = async () => (await server.request('plateau/annotations', { uri })).annotations.map(({ line, text }) => `${line + 1}: ${text}`);
      assert.deepEqual(await costs(), ['10: 20 · 25.0 %', '11: 60 · 75.0 %']);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# new\n'));
      await until('moved', async () => (await costs())[0]?.startsWith('11: 20'));
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await active.set(undefined);
    });

    it('of several profiles one is shown, another can be chosen, or all together', async () => {
      const { server } = await api();
      const file = inWorkspace('threads.speedscope.json');
      const frames = ['main', 'parse', 'draw'].map((name) => ({ name }));
      const profile = (name: string, samples: number[][], weights: number[]) => ({
        type: 'sampled',
        name,
        unit: 'milliseconds',
        startValue: 0,
        endValue: weights.reduce((sum, one) => sum + one, 0),
        samples,
        weights,
      });
      const schema = 'https://www.speedscope.app/file-format-schema.json';
      const profiles = [profile('first', [[0, 1]], [30]), profile('second', [[0, 2], [0]], [5, 7])];
      fs.writeFileSync(file, JSON.stringify({ $schema: schema, shared: { frames }, profiles }));
      const open = async (select?: number | 'merge') => {
        const opened = await server.request('plateau/open', { file, storage: inWorkspace('.slabs'), select });
        if (isFailure(opened)) throw new Error(opened.failed);
        return opened;
      };
      const first = await open();
      assert.deepEqual(
        first.choices.map(({ name }) => name),
        ['first', 'second'],
      );
      assert.equal(first.totals.active, 30_000);
      assert.equal((await open(1)).totals.active, 12_000);
      assert.equal((await open()).totals.active, 12_000, 'the choice holds');
      assert.equal((await open('merge')).totals.active, 42_000);
      assert.ok((await shown(file)) > 3);
    });
  });

  describe('recordings', () => {
    it('files dropped on the list open with Plateau, whatever their format; recordings can be dragged out of it', async () => {
      const { editors, recordings } = await api();
      const { token } = new vscode.CancellationTokenSource();
      const collapsed = inWorkspace('dropped stacks.txt');
      fs.writeFileSync(collapsed, 'main;parse 30\nmain;draw 12\n');
      const cpu = inWorkspace(`.plateau/profiles/${profiles()[0]}`);
      const drop = async (data: vscode.DataTransfer, files: readonly string[]): Promise<void> => {
        const seen = new Set<string>();
        const listening = editors.onDidShow(({ file }) => seen.add(file));
        await recordings.drops.handleDrop?.(undefined, data, token);
        await until(`${files} shown`, () => files.every((file) => seen.has(file)));
        listening.dispose();
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      };

      const fromExplorer = new vscode.DataTransfer();
      fromExplorer.set('text/uri-list', new vscode.DataTransferItem(`# two files\r\n${vscode.Uri.file(collapsed)}\r\n`));
      await drop(fromExplorer, [collapsed]);

      const dragged = new vscode.DataTransfer();
      const [recording] = await (await api()).server.request('plateau/recordings', { folder: inWorkspace('.plateau/profiles') });
      assert.ok(recording);
      await recordings.drops.handleDrag?.([{ ...recording, file: cpu }], dragged, token);
      await drop(dragged, [cpu]);
    });

    it('are listed newest first with their headline', async () => {
      const { server } = await api();
      const list = await server.request('plateau/recordings', { folder: inWorkspace('.plateau/profiles') });
      // A recording of several threads is one entry.
      const ofCpu = list.filter(({ kind }) => kind === 'cpu');
      assert.equal(ofCpu.length, profiles().filter((file) => !/\.t\d+\.cpuprofile$/.test(file)).length);
      assert.ok(ofCpu.every(({ size, group }) => size > 0 && group !== ''));
      assert.deepEqual(
        list.map(({ time }) => time),
        list.map(({ time }) => time).sort((a, b) => b - a),
      );
      assert.ok(list.some(({ title, headline }) => title === 'matchOrders' && /m?s · .+ \d[\d.]* %$/.test(headline)));
    });

    it('many are grouped, filtered by words, and a group is deleted at once', async () => {
      const { recordings } = await api();
      const folder = inWorkspace('.plateau/profiles');
      const [first] = profiles();
      const copies = Array.from({ length: 9 }, (_, at) => path.join(folder, `copied-${at}.cpuprofile`));
      for (const copy of copies) fs.copyFileSync(path.join(folder, String(first)), copy);
      const groups = async () => (await recordings.children(undefined)).filter((row) => row.kind === 'group');
      await until('groups', async () => (await groups()).some(({ title }) => title === 'From elsewhere'));
      assert.ok((await groups()).length > 1);
      await vscode.commands.executeCommand('plateau.recordings.filter', 'copied-3');
      const shown = await recordings.children(undefined);
      assert.deepEqual(
        shown.map(({ title }) => title),
        ['copied-3'],
      );
      await vscode.commands.executeCommand('plateau.recordings.clearFilter');
      const group = (await groups()).find(({ title }) => title === 'From elsewhere');
      await vscode.commands.executeCommand('plateau.recordings.delete', group);
      await until('they are gone', () => copies.every((copy) => !fs.existsSync(copy)));
      await vscode.commands.executeCommand('notifications.clearAll');
    });

    it('a renamed one keeps its file and has another title', async () => {
      const { server } = await api();
      const folder = inWorkspace('.plateau/profiles');
      const [first] = await server.request('plateau/recordings', { folder });
      assert.ok(first);
      assert.equal(await server.request('plateau/rename', { file: first.file, title: 'Before the fix' }), true);
      const after = await server.request('plateau/recordings', { folder });
      assert.equal(after.find(({ file }) => file === first.file)?.title, 'Before the fix');
    });

    it('a deleted one is gone with what stands beside it', async () => {
      const { server } = await api();
      const folder = inWorkspace('.plateau/profiles');
      const list = await server.request('plateau/recordings', { folder });
      const last = list.at(-1);
      assert.ok(last);
      void vscode.commands.executeCommand('plateau.recordings.delete', last, [last]);
      await until('gone', () => !fs.existsSync(last.file) && !fs.existsSync(last.file.replace('.cpuprofile', '.plateau.json')));
    });
  });

  describe('annotations', () => {
    it('stay hidden once they are hidden, until they are shown again', async () => {
      const { active } = await api();
      await vscode.commands.executeCommand('plateau.hideAnnotations');
      assert.equal(active.isHidden, true);
      await openSource('src/report.ts');
      assert.equal(active.isHidden, true);
      await vscode.commands.executeCommand('plateau.showAnnotations');
      assert.equal(active.isHidden, false);
    });

    it('clearing the active profile clears its diagnostics', async () => {
      const { active } = await api();
      await vscode.commands.executeCommand('plateau.clearActiveProfile');
      assert.equal(active.current, undefined);
      await until('no diagnostics', () => vscode.languages.getDiagnostics().every(([, list]) => list.every(({ source }) => source !== 'Plateau')));
    });

    it('inlay hints and lenses come by setting', async () => {
      const { active } = await api();
      const settings = vscode.workspace.getConfiguration('plateau');
      await active.set(inWorkspace(`.plateau/profiles/${profiles().find((name) => name.startsWith('matchOrders'))}`));
      const editor = await openSource('src/match-orders.ts');
      const uri = editor.document.uri;
      const range = new vscode.Range(0, 0, editor.document.lineCount, 0);
      const hints = () =>
        vscode.commands
          .executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', uri, range)
          .then((list) => list.filter(({ label }) => / %$/.test(typeof label === 'string' ? label : label.map(({ value }) => value).join(''))));
      const lenses = () =>
        vscode.commands
          .executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50)
          .then((list) => list.map(({ command }) => command?.title ?? ''));
      assert.deepEqual(await hints(), []);
      await settings.update('annotations.inlayHints', true, vscode.ConfigurationTarget.Workspace);
      await settings.update('codeLens.run', true, vscode.ConfigurationTarget.Workspace);
      await settings.update('codeLens.cost', true, vscode.ConfigurationTarget.Workspace);
      await until('hints', async () => (await hints()).length > 0);
      await until('lenses', async () => (await lenses()).includes('Profile') && (await lenses()).some((title) => / total · /.test(title)));
      for (const name of ['annotations.inlayHints', 'codeLens.run', 'codeLens.cost'])
        await settings.update(name, undefined, vscode.ConfigurationTarget.Workspace);
    });
  });
}
