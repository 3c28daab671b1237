import * as path from 'node:path';
import * as v from 'valibot';
import type * as vscode from 'vscode';
import { readRegularText } from '../../files/read-regular';
import type { FunctionDto } from '../../protocol/lsp';
import { type Recipe, recipeTitle } from '../../shared/recipe';
import { byName } from '../../shared/schemas/base';
import { fitting, fittingJson } from '../../shared/schemas/read-json';
import { recipeSchema } from '../../shared/schemas/recipe';
import type { Server } from '../server-client';
import { askText, type PickItem, pickOne, showFailure, showInfo } from '../ui';

/** What was chosen last, for each function and for each file, kept in the workspace. */
const key = (file: string, name: string | undefined): string => `recipe:${file}#${name ?? ''}`;

/** What else than a profile of a function or a file a recipe is asked for: the question, and the name under which the answer is remembered. */
export const purposes = {
  bottleneck: { key: 'bottleneck', question: 'Find the bottleneck: what do you want to measure?' },
  sampling: { key: 'heap', question: 'Record allocations: what do you want to run?' },
  snapshot: { key: 'heap', question: 'Take a heap snapshot: of what?' },
  tracking: { key: 'heap', question: 'Take a heap snapshot with allocation stacks: of what?' },
  hunt: { key: 'heap', question: 'Hunt a leak: in what?' },
} as const;
export type Purpose = keyof typeof purposes;

export async function rememberRecipe(context: vscode.ExtensionContext, file: string, name: string | undefined, recipe: Recipe): Promise<void> {
  await context.workspaceState.update(key(file, name), recipe);
}

export interface Choice extends PickItem {
  readonly choose: (() => Promise<Recipe | undefined>) | undefined;
  /** Why it cannot be chosen, and what to do. */
  readonly refusal?: string;
}

/** Asks how to exercise a function (or a file); the last choice comes first. Undefined if the user gave up. */
export async function chooseRecipe(
  context: vscode.ExtensionContext,
  server: Server,
  file: string,
  target: FunctionDto | undefined,
  cwd: string,
  purpose: Purpose | undefined = undefined,
): Promise<Recipe | undefined> {
  const last = fitting(context.workspaceState.get<unknown>(key(file, purpose ? purposes[purpose].key : target?.name)), recipeSchema);
  const base = path.basename(file);
  const choices: Choice[] = [];
  if (last)
    choices.push(
      { icon: 'history', label: `${recipeTitle(last)}`, description: 'as last time', choose: async () => last },
      { label: '', isSeparator: true, choose: undefined },
    );
  const isScript = !/\.json$/i.test(file);
  if (isScript)
    choices.push(
      {
        icon: 'play',
        label: `Run ${base}`,
        description: 'node, from its first line to its end',
        choose: async () => ({ kind: 'file', file, args: [], env: {}, cwd }),
      },
      { icon: 'play', label: `Run ${base} with arguments or environment…`, choose: () => askFile(file, cwd, last) },
    );
  if (target) choices.push(loopChoice(server, target, cwd, last));
  choices.push(
    { icon: 'package', label: 'Run an npm script…', choose: () => askScript(file, cwd) },
    { icon: 'terminal', label: 'Run a command line…', choose: () => askCommand(cwd, last) },
    { icon: 'plug', label: 'Attach to a running Node.js process…', description: 'it is left running as it was', choose: () => askProcess(server) },
    { icon: 'plug', label: 'Attach to an inspector address…', description: 'node --inspect, Chrome', choose: () => askAddress(last) },
  );
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
    return again ? chooseRecipe(context, server, file, target, cwd, purpose) : undefined;
  }
  return chosen?.choose?.();
}

/** Asks what to launch or attach to where no file is at hand. */
export async function chooseTarget(context: vscode.ExtensionContext, server: Server, cwd: string, purpose: Purpose): Promise<Recipe | undefined> {
  const last = fitting(context.workspaceState.get<unknown>('target'), recipeSchema);
  const choices: Choice[] = [
    ...(last ? [{ icon: 'history', label: `${recipeTitle(last)}`, description: 'as last time', choose: async () => last }] : []),
    { icon: 'package', label: 'Run an npm script…', choose: () => askScript(path.join(cwd, 'package.json'), cwd) },
    { icon: 'terminal', label: 'Run a command line…', choose: () => askCommand(cwd, last) },
    { icon: 'plug', label: 'Attach to a running Node.js process…', description: 'it is left running as it was', choose: () => askProcess(server, true) },
    { icon: 'plug', label: 'Attach to an inspector address…', description: 'node --inspect, Chrome', choose: () => askAddress(last, true) },
  ];
  const chosen = await pickOne(choices, { title: purposes[purpose].question, matchOnDescription: true });
  const recipe = await chosen?.choose?.();
  if (recipe && recipe.kind !== 'process') await context.workspaceState.update('target', recipe);
  return recipe;
}

/** `isTimeless`: how long the calls go on is decided elsewhere. */
export function loopChoice(server: Server, target: FunctionDto, cwd: string, last: Recipe | undefined, isTimeless = false): Choice {
  const label = 'Call it in a loop…';
  const icon = 'sync';
  const name = target.name || 'This function';
  const refuse = (reason: string): Choice => ({
    icon,
    label,
    description: reason,
    choose: undefined,
    refusal: `${name} cannot be called in a loop: ${reason}. Export it, or run the file instead.`,
  });
  if (target.kind === 'setter' || target.kind === 'constructor') return refuse(`it is a ${target.kind}`);
  if (!target.exported) return refuse('it is not exported from its module');
  return { icon, label, description: 'calls per second, with arguments that you give', choose: () => askLoop(server, target, cwd, last, isTimeless) };
}

async function askFile(file: string, cwd: string, last: Recipe | undefined): Promise<Recipe | undefined> {
  const before = last?.kind === 'file' ? last : undefined;
  const args = await askText({
    title: `Arguments for ${path.basename(file)} (1/2)`,
    prompt: 'As in a shell; quotes group',
    value: before ? joinWords(before.args) : '',
    check: (text) => (splitWords(text) ? undefined : 'A quote is not closed.'),
  });
  if (args === undefined) return undefined;
  const env = await askText({
    title: 'Environment (2/2)',
    prompt: 'NAME=value, separated by spaces; may be empty',
    placeHolder: 'NODE_ENV=production LOG="off"',
    value: before ? joinWords(Object.entries(before.env).map(([name, value]) => `${name}=${value}`)) : '',
    check: (text) => (parseEnvironment(text) ? undefined : 'Expected NAME=value, separated by spaces.'),
  });
  return env === undefined ? undefined : { kind: 'file', file, args: splitWords(args) ?? [], env: parseEnvironment(env) ?? {}, cwd };
}

async function askScript(file: string, cwd: string): Promise<Recipe | undefined> {
  const folder = await packageFolder(path.dirname(file), cwd);
  const scripts = folder && (await readScripts(folder));
  if (!folder || !scripts || Object.keys(scripts).length === 0) {
    void showFailure(
      folder
        ? `${path.join(folder, 'package.json')} has no scripts. Add one, or run a command line instead.`
        : 'There is no package.json above this file. Run a command line instead.',
    );
    return undefined;
  }
  const picked = await pickOne(
    Object.entries(scripts).map(([label, detail]) => ({ label, detail })),
    { title: 'Run an npm script', placeHolder: 'Every Node.js process that it starts is recorded', matchOnDetail: true },
  );
  return picked && { kind: 'script', script: picked.label, cwd: folder };
}

async function askCommand(cwd: string, last: Recipe | undefined): Promise<Recipe | undefined> {
  const command = await askText({
    title: 'Run a command line',
    prompt: `Runs in ${cwd}; every Node.js process that it starts is recorded`,
    placeHolder: 'node server.js --port 0',
    value: last?.kind === 'command' ? last.command : '',
    check: (text) => (text.trim() === '' ? 'Give a command.' : undefined),
  });
  return command === undefined ? undefined : { kind: 'command', command, cwd };
}

async function askSeconds(): Promise<{ seconds: number | undefined } | undefined> {
  const text = await askText({
    title: 'For how long?',
    prompt: 'Seconds; leave it empty to record until you stop',
    check: (value) => (value.trim() === '' || (Number(value) > 0 && Number(value) <= 86_400) ? undefined : 'Give a number of seconds up to 86400, or nothing.'),
  });
  return text === undefined ? undefined : { seconds: text.trim() === '' ? undefined : Number(text) };
}

async function askProcess(server: Server, isTimeless = false): Promise<Recipe | undefined> {
  const found = await server.request('plateau/nodeProcesses', {});
  if (found.length === 0) {
    void showInfo('No Node.js process of yours is running. Start one, or attach to an inspector address.');
    return undefined;
  }
  const picked = await pickOne(
    found.map(({ pid, command }) => ({ label: command.length > 80 ? `${command.slice(0, 79)}…` : command, description: String(pid), pid, command })),
    { title: 'Attach to a running Node.js process', placeHolder: 'Its inspector is opened for the recording, and closed again', matchOnDescription: true },
  );
  const time = picked && (isTimeless ? { seconds: undefined } : await askSeconds());
  return picked && time && { kind: 'process', pid: picked.pid, command: picked.command, ...time };
}

async function askAddress(last: Recipe | undefined, isTimeless = false): Promise<Recipe | undefined> {
  const address = await askText({
    title: 'Attach to an inspector address',
    prompt: 'A port, host:port, or the ws:// address that node --inspect prints; this machine only',
    value: last?.kind === 'attach' ? last.address : '127.0.0.1:9229',
    check: (text) => (text.trim() === '' ? 'Give an address.' : undefined),
  });
  const time = address === undefined ? undefined : isTimeless ? { seconds: undefined } : await askSeconds();
  return address !== undefined && time ? { kind: 'attach', address: address.trim(), ...time } : undefined;
}

async function askLoop(server: Server, target: FunctionDto, cwd: string, last: Recipe | undefined, isTimeless: boolean): Promise<Recipe | undefined> {
  const { exported } = target;
  if (!exported) return undefined;
  const before = last?.kind === 'loop' ? last : undefined;
  const check = async (text: string): Promise<string | undefined> => (await server.request('plateau/checkArguments', { text })).message;
  const needsInstance = exported.method !== undefined && !exported.method.isStatic;
  const takesArguments = exported.method?.isGetter !== true;
  const steps = Number(!isTimeless) + Number(needsInstance) + Number(takesArguments);
  let constructorArgs = '';
  if (needsInstance) {
    const given = await askText({
      title: `new ${exported.name}(…) (1/${steps})`,
      prompt: 'Arguments of the constructor, as JavaScript expressions; may be empty',
      value: before?.constructorArgs ?? '',
      check: check,
    });
    if (given === undefined) return undefined;
    constructorArgs = given;
  }
  const args = takesArguments
    ? await askText({
        title: `${target.name || exported.name}(…) (${1 + Number(needsInstance)}/${steps})`,
        prompt: 'Arguments, as JavaScript expressions; evaluated once, the same values go into every call',
        placeHolder: `'text', [1, 2, 3], { deep: true }, Array.from({ length: 1000 }, (_, i) => i)`,
        value: before?.args ?? '',
        check: check,
      })
    : '';
  if (args === undefined) return undefined;
  const seconds = isTimeless
    ? '3'
    : await askText({
        title: `For how long? (${steps}/${steps})`,
        prompt: 'Seconds of measured calls, after half a second of warm-up',
        value: String((before?.durationMs ?? 3000) / 1000),
        check: (value) => (Number(value) > 0 && Number(value) <= 3600 ? undefined : 'Give a number of seconds, up to 3600.'),
      });
  if (seconds === undefined) return undefined;
  return { kind: 'loop', file: target.file, exported, args, constructorArgs, warmupMs: before?.warmupMs ?? 500, durationMs: Number(seconds) * 1000, cwd };
}

/** Splits as a shell does: white space separates, quotes group, `\` escapes the next character outside of single quotes. Undefined for an open quote. */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote === '' && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === quote) quote = '';
    else if (char === '\\' && quote !== "'" && /["'\\\s]/.test(text[at + 1] ?? '')) {
      at++;
      word = (word ?? '') + text[at];
    } else word = (word ?? '') + char;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}

/** The reverse of `splitWords`. */
function joinWords(words: readonly string[]): string {
  return words.map((word) => (word === '' || /[\s"'\\]/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word)).join(' ');
}

function parseEnvironment(text: string): Record<string, string> | undefined {
  const words = splitWords(text);
  if (!words) return undefined;
  const pairs = words.map((word) => /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word));
  if (pairs.some((pair) => !pair)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] as string, pair?.[2] as string]));
}

async function packageFolder(from: string, root: string): Promise<string | undefined> {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (await readScripts(folder)) return folder;
    if (folder === root || folder === path.dirname(folder)) return undefined;
  }
}

const MAX_MANIFEST = 4 << 20;
const packageSchema = v.object({ scripts: v.fallback(byName(v.string()), {}) });

async function readScripts(folder: string): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const file = path.join(folder, 'package.json');
    const read = await readRegularText(file, { most: MAX_MANIFEST, own: [folder] });
    return read.ok ? fittingJson(read.value, packageSchema)?.scripts : undefined;
  } catch {
    return undefined; // none here, or not JSON
  }
}
