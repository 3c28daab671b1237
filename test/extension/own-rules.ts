import * as vscode from 'vscode';
import { isFailure } from '../../src/protocol/lsp';
import { api, assert, fs, inWorkspace, openSource, path, profiles, until } from './support';

/** Rules of the user's own: what is wrong with them at its place, and what they find. */
export function ownRuleTests(): void {
  describe('rules of your own', () => {
    const file = inWorkspace('.plateau/rules/own.yml');
    const uri = vscode.Uri.file(file);
    const good = `id: no-find-by-customer
languages: [typescript]
message: Customers are looked up one by one.
gate: { minFunctionPct: 2 }
ast: { pattern: $A.find($F) }
where: [{ is: in-loop }]
`;
    const told = () =>
      vscode.languages
        .getDiagnostics(uri)
        .filter((one) => one.source === 'Plateau')
        .map(({ range, message }) => `${range.start.line}:${range.start.character} ${message.split('.')[0]}`);

    before(() => {
      fs.mkdirSync(path.dirname(file), { recursive: true });
    });
    after(async () => {
      fs.rmSync(path.dirname(file), { recursive: true, force: true });
      await (await api()).active.set(undefined);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    it('a mistake is marked at its place, and the mark goes with it', async () => {
      fs.writeFileSync(file, good.replace('pattern: $A.find($F)', 'pattern: "("').replace('message', 'mesage'));
      const editor = await openSource('.plateau/rules/own.yml');
      await until('marked', () => told().length > 0);
      assert.deepEqual(told(), ['0:0 The field "message" is missing', '2:0 There is no field "mesage" here']);
      await editor.edit((edit) => edit.insert(new vscode.Position(2, 2), 's'));
      await until('the next one', () => told().some((one) => one.startsWith('4:16 This pattern is not code in typescript')));
      await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 10, 0), good));
      await until('nothing is wrong', () => told().length === 0);
    });

    it('a saved rule finds its pattern in a recording', async () => {
      const { active, server } = await api();
      const name = profiles().find((one) => one.startsWith('matchOrders'));
      assert.ok(name, 'a run of the example is recorded');
      const profile = inWorkspace(`.plateau/profiles/${name}`);
      await active.set(profile);
      const rules = async (): Promise<string[]> => {
        const found = await server.request('plateau/findings', { file: profile });
        return isFailure(found) ? [] : found.map(({ rule }) => rule);
      };
      await until('patterns are found', async () => (await rules()).includes('find-in-loop'));
      assert.ok(!(await rules()).includes('no-find-by-customer'));
      await vscode.window.activeTextEditor?.document.save();
      await until('found', async () => (await rules()).includes('no-find-by-customer'));
      fs.rmSync(file);
      await until('gone with its file', async () => !(await rules()).includes('no-find-by-customer'));
    });
  });
}
