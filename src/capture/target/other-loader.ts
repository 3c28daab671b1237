import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Whether the user has set up a loader of TypeScript, which knows the project better:
 * by what stands on the command line, in NODE_OPTIONS or in Node.js's configuration
 * file, or because one is in place already.
 */
export function otherLoader(execArgv: readonly string[] = process.execArgv, nodeOptions = process.env.NODE_OPTIONS ?? ''): boolean {
  if (isTableTaken()) return true;
  const options = [...execArgv, ...splitOptions(nodeOptions)];
  return preloads([...options, ...configuredOptions(options)]).some(isLoader);
}

/** One that goes through `require.extensions`, however it came there. Node.js's own since 22.18 is none. */
function isTableTaken(): boolean {
  const { _extensions: table } = Module as unknown as { _extensions: Record<string, { name: string } | undefined> };
  const typescript = table['.ts'];
  return typescript !== undefined && !/^load(?:TS|CTS|MTS)$/.test(typescript.name);
}

const packages =
  /^(?:tsx|ts-node|ts-node-dev|tsm|tsimp|esno|jiti|sucrase|amaro|swc-node|babel-register|esbuild-register|esbuild-runner|ts-blank-space|@swc-node\/\w+|@swc\/register|@swc\/core|@esbuild-kit\/[\w-]+|@babel\/(?:register|node)|@oxc-node\/core|@tsx\/[\w-]+|@bleed-believer\/path-alias|@nodejs-loaders\/[\w-]+)$/;

/** What is loaded before the program by a list of options: `--import x`, `--import=x`, `-r x` and their like. */
export function preloads(options: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < options.length; i++) {
    const [, joined] = /^(?:--import|--require|--loader|--experimental[-_]loader|-r)(?:=(.*))?$/s.exec(options[i] as string) ?? [];
    if (joined !== undefined) found.push(joined);
    else if (/^(?:--import|--require|--loader|--experimental[-_]loader|-r)$/.test(options[i] as string)) found.push(options[++i] ?? '');
  }
  return found;
}

/** A package that is known as a loader, or a file of the user's that sets one up. */
export function isLoader(preload: string): boolean {
  const file = fileOf(preload);
  const inside = (preload.startsWith('file:') ? (file ?? preload) : preload).replaceAll('\\', '/');
  const name = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(inside)?.[1] ?? (file ? undefined : /^(?:@[^/]+\/)?[^/]+/.exec(inside)?.[0]);
  if (name) return packages.test(name);
  return file !== undefined && !isOwn(file) && setsUpLoader(file);
}

/** Plateau's own, which Node.js before 20.6 has among its options. */
const isOwn = (file: string): boolean => path.basename(file) === 'hooks-thread.mjs' && fs.existsSync(path.join(path.dirname(file), 'transpile-child.cjs'));

function setsUpLoader(file: string): boolean {
  try {
    const text = fs.readFileSync(file, 'utf8');
    const names = [...text.matchAll(/(?:from|import|require|register)\s*\(?\s*["'`]([^"'`\n]+)["'`]/g)].map(
      ([, name]) => /^(?:@[^/]+\/)?[^/]+/.exec(name as string)?.[0],
    );
    return names.some((name) => name !== undefined && packages.test(name));
  } catch {
    return false; // Node.js will say that it is not there
  }
}

function fileOf(preload: string): string | undefined {
  if (preload.startsWith('file:')) {
    try {
      return fileURLToPath(preload.replace(/[?#].*$/, ''));
    } catch {
      return undefined;
    }
  }
  if (path.isAbsolute(preload)) return preload;
  return /^\.\.?[\\/]/.test(preload) ? path.resolve(preload) : undefined;
}

/** The words of NODE_OPTIONS, which are split at spaces but within double quotes, where a backslash escapes. */
export function splitOptions(text: string): string[] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];
  return words.map((word) => word.replace(/"((?:\\.|[^"\\])*)"/g, (_, inside: string) => inside.replace(/\\(.)/g, '$1')));
}

/** `nodeOptions` of the file that `--experimental-config-file` names, as options. */
function configuredOptions(all: readonly string[]): string[] {
  const at = all.findIndex((option) => /^--experimental-(?:default-)?config-file(?:=|$)/.test(option));
  if (at < 0) return [];
  const [option, value] = (all[at] as string).split(/=(.*)/s);
  const file = value ?? (option === '--experimental-config-file' ? (all[at + 1] as string | undefined) : 'node.config.json');
  try {
    const { nodeOptions = {} } = JSON.parse(fs.readFileSync(file ?? 'node.config.json', 'utf8')) as { nodeOptions?: Record<string, unknown> };
    return ['import', 'require', 'loader', 'experimental-loader'].flatMap((name) => [nodeOptions[name] ?? []].flat().map((one) => `--${name}=${String(one)}`));
  } catch {
    return [];
  }
}
