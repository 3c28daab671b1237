import * as path from 'node:path';
import * as vscode from 'vscode';
import type { FunctionDto, RunWaysDto } from '../../protocol/lsp';
import { type Recipe, recipeTitle } from '../../shared/recipe';
import { fitting } from '../../shared/schemas/read-json';
import { recipeSchema } from '../../shared/schemas/recipe';
import type { Server } from '../server-client';
import { type PickItem, pickOne, showFailure } from '../ui';
import { loopChoice } from './ask-loop';
import { askAddress, askCommand, askFile, askProcess } from './ask-recipe';
import { launchRecipes } from './launch-configurations';

/** What was chosen last, for each function and for each file, kept in the workspace: what has succeeded, and what was tried. */
const key = (file: string, name: string | undefined): string => `recipe:${file}#${name ?? ''}`;
const triedKey = (file: string, name: string | undefined): string => `tried:${file}#${name ?? ''}`;

/** What else than a profile of a function or a file a recipe is asked for: the question, and the name under which the answer is remembered. */
export const purposes = {
  bottleneck: { key: 'bottleneck', question: 'Find the bottleneck: what do you want to measure?' },
  sampling: { key: 'heap', question: 'Record allocations: what do you want to run?' },
  snapshot: { key: 'heap', question: 'Take a heap snapshot: of what?' },
  tracking: { key: 'heap', question: 'Take a heap snapshot with allocation stacks: of what?' },
  hunt: { key: 'heap', question: 'Hunt a leak: in what?' },
} as const;
export type Purpose = keyof typeof purposes;

/** A choice that has led to a recording comes first the next time. */
export async function rememberRecipe(context: vscode.ExtensionContext, file: string, name: string | undefined, recipe: Recipe): Promise<void> {
  await context.workspaceState.update(key(file, name), recipe);
}

/** What was typed is there to be corrected, whatever comes of it. */
async function rememberTried(context: vscode.ExtensionContext, file: string, name: string | undefined, recipe: Recipe): Promise<void> {
  await context.workspaceState.update(triedKey(file, name), recipe);
}

export interface Choice extends PickItem {
  readonly choose: (() => Promise<Recipe | undefined>) | undefined;
  /** Why it cannot be chosen, and what to do. */
  readonly refusal?: string;
}

/** What is to be exercised. */
export interface Subject {
  readonly file: string;
  /** The text in the editor, and where the cursor is in it. */
  readonly text?: string | undefined;
  readonly offset?: number | undefined;
  readonly target?: FunctionDto | undefined;
  readonly cwd: string;
}

/** Asks how to exercise a function (or a file); the last choice that succeeded comes first. Undefined if the user gave up. */
export async function chooseRecipe(
  context: vscode.ExtensionContext,
  server: Server,
  subject: Subject,
  purpose: Purpose | undefined = undefined,
): Promise<Recipe | undefined> {
  const { file, target, cwd } = subject;
  const name = purpose ? purposes[purpose].key : target?.name;
  const kept = (of: string): Recipe | undefined => fitting(context.workspaceState.get<unknown>(of), recipeSchema);
  const last = kept(key(file, name));
  const base = path.basename(file);
  const found = await server.request('plateau/runWays', { file, text: subject.text, offset: subject.offset, root: cwd });
  const choices = choicesOf(server, subject, found, last, kept(triedKey(file, name)) ?? last);
  const title = purpose
    ? purposes[purpose].question
    : target
      ? `Profile ${target.name || 'this function'}: how do you want to run it?`
      : `Profile ${base}: how do you want to run it?`;
  const chosen = await pickOne(choices, {
    title,
    placeHolder: 'Choose how to run the code while it is recorded',
    matchOnDescription: true,
  });
  if (chosen?.refusal) {
    const again = await showFailure(chosen.refusal, 'Choose Another Way');
    return again ? chooseRecipe(context, server, subject, purpose) : undefined;
  }
  const recipe = await chosen?.choose?.();
  if (recipe && !purpose) await rememberTried(context, file, name, recipe);
  return recipe;
}

/** The last choice, tests, the file where running it does something, the loop; then scripts, launch configurations, anything else. */
function choicesOf(server: Server, { file, target, cwd }: Subject, ways: RunWaysDto, last: Recipe | undefined, tried: Recipe | undefined): Choice[] {
  const base = path.basename(file);
  const isScript = !/\.json$/i.test(file);
  const fileChoices: Choice[] = [
    {
      icon: 'play',
      label: `Run ${base}`,
      description: ways.onlyDeclares ? 'it only declares: nothing calls it' : 'node, from its first line to its end',
      choose: async () => ({ kind: 'file', file, args: [], env: {}, cwd }),
    },
    { icon: 'play', label: `Run ${base} with arguments or environment…`, choose: () => askFile(file, cwd, tried) },
  ];
  const again: Choice[] = last
    ? [
        { icon: 'history', label: `${recipeTitle(last)}`, description: 'as last time', choose: async () => last },
        { label: '', isSeparator: true, choose: undefined },
      ]
    : [];
  const tests = ways.tests.map(({ label, recipe }): Choice => ({ icon: 'beaker', label, description: recipeTitle(recipe), choose: async () => recipe }));
  const loops = target ? [loopChoice(server, target, cwd, tried)] : [];
  const withSetup = target && loops.some(({ choose }) => choose) ? [loopChoice(server, target, cwd, tried, false, true)] : [];
  return [
    ...again,
    ...tests,
    ...(isScript && !ways.onlyDeclares ? fileChoices : []),
    ...loops,
    ...withSetup,
    ...scriptChoices(ways, cwd),
    ...launchChoices(file, cwd),
    separator('anything else'),
    ...(isScript && ways.onlyDeclares ? fileChoices : []),
    { icon: 'terminal', label: 'Run a command line…', choose: () => askCommand(cwd, tried) },
    { icon: 'plug', label: 'Attach to a running Node.js process…', description: 'it is left running as it was', choose: () => askProcess(server) },
    { icon: 'plug', label: 'Attach to an inspector address…', description: 'node --inspect, Chrome', choose: () => askAddress(tried) },
  ];
}

const separator = (label: string): Choice => ({ label, isSeparator: true, choose: undefined });

/** The scripts of each package, from the file's own up to the root. */
function scriptChoices({ packages }: RunWaysDto, cwd: string): Choice[] {
  return packages.flatMap(({ folder, name, scripts }) => [
    separator(`scripts of ${path.join(path.relative(cwd, folder), 'package.json').split(path.sep).join('/')}${name === '' ? '' : ` (${name})`}`),
    ...scripts.map(
      (one): Choice => ({
        icon: 'package',
        label: `npm run ${one.name}`,
        description: one.command,
        choose: async () => ({ kind: 'script', script: one.name, cwd: folder }),
      }),
    ),
  ]);
}

function launchChoices(file: string, cwd: string): Choice[] {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) ?? vscode.workspace.workspaceFolders?.find(({ uri }) => uri.fsPath === cwd);
  const found = launchRecipes(folder, file);
  if (found.length === 0) return [];
  return [
    separator('launch.json'),
    ...found.map(({ name, recipe }): Choice => ({ icon: 'debug-alt', label: name, description: recipeTitle(recipe), choose: async () => recipe })),
  ];
}

/** Asks what to launch or attach to where no file is at hand. */
export async function chooseTarget(context: vscode.ExtensionContext, server: Server, cwd: string, purpose: Purpose): Promise<Recipe | undefined> {
  const last = fitting(context.workspaceState.get<unknown>('target'), recipeSchema);
  const file = path.join(cwd, 'package.json');
  const found = await server.request('plateau/runWays', { file, text: undefined, offset: undefined, root: cwd });
  const choices: Choice[] = [
    ...(last ? [{ icon: 'history', label: `${recipeTitle(last)}`, description: 'as last time', choose: async () => last }] : []),
    ...scriptChoices(found, cwd),
    ...launchChoices(file, cwd),
    separator('anything else'),
    { icon: 'terminal', label: 'Run a command line…', choose: () => askCommand(cwd, last) },
    { icon: 'plug', label: 'Attach to a running Node.js process…', description: 'it is left running as it was', choose: () => askProcess(server, true) },
    { icon: 'plug', label: 'Attach to an inspector address…', description: 'node --inspect, Chrome', choose: () => askAddress(last, true) },
  ];
  const chosen = await pickOne(choices, { title: purposes[purpose].question, matchOnDescription: true });
  const recipe = await chosen?.choose?.();
  if (recipe && recipe.kind !== 'process') await context.workspaceState.update('target', recipe);
  return recipe;
}
