import { realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { statRegularFile } from '../files/open-regular';
import { showFailure, showModal, showWarning } from './ui';

/** 1-based; a place in a source as a profile, a report or a hunt names it. */
export interface NamedPlace {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** False where it is known to be not on this machine. */
  readonly exists?: boolean;
}

const revealType = vscode.TextEditorRevealType.InCenter;

/** Opens a place in a source, beside what is looked at unless a text editor is there already. What lies outside of the workspace is asked for first. */
export async function showPlace({ file, line, column = 1, exists = true }: NamedPlace, reveal = revealType): Promise<void> {
  if (!exists) return void showMissing(file);
  const uri = await permittedFile(file, 'What you look at names');
  if (!uri) return;
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const beside =
    vscode.window.visibleTextEditors.find((one) => one.viewColumn !== undefined && one.document.uri.scheme === 'file')?.viewColumn ?? vscode.ViewColumn.Beside;
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: beside, selection: new vscode.Range(position, position) });
  editor.revealRange(new vscode.Range(position, position), reveal);
}

/** Shows a text that is no file, to be read. */
export async function showText(content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'plaintext' }), { preview: true });
}

const showMissing = (file: string): Thenable<unknown> =>
  showWarning(`${file} is not on this machine. Open the folder that holds it as a workspace: sources are matched by the end of their path.`);

/** Folders outside of the workspace whose files the user let be opened, until the window is closed. */
const allowed = new Set<string>();

/**
 * A file that something other than the user names, if it may be opened: a regular file on
 * this machine, in the workspace or confirmed. `who` begins the question.
 */
export async function permittedFile(file: string, who: string): Promise<vscode.Uri | undefined> {
  if (!path.isAbsolute(file) || file.includes('\0')) return void showFailure(`${file} is not the path of a file, so it is not opened.`);
  // Through links too: one in the workspace may lead there.
  const looked = await statRegularFile(file, { own: workspaceFolders() });
  if (!looked.ok && looked.error.kind === 'not-local' && !(await mayConnect(file, who))) return undefined;
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined) return void showMissing(file);
  if (!(await stat(real)).isFile()) return void showFailure(`${file} is not a file, so it is not opened.`);
  const folder = path.dirname(real);
  const uri = vscode.Uri.file(file);
  if ((await isInWorkspace(real)) || allowed.has(folder)) return uri;
  const choice = await showModal(`${who} a file outside of the workspace. Open it?`, [file, ...(real === file ? [] : [`It is ${real}.`])], 'Open');
  if (choice !== 'Open') return undefined;
  allowed.add(folder);
  return uri;
}

/** To look at a file on another machine tells it who is logged in here. */
async function mayConnect(file: string, who: string): Promise<boolean> {
  const detail = [file, 'To open it connects to that machine, which learns your user name and can try to guess your password from what Windows sends.'];
  return (await showModal(`${who} a file on another machine, or what is no file. Open it?`, detail, 'Open from That Machine')) === 'Open from That Machine';
}

const workspaceFolders = (): string[] => (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => (uri.scheme === 'file' ? [uri.fsPath] : []));

async function isInWorkspace(real: string): Promise<boolean> {
  for (const folder of workspaceFolders()) {
    const relative = path.relative(await realpath(folder).catch(() => folder), real);
    if (relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)) return true;
  }
  return false;
}
