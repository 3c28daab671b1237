import * as vscode from 'vscode';
import type { RecordingDto } from '../../protocol/lsp';
import { formatBytes, plural } from '../../shared/format';
import { offerUndo } from '../commands/delete-recording';
import { columnForGraphs } from '../editors/own-group';
import { profilesFolders } from '../folders';
import type { Server } from '../server-client';
import { askText, createTree, registerCommand, showWarning, type TreeRow } from '../ui';
import { profileDrops } from './profile-drops';
import { groupRecordings, isGroup, isShown, type RecordingGroup, type RecordingRow } from './recording-groups';

/** The list of recordings in the activity bar. */
export interface RecordingsView extends vscode.Disposable {
  /** What happens to files that are dropped on it. */
  readonly drops: vscode.TreeDragAndDropController<RecordingRow>;
  /** The rows below a row, or at the top. */
  children(row: RecordingRow | undefined): Promise<readonly RecordingRow[]>;
  refresh(): void;
}

export function recordingsView(context: vscode.ExtensionContext, server: Server): RecordingsView {
  const changed = new vscode.EventEmitter<undefined>();
  let filter = '';
  const children = async (row: RecordingRow | undefined): Promise<RecordingRow[]> => {
    if (row) return isGroup(row) ? [...row.rows] : [];
    const folders = profilesFolders();
    if (folders.length === 0) return [];
    const lists = await Promise.all(folders.map((folder) => server.request('plateau/recordings', { folder: folder.fsPath })));
    const all = lists.flat();
    const shown = filter === '' ? all : all.filter((one) => isShown(one, filter));
    view.tell(0, '', filter === '' ? undefined : `${shown.length} of ${plural(all.length, 'recording')} with "${filter}"`);
    return [...groupRecordings(shown, dayOf)];
  };
  const drops = profileDrops(context.storageUri ?? context.globalStorageUri);
  const view = createTree<RecordingRow>('plateau.recordings', { changed: changed.event, children, row: rowOf, drops });
  let debounce: NodeJS.Timeout | undefined;
  const refresh = (): void => {
    clearTimeout(debounce);
    debounce = setTimeout(() => changed.fire(undefined), 100);
  };
  let watchers: vscode.Disposable[] = [];
  const watch = (): void => {
    for (const one of watchers) one.dispose();
    watchers = profilesFolders().map((folder) => {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, '{*,*/result.hunt}.{cpuprofile,heapprofile,heapsnapshot,json}'),
      );
      watcher.onDidCreate(refresh);
      watcher.onDidDelete(refresh);
      watcher.onDidChange(refresh);
      return watcher;
    });
    refresh();
  };
  watch();
  const setFilter = (text: string): void => {
    filter = text.trim();
    void vscode.commands.executeCommand('setContext', 'plateau.recordingsFiltered', filter !== '');
    refresh();
  };

  const chosen = (rows: readonly RecordingRow[]): RecordingDto[] => [
    ...new Map(rows.flatMap((row) => (isGroup(row) ? row.recordings : [row])).map((one) => [one.file, one])).values(),
  ];
  /** A command of the rows; of a group, of all that is in it. */
  const command = (name: string, run: (item: RecordingDto, all: readonly RecordingDto[]) => unknown): vscode.Disposable =>
    registerCommand(name, (item?: RecordingRow, all?: readonly RecordingRow[]) => {
      const one = item ?? view.selection[0];
      if (!one) return undefined;
      const rows = chosen(all ?? (view.selection.includes(one) ? view.selection : [one]));
      return rows[0] && run(isGroup(one) ? rows[0] : one, rows);
    });
  const subscriptions = vscode.Disposable.from(
    view,
    changed,
    { dispose: () => vscode.Disposable.from(...watchers).dispose() },
    vscode.workspace.onDidChangeWorkspaceFolders(watch),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('plateau.profilesFolder') && watch()),
    command('plateau.recordings.open', (item) => openRecording(item)),
    command('plateau.recordings.openGraph', ({ file }) => vscode.commands.executeCommand('plateau.openProfile', file)),
    command('plateau.recordings.rename', (item) => rename(server, item, refresh)),
    command('plateau.recordings.delete', (_, all) =>
      offerUndo(
        context,
        all.map(({ file, title, beside, kind }) => ({ file, title, beside, isFolder: kind === 'hunt' })),
        refresh,
      ),
    ),
    command('plateau.recordings.reveal', ({ file }) => vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(file))),
    command('plateau.recordings.revealInOs', ({ file }) => vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file))),
    command('plateau.recordings.again', ({ file }) => vscode.commands.executeCommand('plateau.profileAgain', file)),
    registerCommand('plateau.recordings.refresh', refresh),
    registerCommand('plateau.recordings.filter', async (given?: unknown) => {
      const text =
        typeof given === 'string'
          ? given
          : await askText({ title: 'Filter the Recordings', prompt: 'Words of a title, a command or a function', value: filter });
      if (text !== undefined) setFilter(text);
    }),
    registerCommand('plateau.recordings.clearFilter', () => setFilter('')),
  );
  return { drops, children, refresh, dispose: () => subscriptions.dispose() };
}

/** A report and a snapshot have pages of their own; of a hunt its last snapshot is compared with its first. */
function openRecording({ file, kind, report, snapshots = [] }: RecordingDto): unknown {
  if (kind === 'hunt') {
    const [first, last] = [snapshots[0], snapshots.at(-1)];
    if (last === undefined) return void showWarning('The snapshots of this hunt are gone.');
    return vscode.commands.executeCommand(first === last ? 'plateau.openHeapSnapshot' : 'plateau.compareHeapSnapshots', last, first);
  }
  if (report !== undefined) return vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(report), 'plateau.doctor', columnForGraphs());
  if (kind === 'snapshot') return vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), 'plateau.heap', columnForGraphs());
  return vscode.commands.executeCommand('plateau.openProfile', file, true);
}

const icons = { cpu: 'flame', allocations: 'graph-line', snapshot: 'database', hunt: 'search' } as const;

function rowOf(row: RecordingRow): TreeRow {
  if (isGroup(row)) return groupRow(row);
  const { title, file, time, headline, detail, kind, canRepeat, isDamaged, report, size } = row;
  return {
    label: title,
    id: file,
    description: `${shortTime(time)} · ${headline} · ${formatBytes(size)}`,
    tooltip: [title, headline, formatBytes(size), ...detail.split('\n')],
    iconPath: new vscode.ThemeIcon(isDamaged ? 'warning' : report === undefined ? icons[kind] : 'pulse'),
    contextValue: ['recording', ...(canRepeat ? ['repeatable'] : []), ...(report === undefined ? [] : ['report']), ...(kind === 'hunt' ? ['hunt'] : [])].join(
      '.',
    ),
    command: { title: 'Open', command: 'plateau.recordings.open', arguments: [row] },
    spoken: `${title}, ${headline}`,
  };
}

function groupRow({ title, id, recordings, isFolded }: RecordingGroup): TreeRow {
  const size = recordings.reduce((sum, one) => sum + one.size, 0);
  return {
    label: title,
    id: `group ${id}`,
    description: `${recordings.length} · ${formatBytes(size)}`,
    iconPath: new vscode.ThemeIcon('folder'),
    contextValue: 'group',
    isFolded,
    isGroup: true,
    spoken: `${title}, ${plural(recordings.length, 'recording')}`,
  };
}

/** `Today`, else the date. */
function dayOf(time: number): string {
  const at = new Date(time);
  return at.toDateString() === new Date().toDateString() ? 'Today' : at.toLocaleDateString('en-CA');
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
