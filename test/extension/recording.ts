import * as vscode from 'vscode';
import { isFailure } from '../../src/protocol/lsp';
import { api, assert, fs, inWorkspace, isRunning, openSource, path, profiles, until, workspace } from './support';

/** Profile Function and its relatives, through the commands that a user runs. */
export function recordingTests(): void {
  describe('Profile Function', () => {
    let recorded: string;

    it('runs the file of a recipe, keeps a standard profile and what is known of it, and shows it at the function', async () => {
      const plateau = await api();
      const editor = await openSource('src/match-orders.ts');
      editor.selection = new vscode.Selection(6, 10, 6, 10);
      const shown = new Promise<{ file: string; nodes: number }>((resolve) => plateau.editors.onDidShow(resolve));
      const recipe = { kind: 'file', file: inWorkspace('src/main.ts'), args: ['30000'], env: { REPORT: 'yes' }, cwd: workspace() };
      recorded = (await vscode.commands.executeCommand('plateau.profileFunction', editor.document.uri, 6, 10, recipe)) as string;
      assert.ok(recorded.startsWith(inWorkspace('.plateau/profiles')), recorded);
      assert.match(path.basename(recorded), /^matchOrders-\d{4}-\d\d-\d\dT[\d-]+\.cpuprofile$/);
      const profile = JSON.parse(fs.readFileSync(recorded, 'utf8'));
      for (const key of ['nodes', 'startTime', 'endTime', 'samples', 'timeDeltas']) assert.ok(key in profile, key);
      const info = JSON.parse(fs.readFileSync(recorded.replace('.cpuprofile', '.plateau.json'), 'utf8'));
      assert.deepEqual(info.recipe, recipe);
      assert.equal(info.focus.name, 'matchOrders');
      assert.deepEqual(info.exit, { code: 0, signal: null });
      assert.match(info.node, /^v\d+\./);
      assert.equal((await shown).file, recorded);
      const opened = await plateau.server.request('plateau/open', { file: recorded, storage: inWorkspace('.slabs') });
      if (isFailure(opened)) throw new Error(opened.failed);
      assert.equal(opened.title, 'matchOrders');
      assert.notEqual(opened.focus, undefined);
      assert.equal(opened.focusMissing, undefined);
    });

    it('puts the cost beside the lines, and into the Problems panel', async () => {
      const plateau = await api();
      assert.equal(plateau.active.current?.file, recorded);
      const uri = vscode.Uri.file(inWorkspace('src/match-orders.ts'));
      const { annotations, isStale } = await plateau.server.request('plateau/annotations', { uri: uri.toString() });
      assert.equal(isStale, false);
      assert.match(annotations.find(({ line }) => line === 3)?.text ?? '', /^\d[\d.]* m?s total · \d[\d.]* %/);
      const hot = annotations.find(({ line }) => line === 8);
      assert.equal(hot?.level, 'hot');
      assert.match(hot?.text ?? '', /^\d[\d.]* m?s · \d[\d.]* %$/);
      // The plateau at first; once the text has been searched, the pattern that explains it.
      const ofPlateau = () => vscode.languages.getDiagnostics(uri).find(({ source, message }) => source === 'Plateau' && /searched by key/.test(message));
      await until('a diagnostic of the pattern', ofPlateau);
      const diagnostic = ofPlateau();
      assert.equal(diagnostic?.range.start.line, 8); // the hot line, not the function's
      assert.match(diagnostic?.message ?? '', /of active time/);
      assert.ok((diagnostic?.relatedInformation ?? []).some(({ message }) => message.includes('called from build')));
    });

    it('hovers tell self, total, samples, callers and callees', async () => {
      const uri = vscode.Uri.file(inWorkspace('src/match-orders.ts'));
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, new vscode.Position(8, 32));
      const text = hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value))).join('\n');
      assert.match(text, /\*\*matchOrders\*\* · .* total · .* of active time/);
      assert.match(text, /\| self \|.*samples?/);
      assert.match(text, /\| line 9 \|/);
      assert.match(text, /called from[\s\S]*build/);
      // the predicate of `find`: half a million calls, whatever else the sampler met
      assert.match(text, /\| calls \| \| \|[\s\S]*match\\-orders/);
      assert.match(text, /command:plateau\.revealFrame/);
    });

    it('edits move the costs with their lines; a changed line loses its own', async () => {
      const plateau = await api();
      const editor = await openSource('src/match-orders.ts');
      const uri = editor.document.uri;
      const costs = async () => (await plateau.server.request('plateau/annotations', { uri: uri.toString() })).annotations;
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// one\n// two\n'));
      await until('the hot line is two lines further down', async () => (await costs()).some(({ line, level }) => line === 10 && level === 'hot'));
      await editor.edit((edit) => edit.insert(new vscode.Position(10, 0), '  /* changed */ '));
      await until('the changed line has no cost', async () => !(await costs()).some(({ line }) => line === 10));
      assert.equal((await plateau.server.request('plateau/annotations', { uri: uri.toString() })).isStale, true);
      await vscode.commands.executeCommand('undo');
      await vscode.commands.executeCommand('undo');
      await until('undone', async () => (await costs()).some(({ line, level }) => line === 8 && level === 'hot'));
      await vscode.commands.executeCommand('workbench.action.files.revert');
    });

    it('Show Function in Flame Graph finds the frame', async () => {
      const plateau = await api();
      const frame = await plateau.server.request('plateau/frameAt', {
        uri: vscode.Uri.file(inWorkspace('src/match-orders.ts')).toString(),
        line: 8,
        character: 10,
      });
      assert.equal(frame?.file, recorded);
      const place = await plateau.server.request('plateau/place', { file: recorded, func: frame?.func ?? -1 });
      assert.deepEqual([place?.file, place?.line, place?.exists], [inWorkspace('src/match-orders.ts'), 4, true]);
    });

    it('Profile Again repeats it', async () => {
      const before = profiles().length;
      const again = (await vscode.commands.executeCommand('plateau.profileAgain', recorded)) as string;
      assert.notEqual(again, recorded);
      assert.equal(profiles().length, before + 1);
      const info = (file: string) => JSON.parse(fs.readFileSync(file.replace('.cpuprofile', '.plateau.json'), 'utf8'));
      assert.deepEqual([info(again).recipe, info(again).focus], [info(recorded).recipe, info(recorded).focus]);
    });

    it('a loop gives calls per second', async () => {
      const recipe = {
        kind: 'loop',
        file: inWorkspace('src/report.ts'),
        exported: { name: 'buildReport' },
        args: '500, 300',
        constructorArgs: '',
        warmupMs: 100,
        durationMs: 800,
        cwd: workspace(),
      };
      const file = (await vscode.commands.executeCommand('plateau.profileFunction', vscode.Uri.file(inWorkspace('src/report.ts')), 28, 5, recipe)) as string;
      const { loop } = JSON.parse(fs.readFileSync(file.replace('.cpuprofile', '.plateau.json'), 'utf8'));
      assert.ok(loop.calls > 5 && loop.rate.low <= loop.rate.mean && loop.rate.mean <= loop.rate.high, JSON.stringify(loop));
    });

    it('a function that never ran says what ran instead', async () => {
      const plateau = await api();
      const recipe = {
        kind: 'command',
        command: 'node -e "const end = Date.now() + 300; function other() { while (Date.now() < end); } other()"',
        cwd: workspace(),
      };
      const file = (await vscode.commands.executeCommand(
        'plateau.profileFunction',
        vscode.Uri.file(inWorkspace('src/match-orders.ts')),
        6,
        10,
        recipe,
      )) as string;
      const opened = await plateau.server.request('plateau/open', { file, storage: inWorkspace('.slabs') });
      if (isFailure(opened)) throw new Error(opened.failed);
      assert.match(opened.focusMissing ?? '', /^matchOrders was not seen in \d+ samples/);
    });
  });

  describe('Stop and Cancel', () => {
    const server = (pidFile: string): string => {
      const file = inWorkspace('src/forever.mjs');
      fs.writeFileSync(
        file,
        `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';\nconst child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });\nwriteFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + child.pid);\nfunction busy() { const end = Date.now() + 5; while (Date.now() < end); }\nsetInterval(busy, 10);\n`,
      );
      return file;
    };
    const started = async (pidFile: string): Promise<number[]> => {
      await until('the program runs', () => fs.existsSync(pidFile) && fs.readFileSync(pidFile, 'utf8').includes(' '));
      await new Promise((resolve) => setTimeout(resolve, 800));
      return fs.readFileSync(pidFile, 'utf8').split(' ').map(Number);
    };

    it('Stop keeps the profile and ends everything', async () => {
      const pidFile = inWorkspace('stop.pids');
      const file = server(pidFile);
      const running = vscode.commands.executeCommand<string>('plateau.profileFile', vscode.Uri.file(file), {
        kind: 'file',
        file,
        args: [],
        env: {},
        cwd: workspace(),
      });
      const pids = await started(pidFile);
      await vscode.commands.executeCommand('plateau.stopRecording');
      const recorded = await running;
      assert.ok(fs.existsSync(recorded));
      for (const pid of pids) await until(`process ${pid} is gone`, () => !isRunning(pid));
    });

    it('Discard keeps nothing in the list, asks nothing and ends everything; Undo brings it back', async () => {
      const pidFile = inWorkspace('cancel.pids');
      const file = server(pidFile);
      const before = profiles().length;
      const running = vscode.commands.executeCommand<string | undefined>('plateau.profileFile', vscode.Uri.file(file), {
        kind: 'file',
        file,
        args: [],
        env: {},
        cwd: workspace(),
      });
      const pids = await started(pidFile);
      await vscode.commands.executeCommand('plateau.cancelRecording');
      assert.equal((await running) ?? undefined, undefined);
      assert.equal(profiles().length, before);
      for (const pid of pids) await until(`process ${pid} is gone`, () => !isRunning(pid));
      await vscode.commands.executeCommand('notifications.showList');
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      await until('it is back', () => profiles().length === before + 1);
    });
  });

  describe('what cannot be profiled', () => {
    it('outside of a function, the server says so', async () => {
      const { server } = await api();
      const answer = await server.request('plateau/functionAt', { file: 'a.ts', text: 'const x = 1;', offset: 3 });
      assert.match(isFailure(answer) ? answer.failed : '', /not in a function.*Profile Active File/);
    });
    it('typed arguments are checked before anything runs', async () => {
      const { server } = await api();
      assert.match((await server.request('plateau/checkArguments', { text: '1, {' })).message ?? '', /column/);
      assert.equal((await server.request('plateau/checkArguments', { text: '1, { a: 2 }' })).message, undefined);
    });
    it('a missing Node.js is told with what to set', async () => {
      const { server } = await api();
      const answer = await server.request('plateau/record', {
        token: 't',
        recipe: { kind: 'file', file: inWorkspace('src/main.ts'), args: [], env: {}, cwd: workspace() },
        focus: undefined,
        folder: inWorkspace('.plateau/profiles'),
        nodePath: '/nowhere/node',
        interval: 1000,
        checkpoint: 60,
        daemons: 'leave',
      });
      assert.match(isFailure(answer) ? answer.failed : '', /Node\.js was not found as "\/nowhere\/node".*plateau\.nodePath/);
    });
    it('the list of processes holds Node.js processes, this one left out', async () => {
      const { server } = await api();
      const found = await server.request('plateau/nodeProcesses', {});
      // A process may call itself what it likes; on Linux the program's file tells.
      const isNode = ({ pid, command }: { pid: number; command: string }): boolean => {
        if (process.platform !== 'linux') return /node/.test(command);
        try {
          return path.basename(fs.readlinkSync(`/proc/${pid}/exe`)).startsWith('node');
        } catch {
          return true; // it has ended
        }
      };
      assert.ok(found.every(isNode), JSON.stringify(found));
    });
  });
}
