import * as path from 'node:path';
import * as vscode from 'vscode';
import { formatBytes } from '../../shared/format';
import { profilesFolders } from '../folders';
import { askOpen, type PickItem, pickOne } from '../ui';

const MAX_FOUND = 200;

interface Choice extends PickItem {
  readonly file?: string;
}

/** Asks for a heap snapshot: of those that are open, recorded, in the workspace, or any file. */
export async function chooseSnapshot(title: string, open: readonly string[], except: readonly string[]): Promise<string | undefined> {
  const isOther = (file: string): boolean => !except.includes(file);
  const opened = [...new Set(open)].filter(isOther);
  const recorded = (await Promise.all(profilesFolders().map(snapshotsIn))).flat().filter(isOther);
  const found = (await vscode.workspace.findFiles('**/*.heapsnapshot', '**/node_modules/**', MAX_FOUND)).map(({ fsPath }) => fsPath).filter(isOther);
  const seen = new Set<string>();
  const group = async (label: string, files: readonly string[]): Promise<Choice[]> => {
    const rows = await Promise.all(files.filter((file) => !seen.has(file)).map(describe));
    for (const { file } of rows) if (file !== undefined) seen.add(file);
    rows.sort((a, b) => b.time - a.time);
    return rows.length === 0 ? [] : [{ label, isSeparator: true }, ...rows];
  };
  const items: Choice[] = [
    ...(await group('open', opened)),
    ...(await group('recorded', recorded)),
    ...(await group('in the workspace', found)),
    { label: '', isSeparator: true },
    { icon: 'folder-opened', label: 'Choose a file…' },
  ];
  const picked = await pickOne(items, {
    title,
    placeHolder: 'Snapshots of one process can be compared',
    matchOnDescription: true,
    ignoreFocusOut: true, // an editor that is still being opened gets the focus when it is ready
  });
  if (!picked) return undefined;
  if (picked.file !== undefined) return picked.file;
  return (await askOpen(title, { 'Heap snapshots': ['heapsnapshot'], 'All files': ['*'] }))?.fsPath;
}

async function snapshotsIn(folder: vscode.Uri): Promise<string[]> {
  const names = await vscode.workspace.fs.readDirectory(folder).then(
    (all) => all,
    () => [],
  );
  return names.filter(([name]) => name.toLowerCase().endsWith('.heapsnapshot')).map(([name]) => vscode.Uri.joinPath(folder, name).fsPath);
}

async function describe(file: string): Promise<Choice & { readonly time: number }> {
  const stat = await vscode.workspace.fs.stat(vscode.Uri.file(file)).then(
    (found) => found,
    () => undefined,
  );
  const time = stat?.mtime ?? 0;
  const when = stat ? `${new Date(time).toLocaleString()} · ${formatBytes(stat.size)}` : '';
  return { label: path.basename(file), description: when, detail: vscode.workspace.asRelativePath(file), file, time };
}
