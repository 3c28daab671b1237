import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Recipe } from '../../shared/recipe';
import { checkValue } from '../../shared/schemas/read-json';
import { recipeSchema } from '../../shared/schemas/recipe';
import type { ActiveProfile } from '../active-profile';
import type { Server } from '../server-client';
import { showFailure } from '../ui';
import { chooseRecipe, rememberRecipe } from './choose-recipe';
import { mayLaunch, workspaceOf } from './profile-commands';
import { runRecording } from './run-recording';

const supported = /\.[cm]?[jt]sx?$/i;
/** What was chosen last is kept apart from what functions and files are profiled with. */
const KEY = 'bottleneck';

/**
 * Measures a program once and opens what came of it. A recipe spares the question.
 * Gives the report's path.
 */
export function doctorCommand(context: vscode.ExtensionContext, server: Server, active: ActiveProfile): (given?: Recipe) => Promise<string | undefined> {
  return async (given) => {
    if (!mayLaunch()) return undefined;
    const document = vscode.window.activeTextEditor?.document;
    const isScript = document !== undefined && document.uri.scheme === 'file' && supported.test(document.uri.path);
    const workspace = isScript ? workspaceOf(document.uri) : vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
    if (!isScript && !workspace && !isRecipe(given)) {
      void showFailure('Open a folder, or a JavaScript or TypeScript file of the program to measure.');
      return undefined;
    }
    if (isScript && document.isDirty && !(await document.save())) {
      void showFailure(`${path.basename(document.fileName)} could not be saved, and what is on disk is what runs.`);
      return undefined;
    }
    // Without an open script there is none to run, but npm scripts, command lines and running programs are there all the same.
    const file = isScript ? document.uri.fsPath : path.join(workspace?.uri.fsPath ?? '', 'package.json');
    const cwd = workspace?.uri.fsPath ?? path.dirname(file);
    const recipe = isRecipe(given) ? given : await chooseRecipe(context, server, { file, text: isScript ? document.getText() : undefined, cwd }, KEY);
    if (!recipe) return undefined;
    const result = await runRecording(context, server, recipe, undefined, workspace, true);
    if (!result?.report) return undefined;
    await rememberRecipe(context, file, KEY, recipe);
    await active.set(result.file);
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(result.report), 'plateau.doctor');
    return result.report;
  };
}

/** The menu of the side view gives its own things as arguments. */
const isRecipe = (given: unknown): given is Recipe => checkValue(given, recipeSchema).ok;
