import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { type Folder, root, temporaryFolder } from '../support/run';
import { slowToParse } from '../support/slow-source';

/** The server as the extension starts it, with what somebody sent open beside what is one's own. */
let folder: Folder;
let child: ChildProcess;
let connection: MessageConnection;
const own = 'export function mine() {\n  return 1;\n}\n';

beforeAll(async () => {
  folder = temporaryFolder({ 'own.js': own, 'theirs.js': slowToParse() });
  child = spawn(process.execPath, [path.join(root, 'dist', 'server.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!child.stdout || !child.stdin) throw new Error('it has both');
  connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  const workspace = pathToFileURL(folder.path).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    capabilities: {},
    rootUri: workspace,
    workspaceFolders: [{ uri: workspace, name: 'w' }],
    initializationOptions: { isExtension: true, runLenses: true },
  });
  await connection.sendNotification('initialized', {});
});
afterAll(() => {
  connection.dispose();
  child.kill('SIGKILL');
  folder.remove();
});

const uriOf = (name: string): string => pathToFileURL(path.join(folder.path, name)).href;
const open = (name: string, text: string): Promise<void> =>
  connection.sendNotification('textDocument/didOpen', { textDocument: { uri: uriOf(name), languageId: 'javascript', version: 1, text } });
const lenses = (name: string): Promise<unknown[]> => connection.sendRequest('textDocument/codeLens', { textDocument: { uri: uriOf(name) } });

test('a document that is made to be parsed for ever holds no other up', async () => {
  await open('theirs.js', slowToParse());
  await open('own.js', own);
  const order: string[] = [];
  const note =
    (name: string) =>
    (found: unknown): void =>
      void order.push(`${name} ${JSON.stringify(found).length > 2 ? 'found' : 'nothing'}`);
  await Promise.all([
    lenses('theirs.js').then(note('theirs')),
    connection.sendRequest('plateau/functionAt', { file: path.join(folder.path, 'asked.js'), text: slowToParse(), offset: 400 }).then((answer) => {
      expect(answer).toEqual({ failed: expect.stringContaining('to parse it takes too long') });
      order.push('theirs is told');
    }),
    connection.sendRequest('plateau/exportFormats', { file: path.join(folder.path, 'x.cpuprofile') }).then(note('another question')),
  ]);
  expect(order).toEqual(['another question found', 'theirs nothing', 'theirs is told']);
  expect(await lenses('own.js')).toMatchObject([{ command: { title: 'Profile' }, range: { start: { line: 0, character: 16 } } }]);
});
