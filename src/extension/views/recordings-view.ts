import * as vscode from 'vscode';
import type { RecordingDto } from '../../protocol/lsp';
import { offerUndo } from '../commands/delete-recording';
import { profilesFolders } from '../folders';
import type { Server } from '../server-client';
import { askText, createTree, registerCommand, showWarning, type TreeRow } from '../ui';
import { profileDrops } from './profile-drops';

/** The list of recordings in the activity bar. */
export interface RecordingsView extends vscode.Disposable {
  /** What happens to files that are dropped on it. */
  readonly drops: vscode.TreeDragAndDropController<RecordingDto>;
  refresh(): void;
}

export function recordingsView(context: vscode.ExtensionContext, server: Server): RecordingsView {
  const changed = new vscode.EventEmitter<undefined>();
  const children = async (element: RecordingDto | undefined): Promise<RecordingDto[]> => {
    if (element) return [];
    const folders = profilesFolders();
    if (folders.length === 0) return [];
    const lists = await Promise.all(folders.map((folder) => server.request('plateau/recordings', { folder: folder.fsPath })));
    return lists.flat().sort((a, b) => b.time - a.time);
  };
  const drops = profileDrops(context.storageUri ?? context.globalStorageUri);
  const view = createTree<RecordingDto>('plateau.recordings', { changed: changed.event, children, row: rowOf, drops });
  let debounce: NodeJS.Timeout | undefined;
  const refresh = (): void => {
    clearTimeout(debounce);
    debounce = setTimeout(() => changed.fire(undefined), 100);
  };
  let watchers: vscode.Disposable[] = [];
  const watch = (): void => {
    for (const one of watchers) one.dispose();
    watchers = profilesFolders().map((folder) => {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*.{cpuprofile,heapprofile,heapsnapshot,json}'));
      watcher.onDidCreate(refresh);
      watcher.onDidDelete(refresh);
      watcher.onDidChange(refresh);
      return watcher;
    });
    refresh();
  };
  watch();

  const command = (name: string, run: (item: RecordingDto, all: readonly RecordingDto[]) => unknown): vscode.Disposable =>
    registerCommand(name, (item?: RecordingDto, all?: readonly RecordingDto[]) => {
      const one = item ?? view.selection[0];
      return one && run(one, all ?? (view.selection.includes(one) ? view.selection : [one]));
    });
  const subscriptions = vscode.Disposable.from(
    view,
    changed,
    { dispose: () => vscode.Disposable.from(...watchers).dispose() },
    vscode.workspace.onDidChangeWorkspaceFolders(watch),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('plateau.profilesFolder') && watch()),
    command('plateau.recordings.open', ({ file, kind }) =>
      kind === 'snapshot' ? vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file)) : vscode.commands.executeCommand('plateau.openProfile', file),
    ),
    command('plateau.recordings.rename', (item) => rename(server, item, refresh)),
    command('plateau.recordings.delete', (_, all) =>
      offerUndo(
        context,
        all.map(({ file, title, beside }) => ({ file, title, beside })),
        refresh,
      ),
    ),
    command('plateau.recordings.reveal', ({ file }) => vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(file))),
    command('plateau.recordings.revealInOs', ({ file }) => vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file))),
    command('plateau.recordings.again', ({ file }) => vscode.commands.executeCommand('plateau.profileAgain', file)),
    registerCommand('plateau.recordings.refresh', refresh),
  );
  return { drops, refresh, dispose: () => subscriptions.dispose() };
}

function rowOf({ title, file, time, headline, detail, kind, canRepeat, isDamaged }: RecordingDto): TreeRow {
  return {
    label: title,
    id: file,
    description: `${shortTime(time)} · ${headline}`,
    tooltip: [title, headline, ...detail.split('\n')],
    iconPath: new vscode.ThemeIcon(isDamaged ? 'warning' : { cpu: 'flame', allocations: 'graph-line', snapshot: 'database' }[kind]),
    contextValue: canRepeat ? 'recording.repeatable' : 'recording',
    command:
      kind === 'snapshot'
        ? { title: 'Open', command: 'vscode.open', arguments: [vscode.Uri.file(file), { preserveFocus: true }] }
        : { title: 'Open', command: 'plateau.openProfile', arguments: [file, true] },
    spoken: `${title}, ${headline}`,
  };
}

async function rename(server: Server, { file, title }: RecordingDto, refresh: () => void): Promise<void> {
  const given = await askText({
    title: 'Rename Recording',
    value: title,
    check: (text) => (text.trim() === '' ? 'Give it a name.' : undefined),
  });
  if (given === undefined || given.trim() === title) return;
  const done = await server.request('plateau/rename', { file, title: given.trim() });
  if (!done) void showWarning('This profile was not recorded by Plateau; rename its file in the Explorer instead.');
  refresh();
}

/** `07:24` today, `11-20` before: what tells two recordings of one thing apart at a glance. */
function shortTime(milliseconds: number): string {
  const at = new Date(milliseconds);
  return at.toDateString() === new Date().toDateString() ? at.toTimeString().slice(0, 5) : at.toLocaleDateString('en-CA').slice(5);
}
