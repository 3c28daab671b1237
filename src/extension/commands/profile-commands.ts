import * as path from 'node:path';
import * as vscode from 'vscode';
import { type FunctionDto, isFailure, type RecordResult } from '../../protocol/lsp';
import { type FocusFunction, type Recipe, recipeTitle } from '../../shared/recipe';
import { fitting } from '../../shared/schemas/read-json';
import { recipeSchema } from '../../shared/schemas/recipe';
import type { ActiveProfile } from '../active-profile';
import type { ProfileEditors } from '../editors/profile-editor';
import { slabsFolder } from '../folders';
import type { Server } from '../server-client';
import { showFailure, showInfo, showStatus, showWarning } from '../ui';
import { askProcess } from './ask-recipe';
import { chooseRecipe, chooseTarget, rememberRecipe } from './choose-recipe';
import { chooseSymbol } from './choose-symbol';
import { repeatable } from './confirm-recipe';
import { runRecording } from './run-recording';

export interface ProfileCommands {
  /** Profiles the function at a position (by default the cursor's); a recipe spares the question. Gives the profile's path. */
  profileFunction(uri?: vscode.Uri | string, line?: number, character?: number, recipe?: Recipe): Promise<string | undefined>;
  profileFile(uri?: vscode.Uri | string, recipe?: Recipe): Promise<string | undefined>;
  /** Runs the test at an offset of a file and profiles it. */
  profileTest(uri: string, offset: number): Promise<string | undefined>;
  /** Profiles a recipe without a function or a file; without one, asks what to run. `isAttach` asks for a running process. */
  profileAny(recipe?: Recipe, isAttach?: boolean): Promise<string | undefined>;
  /** Records again as before; without a file, the focused editor's profile or the active one. */
  profileAgain(file?: string): Promise<string | undefined>;
}

/** What a recording was asked for: where the choice is remembered, and how it is asked for anew. */
interface Asked {
  readonly file: string;
  readonly name: string | undefined;
  again(): Promise<string | undefined>;
}

const supported = /\.[cm]?[jt]sx?$/i;

export function profileCommands(context: vscode.ExtensionContext, server: Server, active: ActiveProfile, editors: ProfileEditors): ProfileCommands {
  const recordAndShow = async (
    recipe: Recipe,
    focus: FocusFunction | undefined,
    workspace: vscode.WorkspaceFolder | undefined,
    asked?: Asked,
  ): Promise<string | undefined> => {
    told?.dispose();
    const result = await runRecording(context, server, recipe, focus, workspace);
    if (!result) return undefined;
    // What failed is there to be corrected, but is not offered first.
    if (asked && result.warning === undefined) await rememberRecipe(context, asked.file, asked.name, recipe);
    if (asked && focus && (await wasNeverSeen(result.file))) {
      void tellUnseen(result, focus, recipe, asked);
      return result.file;
    }
    await active.set(result.file);
    await editors.reveal(result.file, undefined);
    void closeEarlier(result.file).catch(() => {}); // more tabs than one, no more
    tellResult(result);
    return result.file;
  };

  /** One tab a recipe: what was recorded before in the same way is in the list. */
  const closeEarlier = async (file: string): Promise<void> => {
    const others = editors.open.filter((one) => one !== file);
    const [own, ...known] = await Promise.all([file, ...others].map((one) => server.request('plateau/recipe', { file: one })));
    const way = (one: typeof own): string => JSON.stringify([one?.recipe, one?.focus?.file, one?.focus?.name]);
    for (const [at, other] of others.entries()) if (own && known[at] && way(known[at]) === way(own)) await editors.close(other);
  };

  /** A program that does not reach the function has a graph of its start: no answer to what was asked. */
  const wasNeverSeen = async (file: string): Promise<boolean> => {
    const storage = slabsFolder(context).fsPath;
    const opened = await server.request('plateau/open', { file, storage });
    return !isFailure(opened) && opened.focusMissing !== undefined;
  };
  const tellUnseen = async ({ file }: RecordResult, focus: FocusFunction, recipe: Recipe, asked: Asked): Promise<void> => {
    const other = 'Choose Another Way…';
    const show = 'Show What Ran';
    const name = focus.name === '' ? 'The function' : focus.name;
    const why = recipe.kind === 'loop' ? 'each call may be too short to be seen' : 'nothing in it calls the function, or it takes too little time to be seen';
    const choice = await showWarning(`${name} was not seen while ${recipeTitle(recipe)} ran: ${why}.`, other, show);
    if (choice === other) await asked.again();
    if (choice === show) {
      await active.set(file);
      await editors.reveal(file, undefined);
    }
  };

  const source = async (uri: vscode.Uri | string | undefined): Promise<vscode.TextDocument | undefined> => {
    if (!mayLaunch()) return undefined;
    const given = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
    const document = given ? await vscode.workspace.openTextDocument(given) : vscode.window.activeTextEditor?.document;
    if (!document || !(supported.test(document.uri.path) || document.isUntitled)) {
      void showFailure('Open a JavaScript or TypeScript file and put the cursor in the function to profile.');
      return undefined;
    }
    if (document.uri.scheme !== 'file') {
      void showFailure(
        document.isUntitled
          ? 'Save the file first: only files on disk can be run.'
          : `Files of ${document.uri.scheme}: cannot be run on this machine. Open a local copy of the folder to profile it; profiles can be viewed here.`,
      );
      return undefined;
    }
    if (document.isDirty && !(await document.save())) {
      void showFailure(`${path.basename(document.fileName)} could not be saved, and what is on disk is what runs.`);
      return undefined;
    }
    return document;
  };

  return {
    async profileFunction(uri, line, character, given) {
      if (uri === undefined && !vscode.window.activeTextEditor && mayLaunch()) {
        const chosen = await chooseSymbol(server);
        return chosen && this.profileFunction(chosen.uri, chosen.position.line, chosen.position.character);
      }
      const document = await source(uri);
      if (!document) return undefined;
      const cursor = line === undefined ? vscode.window.activeTextEditor?.selection.active : new vscode.Position(line, character ?? 0);
      const file = document.uri.fsPath;
      const offset = document.offsetAt(cursor ?? new vscode.Position(0, 0));
      const target = await server.request('plateau/functionAt', {
        file,
        text: document.getText(),
        offset,
      });
      if (isFailure(target)) {
        const choice = await showFailure(target.failed, 'Profile Active File');
        return choice ? this.profileFile(uri) : undefined;
      }
      const workspace = workspaceOf(document.uri);
      const recipe =
        fitting(given, recipeSchema) ??
        (await chooseRecipe(context, server, {
          file,
          text: document.getText(),
          offset,
          target,
          cwd: workspace?.uri.fsPath ?? path.dirname(file),
        }));
      if (!recipe) return undefined;
      const again = (): Promise<string | undefined> => this.profileFunction(document.uri, line ?? cursor?.line, character ?? cursor?.character);
      return recordAndShow(recipe, focusOf(target), workspace, { file, name: target.name, again });
    },
    async profileFile(uri, given) {
      const document = await source(uri);
      if (!document) return undefined;
      const file = document.uri.fsPath;
      const workspace = workspaceOf(document.uri);
      const recipe =
        fitting(given, recipeSchema) ??
        (await chooseRecipe(context, server, { file, text: document.getText(), cwd: workspace?.uri.fsPath ?? path.dirname(file) }));
      if (!recipe) return undefined;
      return recordAndShow(recipe, undefined, workspace, { file, name: undefined, again: () => this.profileFile(document.uri) });
    },
    async profileTest(uri, offset) {
      const document = await source(uri);
      if (!document) return undefined;
      const file = document.uri.fsPath;
      const workspace = workspaceOf(document.uri);
      const root = workspace?.uri.fsPath ?? path.dirname(file);
      const { tests } = await server.request('plateau/runWays', { file, text: document.getText(), offset, root });
      const [test] = tests;
      if (!test) {
        void showFailure(
          `No program that runs the tests of ${path.basename(file)} was found: Vitest, Jest and Mocha are looked for in node_modules. Run a script instead.`,
        );
        return undefined;
      }
      return recordAndShow(test.recipe, undefined, workspace);
    },
    async profileAny(given, isAttach) {
      if (!mayLaunch()) return undefined;
      const workspace = currentFolder();
      if (!workspace) return undefined;
      const recipe = fitting(given, recipeSchema) ?? (isAttach ? await askProcess(server) : await chooseTarget(context, server, workspace.uri.fsPath, 'cpu'));
      return recipe && recordAndShow(recipe, undefined, workspace);
    },
    async profileAgain(file) {
      if (!mayLaunch()) return undefined;
      const profile = file ?? editors.focused ?? active.current?.file;
      if (!profile) {
        void showInfo('There is no recording to repeat yet. Put the cursor in a function and run "Plateau: Profile Function".');
        return undefined;
      }
      const known = await repeatable(context, server, profile);
      if (!known) return undefined;
      if (known === 'unknown') {
        void showWarning(`${path.basename(profile)} was not recorded by Plateau, so it is not known how to repeat it.`);
        return undefined;
      }
      if (known.recipe.kind === 'process') {
        void showInfo(
          `Process ${known.recipe.pid} was picked by its number, which another process may have by now. Pick it again with "Plateau: Profile Function".`,
        );
        return undefined;
      }
      await vscode.workspace.saveAll(false);
      return recordAndShow(known.recipe, known.focus, workspaceOf(vscode.Uri.file(known.focus?.file ?? profile)) ?? workspaceOf(vscode.Uri.file(profile)));
    },
  };
}

const focusOf = ({ file, name, line, column }: FunctionDto): FocusFunction => ({ file, name, line, column });

/** The folder in which a program without a file is run, the active editor's or the first; told where there is none. */
function currentFolder(): vscode.WorkspaceFolder | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const folder = (uri && vscode.workspace.getWorkspaceFolder(uri)) ?? vscode.workspace.workspaceFolders?.find((one) => one.uri.scheme === 'file');
  if (!folder) void showFailure('Plateau keeps recordings in a folder of the workspace. Open a folder first (File: Open Folder…).');
  return folder;
}

export function workspaceOf(uri: vscode.Uri): vscode.WorkspaceFolder | undefined {
  const found = vscode.workspace.getWorkspaceFolder(uri) ?? vscode.workspace.workspaceFolders?.find(({ uri: folder }) => folder.scheme === 'file');
  if (found) return found;
  if (uri.scheme !== 'file') return undefined;
  // A single file without a workspace: recordings go beside it.
  const folder = vscode.Uri.joinPath(uri, '..');
  return { uri: folder, name: path.basename(folder.fsPath), index: 0 };
}

/** Launching runs code, which only a trusted, local workspace may ask for. */
export function mayLaunch(): boolean {
  if (!vscode.workspace.isTrusted) {
    void showFailure('This workspace is not trusted, so Plateau does not run its code. Profiles can be viewed.', 'Manage Workspace Trust').then((choice) => {
      if (choice) void vscode.commands.executeCommand('workbench.trust.manage');
    });
    return false;
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length > 0 && folders.every(({ uri }) => uri.scheme !== 'file')) {
    void showFailure('The files of this virtual workspace are not on a disk, so they cannot be run. Profiles can be viewed; clone the folder to record them.');
    return false;
  }
  return true;
}

/** The last result in the status bar; the next recording takes it away. */
let told: vscode.Disposable | undefined;

function tellResult({ message, warning }: RecordResult): void {
  if (warning) void showWarning(`${warning} ${message}.`);
  else told = showStatus('check', `Plateau: ${message}`, 8000);
}
