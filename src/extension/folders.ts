import * as path from 'node:path';
import * as vscode from 'vscode';
import { readSetting, tellSetting } from './settings';

const USUAL = '.plateau/profiles';

/**
 * The recordings' folder of a workspace folder, by the setting. What stands in the settings of a
 * workspace may have come with it, so it leads nowhere else: that only the user's own settings may say.
 */
export function profilesFolder(workspace: vscode.WorkspaceFolder): vscode.Uri {
  const setting = readSetting('profilesFolder', workspace);
  const uriOf = (folder: string): vscode.Uri =>
    path.isAbsolute(folder) ? vscode.Uri.file(folder) : vscode.Uri.joinPath(workspace.uri, ...folder.split(/[\\/]/));
  const found = vscode.workspace.getConfiguration('plateau', workspace).inspect('profilesFolder');
  const isOfWorkspace = (found?.workspaceFolderValue ?? found?.workspaceValue) !== undefined;
  const inside = path.relative(workspace.uri.fsPath, uriOf(setting).fsPath);
  const leadsOut = inside.split(path.sep)[0] === '..' || path.isAbsolute(inside);
  if (!isOfWorkspace || !leadsOut) return uriOf(setting);
  tellSetting(
    'profilesFolder',
    setting,
    `This workspace names a folder for recordings outside of it, so they are kept in ${USUAL}. Name that folder in your user settings to use it.`,
  );
  return uriOf(USUAL);
}

/** Where slabs of opened files are kept between sessions. */
export const slabsFolder = (context: vscode.ExtensionContext): vscode.Uri => vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'slabs');

export function profilesFolders(): vscode.Uri[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(profilesFolder);
  return [...new Map(folders.map((folder) => [folder.toString(), folder])).values()];
}
