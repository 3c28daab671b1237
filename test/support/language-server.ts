import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { root } from './run';

export interface LanguageServer {
  readonly connection: MessageConnection;
  /** Ends it at once, as when VS Code crashes. */
  end(): void;
}

/** The built server in a folder, as the extension starts it. */
export async function startLanguageServer(folder: string): Promise<LanguageServer> {
  const child = spawn(process.execPath, [path.join(root, 'dist', 'server.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  const workspace = pathToFileURL(folder).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    capabilities: {},
    rootUri: workspace,
    workspaceFolders: [{ uri: workspace, name: 'w' }],
    initializationOptions: { isExtension: true, runLenses: true },
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    end() {
      connection.dispose();
      child.kill('SIGKILL');
    },
  };
}
