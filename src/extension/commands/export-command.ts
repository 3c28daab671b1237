import * as path from 'node:path';
import * as vscode from 'vscode';
import { type ExportFormatDto, type Failure, isFailure } from '../../protocol/lsp';
import { formatBytes } from '../../shared/format';
import type { Server } from '../server-client';
import { askSave, messageOf, pickOne, showFailure, showInfo, showWarning, withProgress } from '../ui';

/** From the palette nothing, from an editor's title its uri, from the list of recordings an item; a path from other commands. */
type Target = string | vscode.Uri | { readonly file: string } | undefined;

/** Exports a profile; a format and a path spare the questions. Gives the path of what was written. */
export type ExportCommand = (target?: Target, format?: string, out?: string) => Promise<string | undefined>;

const LAST = 'exportFormat';

export function exportCommand(context: vscode.ExtensionContext, server: Server, current: () => string | undefined): ExportCommand {
  return async (target, formatName, givenOut) => {
    const file = fileOf(target) ?? current();
    if (file === undefined) {
      void showInfo('There is no profile to export. Open one with "Plateau: Open Profile…".');
      return undefined;
    }
    const formats = await server.request('plateau/exportFormats', { file });
    const format = formatName === undefined ? await chooseFormat(context, formats) : formats.find(({ name }) => name === formatName);
    if (!format) return undefined;
    const out = givenOut ?? (await chooseOut(format));
    if (out === undefined) return undefined;
    const result = await write(server, file, format, out);
    if (isFailure(result)) {
      if (!result.isCancelled) void showFailure(result.failed);
      return undefined;
    }
    void tell(format, out, result.bytes);
    return out;
  };
}

function fileOf(target: Target): string | undefined {
  if (typeof target === 'string' || target === undefined) return target;
  return target instanceof vscode.Uri ? target.fsPath : target.file;
}

async function chooseFormat(context: vscode.ExtensionContext, formats: readonly ExportFormatDto[]): Promise<ExportFormatDto | undefined> {
  const last = context.globalState.get<string>(LAST);
  const sorted = [...formats].sort((a, b) => Number(b.name === last) - Number(a.name === last));
  const items = sorted.map((format) => ({ label: format.label, description: `.${format.extension}`, detail: format.description, format }));
  const picked = await pickOne(items, {
    title: 'Export Profile',
    placeHolder: 'What to write',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked) await context.globalState.update(LAST, picked.format.name);
  return picked?.format;
}

async function chooseOut({ label, extension, out }: ExportFormatDto): Promise<string | undefined> {
  const uri = await askSave(`Export Profile: ${label}`, vscode.Uri.file(out), {
    // Dialogs know the last part of an extension only.
    [label]: [extension.slice(extension.lastIndexOf('.') + 1)],
  });
  if (!uri) return undefined;
  if (uri.scheme === 'file') return uri.fsPath;
  void showFailure(`Profiles are written to a disk of the machine that Plateau runs on, not to ${uri.scheme}:. Choose a folder there.`);
  return undefined;
}

function write(server: Server, file: string, { name, label }: ExportFormatDto, out: string): Promise<{ readonly bytes: number } | Failure> {
  return Promise.resolve(
    withProgress({ title: `Exporting ${path.basename(file)} (${label})`, cancellable: true }, async (report, token) => {
      let told = 0;
      const reading = server.on('plateau/openProgress', ({ file: of, read, size }) => {
        if (of !== file || size <= 0) return;
        const percent = (read / size) * 100;
        report('reading', percent - told);
        told = percent;
      });
      try {
        return await server.request('plateau/export', { file, format: name, out }, token);
      } catch (error) {
        const isCancelled = token.isCancellationRequested;
        return { failed: `The export failed: ${messageOf(error)}. Try again.`, ...(isCancelled ? { isCancelled } : {}) };
      } finally {
        reading.dispose();
      }
    }),
  );
}

async function tell({ opensIn }: ExportFormatDto, out: string, bytes: number): Promise<void> {
  // A browser and a file manager are on the user's machine; the file may be on another.
  const isRemote = vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web;
  const uri = vscode.Uri.file(out);
  const reveal = isRemote ? 'Show in Explorer' : 'Show in Folder';
  const canOpen = opensIn === 'editor' || (opensIn === 'browser' && !isRemote);
  const hint = opensIn === 'browser' && isRemote ? ' Download it from the Explorer to open it in a browser.' : '';
  const choice = await showInfo(`Written to ${path.basename(out)}, ${formatBytes(bytes)}.${hint}`, ...(canOpen ? ['Open'] : []), reveal);
  if (choice === reveal) await vscode.commands.executeCommand(isRemote ? 'revealInExplorer' : 'revealFileInOS', uri);
  if (choice !== 'Open') return;
  // Not showTextDocument: the user may have another editor for this kind of file.
  if (opensIn === 'editor') await vscode.commands.executeCommand('vscode.open', uri);
  else if (!(await vscode.env.openExternal(uri))) void showWarning(`No browser could be opened. The report is ${out}; open it in one yourself.`);
}
