import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { FromDoctorView, ToDoctorView } from '../protocol/doctor';
import { isFailure } from '../protocol/lsp';
import { mayOpen } from './ask-before-remote';
import type { ProfileEditors } from './profile-editor';
import type { Server } from './server-client';
import { showError } from './show-error';

/** The editor of `.doctor.json`: being a file, what it shows survives a reload of the window. */
export function doctorViews(context: vscode.ExtensionContext, server: Server, editors: ProfileEditors): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose() {} }),
    resolveCustomEditor: ({ uri }, panel) => show(context, server, editors, uri, panel),
  };
  return vscode.window.registerCustomEditorProvider('plateau.doctor', provider, { supportsMultipleEditorsPerDocument: true });
}

async function show(context: vscode.ExtensionContext, server: Server, editors: ProfileEditors, uri: vscode.Uri, panel: vscode.WebviewPanel): Promise<void> {
  const { webview } = panel;
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  let latest: Extract<ToDoctorView, { kind: 'report' }>['report'] | undefined;
  const post = (message: ToDoctorView): void => void webview.postMessage(message);
  const load = async (): Promise<void> => {
    try {
      const [report, commands] = await Promise.all([server.request('plateau/doctor', { file: uri.fsPath }), vscode.commands.getCommands(true)]);
      if (isFailure(report)) return post({ kind: 'failed', message: report.failed });
      latest = report;
      post({ kind: 'report', report, canHunt: commands.includes('plateau.huntLeak') });
    } catch (error) {
      post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  const act = async (message: FromDoctorView): Promise<void> => {
    switch (message.kind) {
      case 'ready':
      case 'retry':
        return load();
      case 'flame':
        if (latest?.profile !== undefined) await editors.reveal(latest.profile, latest.func);
        return;
      case 'line':
        return openLine(latest?.place);
      case 'hunt':
        await vscode.commands.executeCommand('plateau.huntLeak');
        return;
      case 'again': {
        const known = latest?.profile === undefined ? undefined : await server.request('plateau/recipe', { file: latest.profile });
        await vscode.commands.executeCommand('plateau.findBottleneck', known?.recipe.kind === 'process' ? undefined : known?.recipe);
      }
    }
  };
  const listening = webview.onDidReceiveMessage((message: FromDoctorView) => void act(message).catch(showError));
  panel.onDidDispose(() => listening.dispose());
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  const uriOf = (name: string): vscode.Uri => webview.asWebviewUri(vscode.Uri.joinPath(dist, name));
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}`;
  webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${uriOf('doctor.css')}">
<title>Plateau: bottleneck</title>
</head>
<body>
<main id="app"></main>
<script nonce="${nonce}" src="${uriOf('doctor.js')}"></script>
</body>
</html>`;
}

async function openLine(place: { readonly file: string; readonly line: number } | undefined): Promise<void> {
  if (!place || !(await mayOpen(place.file))) return;
  const position = new vscode.Position(Math.max(0, place.line - 1), 0);
  const column =
    vscode.window.visibleTextEditors.find((one) => one.viewColumn !== undefined && one.document.uri.scheme === 'file')?.viewColumn ?? vscode.ViewColumn.Beside;
  try {
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(place.file), { viewColumn: column, selection: new vscode.Range(position, position) });
    editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
  } catch {
    void vscode.window.showWarningMessage(`${place.file} is not on this machine. Open the folder that holds it as a workspace.`);
  }
}
