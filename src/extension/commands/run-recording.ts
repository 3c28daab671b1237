import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { isFailure, type RecordResult } from '../../protocol/lsp';
import { type FocusFunction, type Recipe, recipeTitle } from '../../shared/recipe';
import { profilesFolder } from '../folders';
import type { Server } from '../server-client';
import { readSetting } from '../settings';
import { terminalDone } from '../terminals';
import { messageOf, type ProgressLinks, showFailure, showStatus, showWarning, statusItem, withProgress } from '../ui';
import { offerUndo } from './delete-recording';

/** The recording that runs now, for the Stop and Cancel commands. */
let running: Controls | undefined;

interface Controls {
  stop(): void;
  cancel(): void;
}

export const stopRecording = (): void => running?.stop();
export const cancelRecording = (): void => running?.cancel();
export const isRecording = (): boolean => running !== undefined;

/** Makes something else that records what Stop and Cancel are for; undefined when it is over. */
export function setRunning(controls: Controls | undefined): void {
  running = controls;
  void vscode.commands.executeCommand('setContext', 'plateau.isRecording', controls !== undefined);
}

/** What stands in the notification of a recording. */
export const recordingLinks: ProgressLinks = [
  { label: 'Stop and Keep', command: 'plateau.stopRecording' },
  { label: 'Discard', command: 'plateau.cancelRecording' },
];

/** Records with a progress notification: elapsed time, Stop and Keep, Discard (with Undo). Undefined if there is nothing to show. */
export async function runRecording(
  context: vscode.ExtensionContext,
  server: Server,
  recipe: Recipe,
  focus: FocusFunction | undefined,
  workspace: vscode.WorkspaceFolder | undefined,
  diagnose = false,
): Promise<RecordResult | undefined> {
  if (running) {
    const choice = await showWarning('Plateau is recording already.', 'Stop and Keep', 'Discard');
    if (choice === 'Stop and Keep') stopRecording();
    if (choice === 'Discard') cancelRecording();
    return undefined;
  }
  const token = randomUUID();
  const folder = workspace ? profilesFolder(workspace).fsPath : undefined;
  if (!folder) {
    void showFailure('Plateau keeps recordings in a folder of the workspace. Open a folder first (File: Open Folder…).');
    return undefined;
  }
  const title = diagnose ? `Measuring ${recipeTitle(recipe)}` : focus?.name ? `Profiling ${focus.name}` : `Profiling ${recipeTitle(recipe)}`;
  let isDiscarded = false;
  const result = await withProgress({ title, links: recordingLinks }, async (report) => {
    const started = Date.now();
    let phase = 'starting';
    const status = statusItem('plateau.recording', 'Plateau: Recording', 'plateau.stopRecording', vscode.StatusBarAlignment.Left, 100, true);
    const show = (): void => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      const elapsed = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
      report(`${phase}, ${elapsed}`);
      status.show('debug-stop', `Stop and Keep, ${elapsed}`, ['Stop recording and keep the profile']);
    };
    const clock = setInterval(show, 500);
    const events = server.on('plateau/recordEvent', (event) => {
      if (event.token !== token) return;
      phase = { sampling: 'sampling', 'warming-up': 'warming up', stopping: 'saving' }[event.phase];
      show();
    });
    running = {
      stop: () => server.notify('plateau/recordStop', { token, keep: true }),
      // What is discarded can be had back, so it is kept first; whoever cannot wait discards again.
      cancel: () => {
        server.notify('plateau/recordStop', { token, keep: !isDiscarded });
        isDiscarded = true;
      },
    };
    void vscode.commands.executeCommand('setContext', 'plateau.isRecording', true);
    show();
    try {
      return await server.request('plateau/record', {
        token,
        recipe,
        focus,
        folder,
        nodePath: readSetting('nodePath', workspace),
        interval: readSetting('samplingInterval', workspace),
        checkpoint: readSetting('checkpoint', workspace),
        daemons: readSetting('daemons', workspace),
        diagnose,
      });
    } catch (error) {
      return { failed: `The recording failed: ${messageOf(error)}` };
    } finally {
      running = undefined;
      clearInterval(clock);
      events.dispose();
      status.dispose();
      void vscode.commands.executeCommand('setContext', 'plateau.isRecording', false);
    }
  });
  terminalDone(!isFailure(result) && result.warning === undefined);
  if (isDiscarded && !isFailure(result)) {
    await discard(context, server, result, title, folder);
    return undefined;
  }
  if (!isFailure(result)) return result;
  if (result.isCancelled || isDiscarded) void showStatus('circle-slash', 'Plateau: recording cancelled, nothing kept', 4000);
  else void tellFailure(result.failed);
  return undefined;
}

/** Moves what was recorded out of the way, and offers to bring it back. */
async function discard(context: vscode.ExtensionContext, server: Server, { file, report }: RecordResult, title: string, folder: string): Promise<void> {
  const listed = await server.request('plateau/recordings', { folder });
  const beside = listed.find((one) => one.file === file)?.beside ?? [];
  await offerUndo(context, [{ file, title, beside: [...beside, ...(report ? [report] : [])] }], () => {}, 'Discarded');
}

/** A failure with the next step at hand where there is one. */
async function tellFailure(message: string): Promise<void> {
  const settings = message.includes('plateau.nodePath') ? 'Open Settings' : undefined;
  const choice = await showFailure(message, ...(settings ? [settings] : []));
  if (choice) await vscode.commands.executeCommand('workbench.action.openSettings', 'plateau.nodePath');
}
