import * as path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Recipe } from '../../shared/recipe';
import { byName } from '../../shared/schemas/base';
import { fitting } from '../../shared/schemas/read-json';

const words = v.fallback(v.array(v.string()), []);
const text = v.fallback(v.optional(v.string()), undefined);
const configurationSchema = v.object({
  name: v.string(),
  type: v.string(),
  request: v.picklist(['launch', 'attach']),
  program: text,
  args: words,
  runtimeExecutable: text,
  runtimeArgs: words,
  env: v.fallback(byName(v.fallback(v.string(), '')), {}),
  cwd: text,
  port: v.fallback(v.optional(v.number()), undefined),
  address: text,
});
type Configuration = v.InferOutput<typeof configurationSchema>;

/** What the variables of a `launch.json` stand for. */
export interface LaunchPlace {
  /** The workspace folder. */
  readonly folder: string;
  /** The file in the editor. */
  readonly file: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The recipes of the `launch.json` of a folder: of Node.js, and as far as their variables are known. */
export function launchRecipes(folder: vscode.WorkspaceFolder | undefined, file: string | undefined): { readonly name: string; readonly recipe: Recipe }[] {
  if (!folder) return [];
  const listed = vscode.workspace.getConfiguration('launch', folder.uri).get<unknown>('configurations');
  const place = { folder: folder.uri.fsPath, file, env: process.env, home: process.env.HOME ?? process.env.USERPROFILE ?? '' };
  return (Array.isArray(listed) ? listed : []).flatMap((one: unknown) => launchRecipe(one, place) ?? []);
}

/** What a configuration runs; undefined for what is not of Node.js, or holds what is asked for when it is started. */
function launchRecipe(given: unknown, place: LaunchPlace): { readonly name: string; readonly recipe: Recipe } | undefined {
  const read = fitting(given, configurationSchema);
  if (!read || !/^(?:pwa-)?node$/.test(read.type)) return undefined;
  const filled = JSON.parse(fillVariables(JSON.stringify(read), place)) as Configuration;
  if (/\$\{[^}]*\}/.test(JSON.stringify(filled))) return undefined;
  const recipe = filled.request === 'attach' ? attachRecipe(filled) : runRecipe(filled, place);
  return recipe && { name: read.name, recipe };
}

const attachRecipe = ({ address, port }: Configuration): Recipe | undefined =>
  port === undefined ? undefined : { kind: 'attach', address: `${address ?? '127.0.0.1'}:${port}` };

function runRecipe({ program, args, runtimeExecutable, runtimeArgs, env, cwd: given }: Configuration, { folder }: LaunchPlace): Recipe | undefined {
  const cwd = given ? path.resolve(folder, given) : folder;
  const runtime = path.basename(runtimeExecutable ?? 'node').replace(/\.(?:exe|cmd)$/i, '');
  const [first, script] = runtimeArgs;
  if (/^(?:npm|pnpm|yarn)$/.test(runtime) && (first === 'run' || first === 'run-script') && script !== undefined && runtimeArgs.length === 2)
    return Object.keys(env).length === 0 && args.length === 0 && !program ? { kind: 'script', script, cwd } : undefined;
  // The recording has an inspector of its own.
  const options = runtimeArgs.filter((one) => !/^--(?:inspect|nolazy)/.test(one));
  const file = program === undefined ? undefined : path.resolve(cwd, program);
  if (runtime === 'node' && file !== undefined) {
    const more: Record<string, string> = options.length === 0 ? {} : { NODE_OPTIONS: [env.NODE_OPTIONS, ...options].filter(Boolean).join(' ') };
    return { kind: 'file', file, args, env: { ...env, ...more }, cwd };
  }
  if (Object.keys(env).length > 0 || runtimeExecutable === undefined) return undefined;
  return { kind: 'program', command: runtimeExecutable, args: [...options, ...(file === undefined ? [] : [file]), ...args], cwd };
}

/** Fills the variables of a text of JSON; those that are not known stay. */
function fillVariables(json: string, { folder, file, env, home }: LaunchPlace): string {
  const quoted = (value: string): string => JSON.stringify(value).slice(1, -1);
  const known: Readonly<Record<string, string | undefined>> = {
    workspaceFolder: folder,
    workspaceRoot: folder,
    workspaceFolderBasename: path.basename(folder),
    userHome: home,
    cwd: folder,
    pathSeparator: path.sep,
    '/': path.sep,
    ...(file === undefined
      ? {}
      : {
          file,
          relativeFile: path.relative(folder, file),
          relativeFileDirname: path.dirname(path.relative(folder, file)),
          fileDirname: path.dirname(file),
          fileBasename: path.basename(file),
          fileBasenameNoExtension: path.parse(file).name,
          fileExtname: path.extname(file),
        }),
  };
  return json.replace(/\$\{([^}"\\]*)\}/g, (whole, name: string) => {
    const value = name.startsWith('env:') ? (env[name.slice(4)] ?? '') : Object.hasOwn(known, name) ? known[name] : undefined;
    return value === undefined ? whole : quoted(value);
  });
}
