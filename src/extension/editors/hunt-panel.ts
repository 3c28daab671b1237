import * as vscode from 'vscode';
import type { ToHuntPanel } from '../../protocol/heap-record';
import { showPlace } from '../show-place';
import { createPanel, showError } from '../ui';
import { huntPage, namesFile, onPageMessage } from './page-messages';
import { page, readPageParts } from './webview-page';

export interface HuntPanel {
  send(message: ToHuntPanel): void;
}

interface Controls {
  next(): void;
  cancel(): void;
  again(): Promise<void>;
  otherThread(): Promise<void>;
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
  const view = createPanel(
    'plateau.hunt',
    'Hunt a Leak',
    { viewColumn: vscode.ViewColumn.Active, preserveFocus: false },
    { enableScripts: true, localResourceRoots: [dist] },
  );
  const icon = (name: string): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, 'media', name);
  view.iconPath = { light: icon('tab-light.svg'), dark: icon('tab-dark.svg') };
  const own = { view, sent: [] as ToHuntPanel[], controls };
  panel = own;
  onPageMessage(view.webview, huntPage, (message) => {
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
      case 'other-thread':
        return void own.controls.otherThread().catch(showError);
      case 'place':
        if (namesFile(own.sent, message.file)) void showPlace(message).catch(showError);
        return;
      case 'snapshot':
        if (namesFile(own.sent, message.file))
          void Promise.resolve(vscode.commands.executeCommand('plateau.openHeapSnapshot', message.file, message.id)).catch(showError);
        return;
    }
  });
  view.onDidDispose(() => {
    if (panel === own) panel = undefined;
    own.controls.cancel(); // nothing to cancel where it is over
  });
  view.webview.html = page(view.webview, await readPageParts(dist, 'hunt'), 'Hunt a Leak');
}
