import * as vscode from 'vscode';
import type { Server } from '../server-client';
import { showPlace } from '../show-place';
import { type PickItem, pickOne, showInfo, withProgress } from '../ui';

/** Files that are looked through, and for how long: the rest is found by opening it. */
const MOST_FILES = 300;
const MOST_MS = 8000;

interface Found extends PickItem {
  readonly uri: vscode.Uri;
  readonly position: vscode.Position;
}

/** Asks for a function of the workspace, where no editor is open; opens its file with the cursor in it. Undefined if the user gives up. */
export async function chooseSymbol(server: Server): Promise<{ readonly uri: vscode.Uri; readonly position: vscode.Position } | undefined> {
  const items = await withProgress({ isQuiet: true, title: 'Plateau: looking for functions' }, () => functionsOfWorkspace(server));
  if (items.length === 0) {
    void showInfo('There is no JavaScript or TypeScript function in this workspace. Open a file, and put the cursor in the function to profile.');
    return undefined;
  }
  const picked = await pickOne(items, { title: 'Profile which function?', placeHolder: 'Functions of the workspace', matchOnDescription: true });
  if (!picked) return undefined;
  await showPlace({ file: picked.uri.fsPath, line: picked.position.line + 1, column: picked.position.character + 1 });
  return { uri: picked.uri, position: picked.position };
}

async function functionsOfWorkspace(server: Server): Promise<Found[]> {
  const uris = await vscode.workspace.findFiles('**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}', '**/{node_modules,dist,out,build,coverage,.plateau}/**', MOST_FILES);
  const until = Date.now() + MOST_MS;
  const found: Found[] = [];
  for (const uri of uris.filter(({ scheme, path }) => scheme === 'file' && !path.endsWith('.d.ts')).sort((a, b) => a.path.localeCompare(b.path))) {
    if (Date.now() > until) break;
    const where = vscode.workspace.asRelativePath(uri);
    for (const { name, line, column } of await server.request('plateau/functionsOf', { file: uri.fsPath }))
      found.push({ icon: 'symbol-function', label: name, description: `${where}:${line}`, uri, position: new vscode.Position(line - 1, column - 1) });
  }
  return found;
}
