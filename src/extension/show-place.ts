import * as vscode from 'vscode';
import { isLocalPath } from '../files/local-path';
import type { PlaceDto } from '../protocol/lsp';
import { mayOpen } from './ask-before-remote';

/** Opens a place in a source, beside what is looked at unless a text editor is there already; `line` (1-based) instead of the place's own. */
export async function showPlace(place: PlaceDto, line?: number): Promise<void> {
  if (!(await mayOpen(place.file))) return;
  // Nobody has looked on another machine.
  if (!place.exists && isLocalPath(place.file)) {
    void vscode.window.showWarningMessage(
      `${place.file} is not on this machine. Open the folder that holds it as a workspace: sources are matched by the end of their path.`,
    );
    return;
  }
  const position = new vscode.Position((line ?? place.line) - 1, line === undefined ? place.column - 1 : 0);
  const column =
    vscode.window.visibleTextEditors.find((one) => one.viewColumn !== undefined && one.document.uri.scheme === 'file')?.viewColumn ?? vscode.ViewColumn.Beside;
  const editor = await vscode.window.showTextDocument(vscode.Uri.file(place.file), { viewColumn: column, selection: new vscode.Range(position, position) });
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
}
