import * as path from 'node:path';
import * as vscode from 'vscode';
import { showInfo } from './ui';

/** The recordings' folder of a workspace folder, by the setting. */
export function profilesFolder(workspace: vscode.WorkspaceFolder): vscode.Uri {
  const setting = vscode.workspace.getConfiguration('plateau', workspace).get<string>('profilesFolder') || '.plateau/profiles';
  return path.isAbsolute(setting) ? vscode.Uri.file(setting) : vscode.Uri.joinPath(workspace.uri, ...setting.split(/[\\/]/));
}

export function profilesFolders(): vscode.Uri[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(profilesFolder);
  return [...new Map(folders.map((folder) => [folder.toString(), folder])).values()];
}

const OFFERED = 'gitignoreOffered';

/** Offers once a workspace to keep recordings out of git. */
export async function offerGitignore(context: vscode.ExtensionContext, workspace: vscode.WorkspaceFolder): Promise<void> {
  if (context.workspaceState.get<boolean>(OFFERED)) return;
  const folder = path.relative(workspace.uri.fsPath, profilesFolder(workspace).fsPath).split(path.sep).join('/');
  const isInside = !folder.startsWith('..') && !path.isAbsolute(folder);
  const hasGit = await exists(vscode.Uri.joinPath(workspace.uri, '.git'));
  if (!isInside || !hasGit) return;
  const file = vscode.Uri.joinPath(workspace.uri, '.gitignore');
  const text = await vscode.workspace.fs.readFile(file).then(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    () => '',
  );
  const isIgnored = text.split(/\r?\n/).some((line) => {
    const entry = line.trim().replace(/^\/|\/$/g, '');
    return entry !== '' && (entry === folder || folder.startsWith(`${entry}/`));
  });
  if (isIgnored) return;
  await context.workspaceState.update(OFFERED, true);
  const choice = await showInfo(`Recordings are kept in ${folder}/. Add it to .gitignore?`, 'Add', 'Not Now');
  if (choice !== 'Add') return;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const separator = text === '' || text.endsWith('\n') ? '' : newline;
  await vscode.workspace.fs.writeFile(file, Buffer.from(`${text}${separator}${folder}/${newline}`));
}

const exists = (uri: vscode.Uri): Promise<boolean> =>
  Promise.resolve(
    vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    ),
  );
