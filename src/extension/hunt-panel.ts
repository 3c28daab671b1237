import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { FromHuntPanel, ToHuntPanel } from '../protocol/heap-record';
import { showError } from './show-error';

export interface HuntPanel {
  send(message: ToHuntPanel): void;
}

interface Controls {
  next(): void;
  cancel(): void;
  again(): Promise<void>;
}

let panel: { readonly view: vscode.WebviewPanel; readonly sent: ToHuntPanel[]; controls: Controls } | undefined;

/** Shows the one panel of hunts: chart and buttons while one runs, what was found afterwards. */
export async function huntPanel(context: vscode.ExtensionContext, begin: ToHuntPanel, controls: Controls): Promise<HuntPanel> {
  if (panel) {
    panel.controls = controls;
    panel.sent.length = 0;
    panel.view.reveal(undefined, true);
  } else await openPanel(context, controls);
  const own = panel;
  const hunt: HuntPanel = {
    send(message) {
      // A panel that was closed is not opened again by what its hunt has to say.
      if (!own || panel !== own) return;
      own.sent.push(message);
      void own.view.webview.postMessage(message);
    },
  };
  hunt.send(begin);
  return hunt;
}

/** Brings the panel to the front; false where it is closed. */
export function revealHuntPanel(): boolean {
  panel?.view.reveal();
  return panel !== undefined;
}

async function openPanel(context: vscode.ExtensionContext, controls: Controls): Promise<void> {
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const view = vscode.window.createWebviewPanel(
    'plateau.hunt',
    'Hunt a Leak',
    { viewColumn: vscode.ViewColumn.Active, preserveFocus: false },
    { enableScripts: true, localResourceRoots: [dist] },
  );
  view.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'plateau.svg');
  const own = { view, sent: [] as ToHuntPanel[], controls };
  panel = own;
  view.webview.onDidReceiveMessage((message: FromHuntPanel) => {
    switch (message.kind) {
      case 'ready':
        // Also after it was hidden: everything of this hunt again.
        for (const one of own.sent) void view.webview.postMessage(one);
        return;
      case 'next':
        return own.controls.next();
      case 'cancel':
        return own.controls.cancel();
      case 'again':
        return void own.controls.again().catch(showError);
      case 'place':
        return void showPlace(message.file, message.line, message.column);
      case 'snapshot':
        return void Promise.resolve(vscode.commands.executeCommand('plateau.openHeapSnapshot', message.file, message.id)).catch(showError);
    }
  });
  view.onDidDispose(() => {
    if (panel === own) panel = undefined;
    own.controls.cancel(); // nothing to cancel where it is over
  });
  const [script, style] = await Promise.all(
    ['hunt.js', 'hunt.css'].map(async (name) => Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(dist, name))).toString('utf8')),
  );
  view.webview.html = page(view.webview, script ?? '', style ?? '');
}

function page(webview: vscode.Webview, script: string, style: string): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource} 'unsafe-inline'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>${style.replace(/<\/(?=style)/gi, '<\\/')}</style>
<title>Hunt a Leak</title>
</head>
<body>
<main id="app"></main>
<script nonce="${nonce}">${script.replace(/<\/(?=script)/gi, '<\\/').replace(/\n\/\/# sourceMappingURL=.*/g, '')}</script>
</body>
</html>`;
}

async function showPlace(file: string, line: number, column: number): Promise<void> {
  const at = new vscode.Position(line - 1, column - 1);
  try {
    await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.Beside, selection: new vscode.Range(at, at) });
  } catch {
    void vscode.window.showWarningMessage(`${file} is not there any more.`);
  }
}
