import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Server } from '../server-client';
import { readSetting } from '../settings';
import { type Lens, registerLenses } from '../ui';
import { scriptLines } from './script-lines';

const scripts: vscode.DocumentSelector = ['javascript', 'typescript', 'javascriptreact', 'typescriptreact'].map((language) => ({ language, scheme: 'file' }));
/** Whether it is worth to look for tests in a text: the server need not be started for others. */
const mayTest = /\b(?:test|it|describe|suite|specify)\b[\s\S]{0,200}?\(/;
/** Tables of tests: more lenses help nobody. */
const MOST = 500;

const lens = { title: 'Profile', tooltip: 'Run it and record where the time goes' };

/** A lens over each test, and over each script of a `package.json`: a click profiles it. */
export function runLenses(server: Server): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const ofTests = async (document: vscode.TextDocument): Promise<Lens[]> => {
    const text = document.getText();
    if (!vscode.workspace.isTrusted || !readSetting('codeLens.tests', document) || !mayTest.test(text)) return [];
    const blocks = await server.request('plateau/testBlocks', { file: document.uri.fsPath, text });
    return blocks.slice(0, MOST).map(({ line, offset }) => ({ ...lens, line, command: 'plateau.profileTest', arguments: [document.uri.toString(), offset] }));
  };
  const ofScripts = (document: vscode.TextDocument): Lens[] => {
    if (!vscode.workspace.isTrusted || !readSetting('codeLens.scripts', document)) return [];
    const folder = path.dirname(document.uri.fsPath);
    return scriptLines(document.getText()).map(({ name, line }) => ({ ...lens, line, command: 'plateau.profileScript', arguments: [folder, name] }));
  };
  return vscode.Disposable.from(
    changed,
    registerLenses(scripts, changed.event, ofTests),
    registerLenses({ pattern: '**/package.json', scheme: 'file' }, changed.event, ofScripts),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('plateau.codeLens')) changed.fire();
    }),
  );
}
