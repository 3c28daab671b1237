import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { isFailure } from '../../protocol/lsp';
import type { Server } from '../server-client';
import { createPanel, showFailure, showWarning } from '../ui';
import { speedscopePolicy } from './webview-policy';

/** Beyond this, speedscope's own import takes minutes and gigabytes. */
const MAX_BYTES = 200e6;

/**
 * The same profile in speedscope, in an editor beside. Its app comes with the
 * extension, is loaded from there, and is handed the profile by the function
 * that it offers for that; its page may reach nothing else.
 */
export async function openSpeedscope(
  context: vscode.ExtensionContext,
  server: Server,
  file: string,
  storage: vscode.Uri,
  select: number | 'merge' | undefined,
): Promise<void> {
  const written = await server.request('plateau/speedscope', { file, storage: storage.fsPath, select });
  if (isFailure(written)) return void showFailure(written.failed);
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const data = vscode.Uri.file(written.path);
  const { size } = await vscode.workspace.fs.stat(data);
  if (size > MAX_BYTES)
    return void showWarning(
      `${name} is too large for speedscope (${(size / 1e6).toFixed(0)} MB as its JSON). Keep to a part of it here, or export it and open it in a browser.`,
    );
  const app = vscode.Uri.joinPath(context.extensionUri, 'dist', 'speedscope');
  const panel = createPanel('plateau.speedscope', `speedscope: ${name}`, vscode.ViewColumn.Active, {
    enableScripts: true,
    retainContextWhenHidden: true,
    localResourceRoots: [app, storage],
  });
  const { webview } = panel;
  const entries = await vscode.workspace.fs.readDirectory(app);
  const pick = (pattern: RegExp): vscode.Uri => vscode.Uri.joinPath(app, entries.map(([entry]) => entry).find((entry) => pattern.test(entry)) ?? 'missing');
  const nonce = randomBytes(16).toString('base64');
  const isDark =
    vscode.window.activeColorTheme.kind === vscode.ColorThemeKind.Dark || vscode.window.activeColorTheme.kind === vscode.ColorThemeKind.HighContrast;
  const source = webview.cspSource;
  const start = `location.hash = '#localProfilePath=x&view=left-heavy&title=' + encodeURIComponent(${scriptText(name)});
try { localStorage['speedscope-color-scheme'] = '${isDark ? 'DARK' : 'LIGHT'}'; } catch {}
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
addEventListener('load', async () => {
  const response = await fetch(${scriptText(webview.asWebviewUri(data).toString())});
  const bytes = new Uint8Array(await response.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  for (let tries = 0; tries < 200 && !(window.speedscope && window.speedscope.loadFileFromBase64); tries++) await wait(50);
  window.speedscope.loadFileFromBase64(${scriptText(name)}, btoa(text));
});`;
  webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${speedscopePolicy(nonce, source)}">
<title>speedscope</title>
<style>body { margin: 0; padding: 0; }</style>
<link rel="stylesheet" href="${webview.asWebviewUri(pick(/\.css$/)).toString()}">
</head>
<body>
<script nonce="${nonce}">${start}</script>
<script nonce="${nonce}" src="${webview.asWebviewUri(pick(/^speedscope.*\.js$/)).toString()}"></script>
</body>
</html>`;
}

/** A string as a literal that cannot end the script that it stands in. */
const scriptText = (text: string): string => JSON.stringify(text).replace(/</g, '\\u003c');
