import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { PlateauApi } from '../../src/extension/extension';
import { isRunning, until } from '../support/wait';

export { assert, fs, isRunning, path, until };

export const workspace = (): string => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'a folder is open');
  return folder.uri.fsPath;
};
export const inWorkspace = (name: string): string => path.join(workspace(), name);

export async function api(): Promise<PlateauApi> {
  const extension = vscode.extensions.getExtension<PlateauApi>('plateau.plateau');
  assert.ok(extension, 'the extension is there');
  return extension.activate();
}

export async function openSource(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(inWorkspace(name)), { viewColumn: vscode.ViewColumn.One });
}

export const profilesIn = (folder: string): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.cpuprofile')) : []);
export const profiles = (): string[] => profilesIn(inWorkspace('.plateau/profiles'));
