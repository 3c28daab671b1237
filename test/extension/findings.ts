import * as vscode from 'vscode';
import type { FindingDto } from '../../src/protocol/findings';
import { isFailure } from '../../src/protocol/lsp';
import { api, assert, fs, inWorkspace, openSource, profiles, until } from './support';

/** Findings in the Problems panel, as lightbulbs, in the list, and what was decided about them. */
export function findingTests(): void {
  describe('findings', () => {
    const source = 'src/match-orders.ts';
    const rule = 'find-in-loop';
    const decisions = inWorkspace('.plateau/findings.json');
    const uri = vscode.Uri.file(inWorkspace(source));
    let file: string;
    let original: string;

    const all = async (): Promise<readonly FindingDto[]> => {
      const found = await (await api()).server.request('plateau/findings', { file });
      if (isFailure(found)) throw new Error(found.failed);
      return found;
    };
    const find = async (): Promise<FindingDto> => {
      const found = (await all()).find((one) => one.rule === rule);
      if (!found) throw new Error(`${rule} is not found`);
      return found;
    };
    const diagnostics = () => vscode.languages.getDiagnostics(uri).filter((one) => one.source === 'Plateau');
    const codeOf = ({ code }: vscode.Diagnostic) => (typeof code === 'object' ? code.value : code);
    const hasDiagnostic = () => diagnostics().some((one) => codeOf(one) === rule);
    const actions = async (line: number) => {
      const range = new vscode.Range(line, 6, line, 6);
      const found = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, range, 'quickfix');
      return found.filter(({ command, edit, title }) => command?.command.startsWith('plateau.') || edit || /plateau/i.test(title));
    };

    before(async () => {
      const { active } = await api();
      original = fs.readFileSync(inWorkspace(source), 'utf8');
      const recipeOf = (name: string) =>
        JSON.parse(fs.readFileSync(inWorkspace(`.plateau/profiles/${name}`).replace('.cpuprofile', '.plateau.json'), 'utf8')).recipe;
      const name = profiles().find((one) => one.startsWith('matchOrders') && recipeOf(one).kind === 'file');
      assert.ok(name, 'a run of the example is recorded');
      file = inWorkspace(`.plateau/profiles/${name}`);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await openSource(source);
      await active.set(file);
      await until('patterns are found', async () => (await all()).some((one) => one.rule === rule));
    });
    after(async () => {
      await vscode.commands.executeCommand('workbench.action.files.revert');
      fs.writeFileSync(inWorkspace(source), original);
      fs.rmSync(decisions, { force: true });
      await vscode.commands.executeCommand('notifications.clearAll');
    });

    it('heuristics and patterns are one list, loudest first, with places', async () => {
      const found = await all();
      const loudness = found.map(({ level }) => ['error', 'warning', 'info'].indexOf(level));
      assert.deepEqual(loudness, [...loudness].sort());
      const patterns = found.filter(({ origin }) => origin === 'pattern');
      assert.ok(patterns.length > 0);
      const one = await find();
      assert.deepEqual([one.where, one.status, one.fix?.safety], [`${source}:9`, 'open', 'suggest']);
      const { findings } = await api();
      await until('the list in the side bar has them too', () => findings.all.length === found.length);
      // A pattern may speak for all of a plateau; where it is ignored, the plateau stands in the list beside it.
      const { server } = await api();
      await server.request('plateau/setFindingStatus', { file, ids: patterns.map(({ id }) => id), status: 'ignored' });
      await until('heuristics and patterns', async () => {
        const now = await all();
        const ofHeuristics = now.filter(({ origin }) => origin === 'heuristic');
        return ofHeuristics.some(({ where }) => where?.startsWith(`${source}:`)) && patterns.every(({ id }) => now.some((each) => each.id === id));
      });
      await server.request('plateau/setFindingStatus', { file, ids: patterns.map(({ id }) => id), status: 'open' });
      await until('all are open again', async () => (await all()).every(({ status }) => status === 'open'));
    });

    it('diagnostics have a severity by level, a link to the page, and callers', async () => {
      await until('a diagnostic', hasDiagnostic);
      const one = diagnostics().find((each) => codeOf(each) === rule);
      assert.ok(one);
      assert.equal(one.range.start.line, 8);
      const { level } = await find();
      assert.equal(one.severity, level === 'error' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information);
      const target = typeof one.code === 'object' ? one.code.target : undefined;
      assert.match(target?.toString(true) ?? '', /plateau\.explainFinding.*docs\/rules\/find-in-loop\.md/);
      assert.ok(one.relatedInformation?.some(({ message }) => message.includes('called from build')));
    });

    it('every page that a finding links to comes with the extension', async () => {
      const extension = vscode.extensions.getExtension('plateau.plateau');
      for (const { page } of await all()) {
        if (page) assert.ok(fs.existsSync(vscode.Uri.joinPath(extension?.extensionUri as vscode.Uri, page).fsPath), page);
      }
    });

    it('a lightbulb offers to explain, show, repeat, fix, mark and ignore', async () => {
      const titles = (await actions(8)).map(({ title }) => title.replace(/ \(find-in-loop\)$/, ''));
      for (const title of [
        'Explain find-in-loop',
        'Show in Flame Graph',
        'Profile Again',
        'Mark as Done',
        'Ignore find-in-loop Here (Comment)',
        'Ignore This Finding in the Workspace',
        'Fix and Profile Again',
      ])
        assert.ok(titles.includes(title), `${title} of ${titles.join(' | ')}`);
      assert.ok(titles.some((title) => /Map.*…$/.test(title)));
      assert.deepEqual(await actions(12), []);
    });

    it('a comment ignores it, and taking the comment away brings it back', async () => {
      const ignore = (await actions(8)).find(({ title }) => title.startsWith('Ignore find-in-loop Here'));
      assert.ok(ignore?.edit);
      await vscode.workspace.applyEdit(ignore.edit);
      const document = await vscode.workspace.openTextDocument(uri);
      assert.equal(document.lineAt(8).text, '    // plateau-ignore-next-line find-in-loop -- reason');
      assert.match(document.lineAt(9).text, /customers\.find/);
      await until('no diagnostic', () => !hasDiagnostic());
      const one = await find();
      assert.deepEqual([one.status, one.note], ['ignored', 'Ignored by a comment in the source.']);
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await until('the diagnostic is back', hasDiagnostic);
      assert.equal((await find()).status, 'open');
    });

    it('done is kept in the workspace, and can be taken back', async () => {
      const { findings } = await api();
      const { id, title } = await find();
      void vscode.commands.executeCommand('plateau.findings.done', { file, id });
      await until('no diagnostic', () => !hasDiagnostic());
      const kept = JSON.parse(fs.readFileSync(decisions, 'utf8'));
      assert.deepEqual([kept.findings[id].status, kept.findings[id].title], ['done', title]);
      await until('done in the list', () => findings.all.some((one) => one.id === id && one.status === 'done'));
      await vscode.commands.executeCommand('plateau.findings.reopen', { file, id });
      await until('the diagnostic is back', hasDiagnostic);
      assert.deepEqual(JSON.parse(fs.readFileSync(decisions, 'utf8')).findings, {});
    });

    it('what others decide, as by git, is taken up; a damaged file is told and left alone', async () => {
      const { server } = await api();
      const { id } = await find();
      fs.writeFileSync(decisions, JSON.stringify({ version: 1, findings: { [id]: { status: 'ignored', at: '2026-01-01T00:00:00Z', title: 'x' } } }));
      await until('ignored', async () => (await find()).status === 'ignored');
      fs.writeFileSync(decisions, '<<<<<<< HEAD');
      await until('open again', async () => (await find()).status === 'open');
      const answer = await server.request('plateau/setFindingStatus', { file, ids: [id], status: 'done' });
      assert.match(isFailure(answer) ? answer.failed : 'it was written', /findings\.json.* is damaged.*left as it is/);
      assert.equal(fs.readFileSync(decisions, 'utf8'), '<<<<<<< HEAD');
      fs.rmSync(decisions);
      await until('as before', async () => (await find()).status === 'open');
    });

    it('a fix that must be looked at is a diff first; Discard changes nothing', async () => {
      const { id } = await find();
      const isDiff = () =>
        vscode.window.tabGroups.all.some((group) =>
          group.tabs.some(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === 'plateau-fix'),
        );
      const fixed = vscode.commands.executeCommand('plateau.findings.fix', { file, id });
      await until('a diff', isDiff);
      await vscode.commands.executeCommand('plateau.findings.discardFix');
      await fixed;
      await until('the diff is closed', () => !isDiff());
      assert.equal(fs.readFileSync(inWorkspace(source), 'utf8'), original);
      assert.equal((await vscode.workspace.openTextDocument(uri)).getText(), original);
    });

    it('a fix moves with edits elsewhere, and is refused where its own lines have changed', async () => {
      const { server } = await api();
      const { id } = await find();
      const editor = await openSource(source);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// one more line\n'));
      await until('it is for the text as it is now', async () => {
        const fix = await server.request('plateau/findingFix', { file, id });
        return !isFailure(fix) && fix.before.startsWith('// one more line') && fix.after.startsWith('// one more line') && /new Map/.test(fix.after);
      });
      await until('so has its diagnostic', () => diagnostics().some((one) => codeOf(one) === rule && one.range.start.line === 9));
      await editor.edit((edit) => edit.insert(new vscode.Position(9, 4), '/* changed */ '));
      await until('a line that has changed has none', () => !hasDiagnostic());
      await until('refused', async () => {
        const fix = await server.request('plateau/findingFix', { file, id });
        return isFailure(fix) && /have been changed since/.test(fix.failed);
      });
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await until('possible again', async () => !isFailure(await server.request('plateau/findingFix', { file, id })));
    });

    it('Fix and Profile Again applies, saves, records, and tells what has changed', async () => {
      const { server } = await api();
      const { id } = await find();
      const before = new Set(profiles());
      const isDiff = () => vscode.window.tabGroups.all.some((group) => group.tabs.some(({ input }) => input instanceof vscode.TabInputTextDiff));
      const done = vscode.commands.executeCommand('plateau.findings.fixAndProfileAgain', { file, id });
      await until('a diff', isDiff);
      await vscode.commands.executeCommand('plateau.findings.applyFix');
      await until('recorded', () => profiles().some((name) => !before.has(name)), 40_000);
      assert.match(fs.readFileSync(inWorkspace(source), 'utf8'), /new Map/);
      const name = profiles().find((one) => !before.has(one));
      const after = inWorkspace(`.plateau/profiles/${name}`);
      const change = await server.request('plateau/findingChange', { id, before: file, after });
      if (isFailure(change)) throw new Error(change.failed);
      assert.equal(change.isGone, true);
      assert.match(
        change.message,
        /^Array searched by key.*: not found any more; it was \d[\d.]* % \([\d.]+–[\d.]+ %\) of active time\. matchOrders.* The run: .* → .* active\.$/,
      );
      // The message is a question that nobody answers here.
      await until('asked', async () => {
        await vscode.commands.executeCommand('notifications.clearAll');
        return Promise.race([Promise.resolve(done).then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 200))]);
      });
      fs.rmSync(after);
      fs.rmSync(after.replace('.cpuprofile', '.plateau.json'));
    });
  });
}
