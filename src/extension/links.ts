import * as vscode from 'vscode';
import type { ViewState } from '../protocol/view-state';
import { mayOpen } from './ask-before-remote';
import type { ProfileEditors } from './profile-editor';

/** Longer links are cut by chat programs and shells; what is left out then is how it was looked at, never the file. */
const MAX_LINK = 8000;

/** Puts a link to a profile, as it is looked at, on the clipboard: `vscode://plateau.plateau/open?file=…&state=…`. */
export async function copyLink(context: vscode.ExtensionContext, file: vscode.Uri, state: ViewState & { readonly slab?: string }): Promise<void> {
  const make = (query: string): vscode.Uri => vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: context.extension.id, path: '/open', query });
  const base = `file=${encodeURIComponent(file.fsPath)}`;
  const full = make(`${base}&state=${Buffer.from(JSON.stringify(state)).toString('base64url')}`);
  const link = full.toString().length <= MAX_LINK ? full : make(base);
  await vscode.env.clipboard.writeText((await vscode.env.asExternalUri(link)).toString());
  void vscode.window.setStatusBarMessage(
    link === full ? '$(check) Link to this view copied' : '$(check) Link to the profile copied: the view has more transforms than a link can hold',
    5000,
  );
}

/** Opens what a link says. The file has to be there: a link carries no profile. */
export function linkHandler(editors: ProfileEditors): vscode.UriHandler {
  return {
    async handleUri(uri) {
      const query = new URLSearchParams(uri.query);
      const file = query.get('file');
      if (uri.path !== '/open' || !file) return void vscode.window.showErrorMessage('This link to a profile is not complete. Copy it again.');
      if (!(await mayOpen(file))) return;
      const isThere = await vscode.workspace.fs.stat(vscode.Uri.file(file)).then(
        () => true,
        () => false,
      );
      if (!isThere)
        return void vscode.window.showErrorMessage(
          `${file} is not on this machine. The link needs the profile itself: ask for it, and open it from where it is.`,
        );
      await editors.openState(file, parseState(query.get('state')));
    },
  };
}

/** What does not parse is no state; the webview checks the rest. */
function parseState(text: string | null): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
