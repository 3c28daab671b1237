import Module from 'node:module';
import vm from 'node:vm';
import { parse, stringify } from './originals';
import type { RawInspector } from './raw-inspector';
import { Slot } from './shared-state';

/**
 * Which scripts name a source map that is nowhere but in memory, since a loader made them.
 * V8 tells only of scripts that are still alive, and only through the Debugger domain,
 * which makes `await` six times slower while it is on, and takes 10 to 20 ms when it is
 * first switched on, 100 in a large program (measured on Node.js 20 and 24). So nothing is asked of V8 before
 * something shows that a loader is at work, and the domain is on for moments: when the
 * loop first turns and ever more rarely after that, each time that the number of compiled
 * modules has doubled, and at the end. Scripts of `vm` are noted as they are compiled.
 */
export interface ScriptNotes {
  /** Asks V8 now, where that is worth it. */
  take(): void;
  /** Rows of `{scriptId, url, sourceMapUrl}`; without `scriptId`, of `vm`. */
  lines(): string;
}

const FIRST = 32;
const PARSED = '{"method":"Debugger.scriptParsed","params":{"scriptId":"';

export function noteScripts(inspector: RawInspector, state: Int32Array, hasOwnLoader: boolean): ScriptNotes {
  const known = new Map<string, string>();
  const fromVm = new Map<string, string>();
  if (hasOwnLoader) Atomics.store(state, Slot.Loaders, 1);
  const loaders = watchLoaders(state);
  let compiled = 0;
  let taken = 0;
  const take = (): void => {
    // Modules of a loader of ES modules are alive as long as the program, and are not counted.
    if (!loaders.ofModules() && !(loaders.ofCommonJs() && compiled > taken)) return;
    taken = compiled;
    const before = inspector.onEvent;
    inspector.onEvent = (text) => {
      // No regular expression: this may run between the program's own and its RegExp.$1.
      if (!text.startsWith(PARSED) || text.includes('"sourceMapURL":""')) return;
      const id = text.slice(PARSED.length, text.indexOf('"', PARSED.length));
      if (known.has(id)) return;
      const { url, sourceMapURL } = (parse(text) as { params: { url: string; sourceMapURL?: string } }).params;
      if (sourceMapURL) known.set(id, stringify({ scriptId: id, url, sourceMapUrl: sourceMapURL }));
    };
    inspector.request('Debugger.enable', {});
    inspector.request('Debugger.disable');
    inspector.onEvent = before;
  };
  let next = FIRST;
  watchCompiling(
    () => {
      if (++compiled < next) return;
      next *= 2;
      take();
    },
    (url, text) => {
      const at = text.lastIndexOf('//# sourceMappingURL=');
      if (at >= 0) fromVm.set(url, stringify({ url, sourceMapUrl: text.slice(at + 21).trim() }));
    },
  );
  takeLater(take, 0);
  return { take, lines: () => [...known.values(), ...fromVm.values()].join('\n') };
}

/** At the first turn of the loop, then after 50 ms, 200, 800 and so on: modules that have done their work are soon forgotten. */
function takeLater(take: () => void, milliseconds: number): void {
  const next = (): void => {
    take();
    takeLater(take, milliseconds === 0 ? 50 : milliseconds * 4);
  };
  if (milliseconds === 0) setImmediate(next).unref();
  else if (milliseconds < MOST_MS) setTimeout(next, milliseconds).unref();
}

const MOST_MS = 60_000;

/** Whether something makes scripts: of ES modules in any thread of the process, of CommonJS in this one. */
function watchLoaders(state: Int32Array): { ofModules(): boolean; ofCommonJs(): boolean } {
  const internals = Module as unknown as { _extensions: Record<string, unknown>; register?: unknown; registerHooks?: unknown };
  const { '.js': original } = internals._extensions;
  for (const name of ['register', 'registerHooks'] as const) {
    const register = internals[name];
    if (typeof register !== 'function') continue;
    internals[name] = function registerThrough(this: unknown, ...args: unknown[]): unknown {
      Atomics.store(state, Slot.Loaders, 1);
      return Reflect.apply(register, this, args);
    };
  }
  if (process.execArgv.some((option) => /^--(?:experimental-)?(?:loader|import)\b/.test(option))) Atomics.store(state, Slot.Loaders, 1);
  const own = new Set(['.js', '.json', '.node']);
  return {
    ofModules: () => Atomics.load(state, Slot.Loaders) === 1,
    ofCommonJs: () => internals._extensions['.js'] !== original || Object.keys(internals._extensions).some((extension) => !own.has(extension)),
  };
}

/** Counts modules as they are compiled, and hears of scripts that `vm` compiles. Leaves no frame in stack traces of what they run. */
function watchCompiling(onModule: () => void, onScript: (url: string, text: string) => void): void {
  const prototype = Module.prototype as unknown as Record<string, unknown>;
  let compile = prototype._compile;
  Object.defineProperty(prototype, '_compile', {
    configurable: true,
    enumerable: true,
    get: function compileThrough() {
      onModule();
      return compile;
    },
    set(this: object, value: typeof compile) {
      if (this === prototype) compile = value;
      // ts-node and pirates set it on one module.
      else Object.defineProperty(this, '_compile', { value, writable: true, configurable: true, enumerable: true });
    },
  });
  const note = (text: unknown, options: unknown): void => {
    const url = typeof options === 'string' ? options : (options as { filename?: unknown } | undefined)?.filename;
    if (typeof text !== 'string' || typeof url !== 'string') return;
    onScript(url, text);
    onModule();
  };
  vm.Script = new Proxy(vm.Script, {
    construct: function constructThrough(target, args, newTarget) {
      note(args[0], args[1]);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  const functions = vm as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;
  // What they compile is a function that somebody else calls, or a module's wrapper.
  for (const [name, options] of [
    ['compileFunction', 2],
    ['runInThisContext', 1],
  ] as const) {
    const original = functions[name];
    if (!original) continue;
    functions[name] = new Proxy(original, {
      apply: function applyThrough(target, receiver, args: unknown[]) {
        note(args[0], args[options]);
        return Reflect.apply(target, receiver, args);
      },
    });
  }
  const { SourceTextModule } = vm as unknown as { SourceTextModule?: new (text: string, options?: { identifier?: string }) => object };
  if (!SourceTextModule) return; // it needs a flag
  (vm as unknown as { SourceTextModule: unknown }).SourceTextModule = new Proxy(SourceTextModule, {
    construct: function constructThrough(target, args, newTarget) {
      note(args[0], (args[1] as { identifier?: unknown } | undefined)?.identifier);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
}
