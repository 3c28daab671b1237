import * as vscode from 'vscode';

/** Shows why something that the user asked for did not happen. */
export function showError(error: unknown): void {
  void vscode.window.showErrorMessage(`Plateau: ${error instanceof Error ? error.message : String(error)}`);
}
