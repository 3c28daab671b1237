import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { CodeAction, Diagnostic } from 'vscode-languageserver/node';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { cli, plateau, temporaryFolder, until } from '../support/run';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const text = `const customers = Array.from({ length: 3000 }, (_, id) => ({ id }));
export function join(orders) {
  let found = 0;
  for (const order of orders) {
    const customer = customers.find((one) => one.id === order);
    if (customer) found++;
  }
  return found;
}
const end = Date.now() + 600;
while (Date.now() < end) join(Array.from({ length: 200 }, (_, i) => 3000 - i));
`;

test('an editor that knows only LSP gets findings, plain fixes and decisions', async () => {
  const source = folder.file('src/join.mjs', text);
  const profile = path.join(folder.path, 'join.cpuprofile');
  expect((await plateau(['record', '--out', profile, source], { cwd: folder.path })).code).toBe(0);
  const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { cwd: folder.path });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const uri = pathToFileURL(source).href;
  let published: Diagnostic[] = [];
  connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; diagnostics: Diagnostic[] }) => {
    if (params.uri === uri) published = params.diagnostics;
  });
  connection.listen();
  const found = (): Diagnostic | undefined => published.find(({ code }) => code === 'find-in-loop');
  const actions = async (line: number): Promise<CodeAction[]> => {
    const range = { start: { line, character: 4 }, end: { line, character: 4 } };
    return connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: published } });
  };
  try {
    await connection.sendRequest('initialize', {
      processId: process.pid,
      capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
      rootUri: pathToFileURL(folder.path).href,
      workspaceFolders: [{ uri: pathToFileURL(folder.path).href, name: 'w' }],
      initializationOptions: { profile },
    });
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'javascript', version: 7, text } });
    await until(() => found() !== undefined, 30_000);
    const page = new URL(found()?.codeDescription?.href ?? '');
    expect(page.protocol).toBe('file:');
    expect(readFileSync(page, 'utf8')).toMatch(/^# /);

    const offered = await actions(4);
    // Nothing here needs the extension.
    const commands = new Set(offered.flatMap(({ command }) => (command ? [command.command] : [])));
    expect([...commands]).toEqual(['plateau.setFindingStatus']);
    const fix = offered.find(({ edit }) => JSON.stringify(edit ?? '').includes('new Map'));
    expect(fix?.edit?.documentChanges).toEqual([{ textDocument: { uri, version: 7 }, edits: expect.any(Array) }]);
    expect(fix?.diagnostics?.[0]?.code).toBe('find-in-loop');
    expect((await actions(7)).length).toBe(0);

    const done = offered.find(({ title, diagnostics }) => title.startsWith('Mark as Done') && diagnostics?.[0]?.code === 'find-in-loop');
    expect(done?.command).toBeDefined();
    await connection.sendRequest('workspace/executeCommand', { command: done?.command?.command, arguments: done?.command?.arguments });
    await until(() => found() === undefined);
    expect(existsSync(path.join(folder.path, '.plateau', 'findings.json'))).toBe(true);

    // Deleted behind the editor's back, of which no event tells.
    rmSync(path.join(folder.path, '.plateau', 'findings.json'));
    await until(() => found() !== undefined, 20_000);
    await connection.sendRequest('workspace/executeCommand', { command: done?.command?.command, arguments: done?.command?.arguments });
    await until(() => found() === undefined);

    const ignore = offered.find(({ title }) => title.startsWith('Ignore find-in-loop Here'));
    expect(JSON.stringify(ignore?.edit)).toContain('    // plateau-ignore-next-line find-in-loop -- reason');
    // Another text: the lines that the fix is for are others now.
    await connection.sendRequest('workspace/executeCommand', {
      command: 'plateau.setFindingStatus',
      arguments: [profile, (found()?.data as { id?: string })?.id ?? done?.command?.arguments?.[1], 'open'],
    });
    await until(() => found() !== undefined);
    const changed = { range: { start: { line: 5, character: 0 }, end: { line: 5, character: 0 } }, text: '    void 0;\n' };
    await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 8 }, contentChanges: [changed] });
    const later = await actions(4);
    expect(later.filter(({ edit }) => JSON.stringify(edit ?? '').includes('new Map') && !JSON.stringify(edit).includes('"version":8'))).toEqual([]);
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    await new Promise((resolve) => child.once('exit', resolve));
  } finally {
    connection.dispose();
    child.kill();
  }
});

test('rules of the user: mistakes at their place while the text is edited, and a saved rule finds its pattern', async () => {
  const source = folder.file(
    'src/own.mjs',
    text
      .replace('customers.find((one) => one.id === order)', 'lookUp(order)')
      .replace('let found', 'const lookUp = (order) => customers.filter((one) => one.id === order)[0];\n  let found'),
  );
  const rules = folder.file('.plateau/rules/own.yml', 'id: no-look-up\nlanguages: [javascript]\nmesage: x\n');
  const profile = path.join(folder.path, 'own.cpuprofile');
  expect((await plateau(['record', '--out', profile, source], { cwd: folder.path })).code).toBe(0);
  const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { cwd: folder.path });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const published = new Map<string, Diagnostic[]>();
  connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; diagnostics: Diagnostic[] }) => {
    published.set(params.uri, params.diagnostics);
  });
  connection.listen();
  const uri = pathToFileURL(rules).href;
  const told = (): string[] => (published.get(uri) ?? []).map(({ range, code }) => `${range.start.line}:${range.start.character} ${code}`);
  const found = (): Diagnostic | undefined => published.get(pathToFileURL(source).href)?.find(({ code }) => code === 'no-look-up');
  try {
    const workspaceFolders = [{ uri: pathToFileURL(folder.path).href, name: 'w' }];
    await connection.sendRequest('initialize', {
      processId: process.pid,
      capabilities: {},
      rootUri: null,
      workspaceFolders,
      initializationOptions: { profile },
    });
    await connection.sendNotification('initialized', {});
    await until(() => told().length > 0, 30_000);
    expect(told()).toEqual(['0:0 missing-field', '0:0 missing-field', '0:0 missing-field', '2:0 unknown-field']);
    const fixed =
      'id: no-look-up\nlanguages: [javascript]\nmessage: Looked up one by one.\ngate: { minFunctionPct: 5 }\nast: { pattern: lookUp($X) }\nwhere: [{ is: in-loop }]\n';
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text: fixed.replace('in-loop', 'in-lop') },
    });
    await until(() => told().join() === '5:14 unknown-value', 30_000);
    expect(found()).toBeUndefined();
    await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: fixed }] });
    await until(() => told().length === 0, 30_000);
    folder.file('.plateau/rules/own.yml', fixed);
    await connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    await until(() => found() !== undefined, 30_000);
    expect(found()?.message).toContain('Looked up one by one.');
    expect(found()?.codeDescription).toBeUndefined();
    folder.file('.plateau/rules/own.yml', '# nothing\n');
    await connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
    await until(() => found() === undefined, 30_000);
    // Written and deleted behind the editor's back: no event tells of the end.
    folder.file('.plateau/rules/own.yml', fixed);
    await connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });
    await until(() => found() !== undefined, 30_000);
    rmSync(rules);
    await until(() => found() === undefined, 30_000);
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    await new Promise((resolve) => child.once('exit', resolve));
  } finally {
    connection.dispose();
    child.kill();
  }
}, 60_000);
