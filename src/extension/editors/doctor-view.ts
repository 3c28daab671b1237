import * as vscode from 'vscode';
import type { FromDoctorView, ToDoctorView } from '../../protocol/doctor';
import { isFailure } from '../../protocol/lsp';
import { repeatable } from '../commands/confirm-recipe';
import { mayLaunch } from '../commands/profile-commands';
import type { Server } from '../server-client';
import { showPlace } from '../show-place';
import { messageOf, showError } from '../ui';
import { doctorPage, onPageMessage } from './page-messages';
import type { ProfileEditors } from './profile-editor';
import { page, readPageParts } from './webview-page';

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
      post({ kind: 'failed', message: messageOf(error) });
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
        if (latest?.place) await showPlace(latest.place);
        return;
      case 'hunt':
        await vscode.commands.executeCommand('plateau.huntLeak');
        return;
      case 'again': {
        if (!mayLaunch()) return;
        const known = latest?.profile === undefined ? 'unknown' : await repeatable(context, server, latest.profile);
        if (!known) return;
        await vscode.commands.executeCommand('plateau.findBottleneck', known === 'unknown' || known.recipe.kind === 'process' ? undefined : known.recipe);
      }
    }
  };
  const listening = onPageMessage(webview, doctorPage, (message) => void act(message).catch(showError));
  panel.onDidDispose(() => listening.dispose());
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  webview.html = page(webview, await readPageParts(dist, 'doctor'), 'Plateau: bottleneck');
}
