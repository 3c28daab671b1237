import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { PlateauApi } from '../../src/extension/extension';

export { assert, fs, path };

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

export async function until(what: string, check: () => unknown, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

export async function openSource(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(inWorkspace(name)), { viewColumn: vscode.ViewColumn.One });
}

export const profilesIn = (folder: string): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.cpuprofile')) : []);
export const profiles = (): string[] => profilesIn(inWorkspace('.plateau/profiles'));
