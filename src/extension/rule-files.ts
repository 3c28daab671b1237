import * as vscode from 'vscode';
import type { Server } from './server-client';

const RULES = '**/.plateau/rules/*.{yml,yaml}';

/** Starts the language server for whoever writes rules: it says what is wrong with them. */
export function watchRuleFiles(server: Server): vscode.Disposable {
  const selector: vscode.DocumentSelector = { scheme: 'file', pattern: RULES };
  const startFor = (document: vscode.TextDocument): void => {
    if (vscode.languages.match(selector, document) > 0) void server.start();
  };
  for (const document of vscode.workspace.textDocuments) startFor(document);
  return vscode.workspace.onDidOpenTextDocument(startFor);
}
