import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { HeapRecordKind, HeapRecordResult } from '../../protocol/heap-record';
import { isFailure } from '../../protocol/lsp';
import { formatCount } from '../../shared/format';
import type { Recipe } from '../../shared/recipe';
import { threadList, threadText, type WantedThread } from '../../shared/thread-choice';
import { profilesFolder } from '../folders';
import type { Server } from '../server-client';
import { readSetting } from '../settings';
import { terminalDone } from '../terminals';
import { messageOf, showFailure, showInfo, showStatus, showWarning, withProgress } from '../ui';
import { chooseRecipe, chooseTarget, purposes, rememberRecipe } from './choose-recipe';
import { chooseThread } from './choose-thread';
import { mayLaunch, workspaceOf } from './profile-commands';
import { isRecording, recordingLinks, setRunning } from './run-recording';

export interface HeapCommands {
  /** Give the recording's path. A recipe spares the question. */
  recordAllocations(recipe?: Recipe): Promise<string | undefined>;
  takeHeapSnapshot(recipe?: Recipe, wanted?: WantedThread): Promise<string | undefined>;
  /** A heap snapshot in which each object names the stack that made it. */
  trackAllocations(recipe?: Recipe): Promise<string | undefined>;
}

const titles: Readonly<Record<HeapRecordKind, string>> = {
  sampling: 'Recording allocations',
  snapshot: 'Taking a heap snapshot',
  tracking: 'Tracking allocations',
};

const supported = /\.[cm]?[jt]sx?$/i;

/** The folder to work in: the active file's, or the first. */
export function currentWorkspace(): vscode.WorkspaceFolder | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const folder = document?.uri.scheme === 'file' ? workspaceOf(document.uri) : vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (!folder) void showFailure('Plateau keeps recordings in a folder of the workspace. Open a folder first (File: Open Folder…).');
  return folder;
}

/** The script in the active editor, saved. */
export async function activeScript(): Promise<vscode.TextDocument | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme !== 'file' || !supported.test(document.uri.path)) return undefined;
  return !document.isDirty || (await document.save()) ? document : undefined;
}

/** Whether something is recorded already, which is told. */
export function isBusy(): boolean {
  if (isRecording()) void showWarning('Plateau is recording already. Stop that first.');
  return isRecording();
}

export function heapCommands(context: vscode.ExtensionContext, server: Server): HeapCommands {
  const record = async (heap: HeapRecordKind, given: Recipe | undefined, wanted?: WantedThread): Promise<string | undefined> => {
    if (!mayLaunch()) return undefined;
    const workspace = currentWorkspace();
    if (!workspace) return undefined;
    if (isBusy()) return undefined;
    const document = given ? undefined : await activeScript();
    const cwd = workspace.uri.fsPath;
    const recipe =
      given ??
      (document
        ? await chooseRecipe(context, server, { file: document.uri.fsPath, text: document.getText(), cwd }, heap)
        : await chooseTarget(context, server, cwd, heap));
    if (!recipe) return undefined;
    // Another may have begun while the questions were open.
    if (isBusy()) return undefined;
    const result = await run(server, heap, recipe, wanted, workspace);
    if (!result) return undefined;
    if (document) await rememberRecipe(context, document.uri.fsPath, purposes[heap].key, recipe);
    const { file, threads } = result;
    if (heap === 'sampling') await vscode.commands.executeCommand('plateau.openProfile', file);
    else await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    if (threads) void offerOthers(heap, recipe, threads);
    return file;
  };
  /** Which of several was kept is told, with the way to another. */
  const offerOthers = async (heap: HeapRecordKind, recipe: Recipe, { kept, others }: NonNullable<HeapRecordResult['threads']>): Promise<void> => {
    const choose = 'Choose Another…';
    const text = `This is the heap of ${threadText(kept)}, one of ${formatCount(others.length + 1)}. The ${others.length === 1 ? 'other' : 'others'}: ${threadList(others)}.`;
    if ((await showInfo(text, choose)) !== choose) return;
    const wanted = await chooseThread('Of which thread?', recipe, kept, others);
    if (wanted) await record(heap, recipe, wanted);
  };
  return {
    recordAllocations: (recipe) => record('sampling', recipe),
    takeHeapSnapshot: (recipe, wanted) => record('snapshot', recipe, wanted),
    trackAllocations: (recipe) => record('tracking', recipe),
  };
}

async function run(
  server: Server,
  heap: HeapRecordKind,
  recipe: Recipe,
  wanted: WantedThread | undefined,
  workspace: vscode.WorkspaceFolder,
): Promise<HeapRecordResult | undefined> {
  const token = randomUUID();
  const result = await withProgress({ title: titles[heap], links: recordingLinks }, async (report) => {
    const started = Date.now();
    let phase = 'starting';
    const show = (): void => report(`${phase}, ${Math.floor((Date.now() - started) / 1000)} s`);
    const clock = setInterval(show, 500);
    const events = server.on('plateau/heapEvent', (event) => {
      if (event.token !== token) return;
      phase = event.text;
      show();
    });
    setRunning({
      stop: () => server.notify('plateau/recordStop', { token, keep: true }),
      cancel: () => server.notify('plateau/recordStop', { token, keep: false }),
    });
    show();
    try {
      return await server.request('plateau/recordHeap', {
        token,
        recipe,
        wanted,
        heap,
        interval: readSetting('heap.samplingInterval', workspace),
        includesCollected: readSetting('heap.includeCollected', workspace),
        folder: profilesFolder(workspace).fsPath,
        nodePath: readSetting('nodePath', workspace),
      });
    } catch (error) {
      return { failed: `The recording failed: ${messageOf(error)}` };
    } finally {
      clearInterval(clock);
      events.dispose();
      setRunning(undefined);
    }
  });
  terminalDone(!isFailure(result) && result.warning === undefined);
  if (isFailure(result)) {
    if (result.isCancelled) void showStatus('circle-slash', 'Plateau: recording cancelled, nothing kept', 4000);
    else void showFailure(result.failed);
    return undefined;
  }
  if (result.warning) void showWarning(`${result.warning} ${path.basename(result.file)}: ${result.message}.`);
  else void showStatus('check', `Plateau: ${result.message}`, 8000);
  return result;
}
