import { lstat } from 'node:fs/promises';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { isLocalPath } from '../files/local-path';
import { readViewState, type ViewState } from '../protocol/view-state';
import { fittingJson } from '../shared/schemas/read-json';
import type { ProfileEditors } from './editors/profile-editor';
import { permittedFile } from './show-place';
import { showFailure, showStatus } from './ui';

/** Longer links are cut by chat programs and shells; what is left out then is how it was looked at, never the file. */
const MAX_LINK = 8000;

/** Puts a link to a profile, as it is looked at, on the clipboard: `vscode://plateau.plateau/open?file=…&state=…`. */
export async function copyLink(context: vscode.ExtensionContext, file: vscode.Uri, state: ViewState & { readonly slab?: string }): Promise<void> {
  const make = (query: string): vscode.Uri => vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: context.extension.id, path: '/open', query });
  const base = `file=${encodeURIComponent(file.fsPath)}`;
  const full = make(`${base}&state=${Buffer.from(JSON.stringify(state)).toString('base64url')}`);
  const link = full.toString().length <= MAX_LINK ? full : make(base);
  await vscode.env.clipboard.writeText((await vscode.env.asExternalUri(link)).toString());
  const isWhole = link === full;
  showStatus('check', isWhole ? 'Link to this view copied' : 'Link to the profile copied: the view has more transforms than a link can hold', 5000);
}

/** Opens what a link says, in a view of Plateau's and nowhere else. The file has to be there: a link carries no profile. */
export function openLink(editors: ProfileEditors): (uri: vscode.Uri) => Promise<void> {
  return async (uri) => {
    const query = new URLSearchParams(uri.query);
    const file = query.get('file');
    if (uri.path !== '/open' || !file) return void showFailure('This link to a profile is not complete. Copy it again.');
    if (isLocalPath(file) && !(await exists(file)))
      return void showFailure(`${file} is not on this machine. The link needs the profile itself: ask for it, and open it from where it is.`);
    const permitted = await permittedFile(file, 'A link wants Plateau to open');
    if (permitted) await editors.openState(permitted.fsPath, parseState(query.get('state')));
  };
}

const exists = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

/** The profile that the link was made of: the name of its prepared form. */
const linkState = v.looseObject({ slab: v.optional(v.pipe(v.string(), v.maxLength(MAX_LINK))) });

/** What is no state is none; of one what fits is taken. */
function parseState(text: string | null): (ViewState & { readonly slab?: string | undefined }) | undefined {
  if (!text || text.length > MAX_LINK) return undefined;
  const given = fittingJson(Buffer.from(text, 'base64url').toString('utf8'), linkState);
  return given && { ...readViewState(given), slab: given.slab };
}
