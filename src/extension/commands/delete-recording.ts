import * as vscode from 'vscode';
import { movableFiles } from '../movable-files';
import { showInfo, showWarning } from '../ui';

interface Deleted {
  readonly from: vscode.Uri;
  readonly to: vscode.Uri;
}

const DAY = 86_400_000;

/** Moves recordings out of the way and offers to bring them back; they are gone when it resolves. */
export async function offerUndo(
  context: vscode.ExtensionContext,
  recordings: readonly { file: string; title: string; beside: readonly string[] }[],
  refresh: () => void,
  done = 'Deleted',
): Promise<void> {
  const trash = vscode.Uri.joinPath(context.globalStorageUri, 'deleted', String(Date.now()));
  await vscode.workspace.fs.createDirectory(trash);
  const moved: Deleted[] = [];
  for (const { file, beside } of recordings) {
    for (const path of await movableFiles(file, beside)) {
      const from = vscode.Uri.file(path);
      const to = vscode.Uri.joinPath(trash, from.path.slice(from.path.lastIndexOf('/') + 1));
      const done = await vscode.workspace.fs.rename(from, to).then(
        () => true,
        () => false,
      );
      if (done) moved.push({ from, to });
    }
  }
  refresh();
  if (moved.length === 0) {
    void showWarning('Nothing was deleted: the files are gone, or are no files of their folder.');
    return;
  }
  const what = recordings.length === 1 ? `"${recordings[0]?.title}"` : `${recordings.length} recordings`;
  void showInfo(`${done} ${what}.`, 'Undo').then(async (choice) => {
    if (choice !== 'Undo') return;
    for (const { from, to } of moved) await vscode.workspace.fs.rename(to, from);
    refresh();
  });
}

/** Deletes for good what was deleted more than a week ago. */
export async function emptyTrash(context: vscode.ExtensionContext): Promise<void> {
  const trash = vscode.Uri.joinPath(context.globalStorageUri, 'deleted');
  const entries = await vscode.workspace.fs.readDirectory(trash).then(
    (found) => found,
    () => [],
  );
  for (const [name] of entries) {
    if (Date.now() - Number(name) > 7 * DAY) await vscode.workspace.fs.delete(vscode.Uri.joinPath(trash, name), { recursive: true });
  }
}
