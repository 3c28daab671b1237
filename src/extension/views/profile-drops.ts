import * as vscode from 'vscode';
import { viewTypeOf } from '../editors/profile-editor';
import { isGroup, type RecordingRow } from './recording-groups';

const URIS = 'text/uri-list';

/**
 * Profiles dropped on the list of recordings, of any format and from anywhere, open with
 * Plateau. What is dragged out of the list is its files, for the editor area, a chat or a terminal.
 */
export function profileDrops(storage: vscode.Uri): vscode.TreeDragAndDropController<RecordingRow> {
  return {
    dragMimeTypes: [URIS],
    dropMimeTypes: [URIS, 'files'],
    handleDrag(dragged, data) {
      data.set(
        URIS,
        new vscode.DataTransferItem(
          dragged
            .flatMap((row) => (isGroup(row) ? row.recordings : [row]))
            .map(({ file }) => vscode.Uri.file(file).toString())
            .join('\r\n'),
        ),
      );
    },
    async handleDrop(_target, data) {
      for (const uri of await droppedUris(data, storage)) await vscode.commands.executeCommand('vscode.openWith', uri, viewTypeOf(uri));
    },
  };
}

async function droppedUris(data: vscode.DataTransfer, storage: vscode.Uri): Promise<vscode.Uri[]> {
  const list = (await data.get(URIS)?.asString()) ?? '';
  const named = list
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => vscode.Uri.parse(line));
  if (named.length > 0) return named;
  // In a browser, files of the user's own machine come without a place: they get one.
  const files = [...data].flatMap(([, item]) => item.asFile() ?? []);
  return Promise.all(
    files.map(async (file) => {
      if (file.uri) return file.uri;
      const copy = vscode.Uri.joinPath(storage, 'dropped', file.name.replace(/[\\/]/g, '_'));
      await vscode.workspace.fs.writeFile(copy, await file.data());
      return copy;
    }),
  );
}
