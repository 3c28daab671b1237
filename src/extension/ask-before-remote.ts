import * as vscode from 'vscode';
import { isInside, isLocalPath } from '../files/local-path';
import { plainText } from './plain-text';

const OPEN = 'Open from That Machine';

/**
 * Whether a path that a profile, a report or a link names may be opened. On another machine only after the
 * user has said so: to look there tells it who is logged in here. What lies in an open workspace may be.
 */
export async function mayOpen(file: string): Promise<boolean> {
  if (isLocalPath(file) || isInWorkspace(file)) return true;
  const detail =
    'The profile names this path. To open it connects to that machine, which learns your user name and can try to guess your password from what Windows sends.';
  const choice = await vscode.window.showWarningMessage(`${plainText(file)} is on another machine, or is no file.`, { modal: true, detail }, OPEN);
  return choice === OPEN;
}

const isInWorkspace = (file: string): boolean =>
  (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => uri.scheme === 'file' && isInside(uri.fsPath, file));
