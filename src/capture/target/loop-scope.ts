/**
 * What the expressions of a loop may name: the exports of the module, what stands at its top without being
 * exported, what the setup gives, `require` and `import()` as in the module itself.
 */
import fs from 'node:fs';
import inspector from 'node:inspector';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

export type Scope = Readonly<Record<string, unknown>>;

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Whether a word can be a parameter: no `default`, no `class`. */
function isName(word: string): boolean {
  if (!identifier.test(word) || word === 'arguments' || word === 'await') return false;
  try {
    vm.compileFunction('', [word]);
    return true;
  } catch {
    return false;
  }
}

/** Values of an expression, or of the last statement that returns one. `await` and `import()` may stand in it. */
export function evaluateIn(code: string, scope: Scope, file: string): Promise<unknown> {
  const all: Scope = { require: createRequire(file), ...scope };
  const names = Object.keys(all).filter(isName);
  const run = compile(code, names, file) as (...values: unknown[]) => Promise<unknown>;
  return run(...names.map((name) => all[name]));
}

/** That something of Node.js is an experiment is no output of the program. */
function quietly<T>(run: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return run();
  } finally {
    process.emitWarning = emitWarning;
  }
}

const compile: typeof compileIn = (...given) => quietly(() => compileIn(...given));

function compileIn(code: string, names: readonly string[], file: string): (...values: never[]) => unknown {
  const options = /\bimport\s*\(/.test(code) ? importing(file) : {};
  try {
    return vm.compileFunction(`return (async () => (${code}\n))();`, names, options) as (...values: never[]) => unknown;
  } catch (error) {
    try {
      return vm.compileFunction(`return (async () => { ${code}\n})();`, names, options) as (...values: never[]) => unknown;
    } catch {
      throw error; // no statements either
    }
  }
}

/** `import()` as from beside the module; the name is none of its own, so that no frame of the expression is taken for one of it. */
function importing(file: string): vm.CompileFunctionOptions {
  const loader = (vm.constants as { USE_MAIN_CONTEXT_DEFAULT_LOADER?: number } | undefined)?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const filename = path.join(path.dirname(file), '(expression)');
  if (loader !== undefined) return { filename, importModuleDynamically: loader } as unknown as vm.CompileFunctionOptions;
  // Node.js before 20.12 has no such loader.
  const resolve = (name: string): string =>
    /^\.{0,2}\//.test(name) ? new URL(name, pathToFileURL(file)).href : pathToFileURL(createRequire(file).resolve(name)).href;
  return { filename, importModuleDynamically: (name: string) => import(resolve(name)) } as unknown as vm.CompileFunctionOptions;
}

/** The setup of a loop, run once: a file, or an expression. Gives what is in scope through it. */
export async function runSetup(setup: string, scope: Scope, file: string): Promise<Scope> {
  const found = /\.[cm]?[jt]sx?$/i.test(setup)
    ? [process.cwd(), path.dirname(file)].map((folder) => path.resolve(folder, setup)).find((one) => fs.existsSync(one))
    : undefined;
  if (found === undefined) return { setup: await evaluateIn(setup, scope, file) };
  const loaded = (await import(pathToFileURL(found).href)) as Record<string, unknown>;
  const { default: main } = loaded;
  const plain = main !== null && typeof main === 'object' ? (main as Scope) : {};
  return { ...plain, ...loaded, setup: typeof main === 'function' ? await (main as () => unknown)() : (main ?? loaded) };
}

/** Of so many functions the scopes are looked at: one is enough where it uses the top of its module. */
const MOST_FUNCTIONS = 50;
const HANDOVER = '__plateauHandover';

/**
 * What stands at the top of the modules of these values, exported or not, as far as a function keeps it alive: V8 drops
 * what no function uses. By the inspector's view of a function's scopes.
 */
export function valuesAround(exported: readonly unknown[]): Scope {
  const found: Record<string, unknown> = {};
  const session = new inspector.Session();
  const globals = globalThis as unknown as Record<string, unknown>;
  try {
    session.connect();
    for (const fn of exported.filter((one) => typeof one === 'function').slice(0, MOST_FUNCTIONS)) {
      globals[HANDOVER] = { fn, found };
      const held = ask(session, 'Runtime.evaluate', { expression: `${HANDOVER}.fn` })?.result as Remote | undefined;
      const scopes = held && (propertiesOf(session, held).internalProperties ?? []).find(({ name }) => name === '[[Scopes]]')?.value;
      for (const { value: one } of scopes ? (propertiesOf(session, scopes).result ?? []) : []) {
        if (!one || /^(?:Global|Script|Block|With|Catch|Eval)\b/.test(one.description ?? '')) continue;
        for (const { name, value } of propertiesOf(session, one).result ?? []) if (value && !(name in found)) keep(session, name, value, found);
      }
    }
  } catch {
    // Without an inspector only exports are in scope.
  } finally {
    delete globals[HANDOVER];
    session.disconnect();
  }
  return found;
}

interface Remote {
  readonly objectId?: string;
  readonly description?: string;
  readonly value?: unknown;
}
interface Properties {
  readonly result?: readonly { readonly name: string; readonly value?: Remote }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: Remote }[];
}

/** The session of a thread with itself answers before `post` returns. */
function ask(session: inspector.Session, method: string, params: object): Record<string, unknown> | undefined {
  let answer: Record<string, unknown> | undefined;
  (session.post as (method: string, params: object, done: (error: unknown, result?: object) => void) => void).call(session, method, params, (_, result) => {
    answer = result as Record<string, unknown> | undefined;
  });
  return answer;
}

const propertiesOf = (session: inspector.Session, { objectId }: Remote): Properties =>
  objectId === undefined ? {} : ((ask(session, 'Runtime.getProperties', { objectId, ownProperties: true }) ?? {}) as Properties);

function keep(session: inspector.Session, name: string, { objectId, value }: Remote, found: Record<string, unknown>): void {
  if (objectId === undefined) {
    if (value !== undefined) found[name] = value;
    return;
  }
  const declaration = `function (name) { globalThis.${HANDOVER}.found[name] = this; }`;
  ask(session, 'Runtime.callFunctionOn', { objectId, functionDeclaration: declaration, arguments: [{ value: name }] });
}
