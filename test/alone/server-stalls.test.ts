import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LanguageServer, startLanguageServer } from '../support/language-server';
import { type Folder, temporaryFolder } from '../support/run';
import { slowToParse } from '../support/slow-source';

/** The server as the extension starts it, with what somebody sent open beside what is one's own. */
let folder: Folder;
let server: LanguageServer;
const own = 'export function mine() {\n  return 1;\n}\n';

beforeAll(async () => {
  folder = temporaryFolder({ 'own.js': own, 'theirs.js': slowToParse() });
  server = await startLanguageServer(folder.path);
});
afterAll(() => {
  server.end();
  folder.remove();
});

const uriOf = (name: string): string => pathToFileURL(path.join(folder.path, name)).href;
const open = (name: string, text: string): Promise<void> =>
  server.connection.sendNotification('textDocument/didOpen', { textDocument: { uri: uriOf(name), languageId: 'javascript', version: 1, text } });
const lenses = (name: string): Promise<unknown[]> => server.connection.sendRequest('textDocument/codeLens', { textDocument: { uri: uriOf(name) } });

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
    server.connection.sendRequest('plateau/functionAt', { file: path.join(folder.path, 'asked.js'), text: slowToParse(), offset: 400 }).then((answer) => {
      expect(answer).toEqual({ failed: expect.stringContaining('to parse it takes too long') });
      order.push('theirs is told');
    }),
    server.connection.sendRequest('plateau/exportFormats', { file: path.join(folder.path, 'x.cpuprofile') }).then(note('another question')),
  ]);
  expect(order).toEqual(['another question found', 'theirs nothing', 'theirs is told']);
  expect(await lenses('own.js')).toMatchObject([{ command: { title: 'Profile' }, range: { start: { line: 0, character: 16 } } }]);
});
