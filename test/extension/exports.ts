import * as vscode from 'vscode';
import { isFailure } from '../../src/protocol/lsp';
import { api, assert, fs, inWorkspace, path, profiles } from './support';

/** Exporting a profile, by the command and by the request behind it. */
export function exportTests(): void {
  describe('exports', () => {
    const recording = (): string => inWorkspace(`.plateau/profiles/${profiles()[0]}`);
    const run = (...args: unknown[]) => vscode.commands.executeCommand<string | undefined>('plateau.exportProfile', ...args);

    it('every format is written, from a path, a uri and an item of the list', async () => {
      const { server } = await api();
      const file = recording();
      const formats = await server.request('plateau/exportFormats', { file });
      assert.ok(formats.length >= 4 && formats[0]?.name === 'html');
      const targets = [file, vscode.Uri.file(file), { file }];
      for (const [i, { name, extension, out }] of formats.entries()) {
        // Never the profile itself.
        const end = extension === 'cpuprofile' ? '-exported' : '';
        assert.equal(out, `${file.replace(/\.cpuprofile$/, '')}${end}.${extension}`);
        const to = inWorkspace(`exported.${extension}`);
        assert.equal(await run(targets[i % 3], name, to), to);
        assert.ok(fs.statSync(to).size > 100, name);
      }
      assert.match(fs.readFileSync(inWorkspace('exported.html'), 'utf8'), /^<!DOCTYPE html>[\s\S]*<\/html>\n$/);
      assert.match(fs.readFileSync(inWorkspace('exported.md'), 'utf8'), /^## [\s\S]*### Functions/);
      await vscode.commands.executeCommand('notifications.clearAll');
    });

    it('the active profile is what is exported where nothing is named', async () => {
      const { active } = await api();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await active.set(recording());
      const to = inWorkspace('active.md');
      assert.equal(await run(undefined, 'markdown', to), to);
      assert.ok(fs.readFileSync(to, 'utf8').includes('### Functions'));
    });

    it('a failure is a sentence that says what to do', async () => {
      const { server } = await api();
      const file = recording();
      const to = (format: string, out: string) => server.request('plateau/export', { file, format, out });
      for (const [format, out, message] of [
        ['html', path.join(inWorkspace('gone'), 'a.html'), /The folder of .* does not exist\. Make it, or choose another place\./],
        ['html', file, /is the profile itself\. Choose another name\./],
        ['nope', inWorkspace('a'), /There is no format "nope"/],
      ] as const) {
        const answer = await to(format, out);
        assert.match(isFailure(answer) ? answer.failed : 'it was written', message);
      }
      assert.ok(fs.statSync(file).size > 1000, 'the profile is as it was');
    });
  });
}
