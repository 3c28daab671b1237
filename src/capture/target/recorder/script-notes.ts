import fs from 'node:fs';
import Module from 'node:module';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import type { RawInspector } from './raw-inspector';
import { Slot } from './shared-state';

/**
 * Which scripts name a source map that is nowhere but in memory, since a loader made them.
 * V8 tells only of scripts that are still alive, and only through the Debugger domain,
 * which makes `await` six times slower while it is on, and takes 10 to 20 ms when it is
 * first switched on, 100 in a large program (measured on Node.js 20 and 24). So nothing is asked of V8 before
 * something shows that a loader is at work, and the domain is on for moments: when the
 * loop first turns and ever more rarely after that, each time that the number of loaded
 * modules has doubled, and at the end. Scripts of `vm` are noted as they are compiled.
 * A tool that writes a bundle, imports it and deletes it again, as Vite does with its
 * configuration, shows only by its file: where a profile names a script that is no file, V8 is asked, too.
 */
export interface ScriptNotes {
  /** Asks V8 now, where that is worth it. */
  take(): void;
  /** The same at the end of the recording: what was a file when it was looked at may be none any more. */
  takeLast(): void;
  /** Looks in a profile, as V8 writes it, for scripts that are no files. One search through the text, and one look at the disk for each new file. */
  look(profile: string): void;
  /** Rows of `{scriptId, url, sourceMapUrl}`; without `scriptId`, of `vm`. */
  lines(): string;
}

type Extensions = Record<string, unknown>;

/** Each module that is loaded asks for the extensions three or four times. */
const FIRST = 100;
const PARSED = '{"method":"Debugger.scriptParsed","params":{"scriptId":"';
/** Before the address of a script in a profile. */
const URL_FIELD = '"url":"';
const { existsSync } = fs;

export function noteScripts(inspector: RawInspector, state: Int32Array, hasOwnLoader: boolean): ScriptNotes {
  const known = new Map<string, string>();
  const fromVm = new Map<string, string>();
  if (hasOwnLoader) Atomics.store(state, Slot.Loaders, 1);
  let asked = 0;
  let taken = 0;
  /** A loader that was there for one module is as good as one that stays. */
  let hadLoader = false;
  /** Addresses in profiles. */
  const seen = new Set<string>();
  let isMissing = false;
  let isLater = false;
  /** Timers are seen by `async_hooks`: a program without a loader has none of ours. */
  const takeLaterOnce = (): void => {
    if (isLater) return;
    isLater = true;
    takeLater(take, 0);
  };
  const noteLoader = (): void => {
    hadLoader ||= loaders.ofCommonJs();
    if (hadLoader) takeLaterOnce();
  };
  const take = (): void => {
    noteLoader();
    // Modules of a loader of ES modules are alive as long as the program, and are not counted.
    if (!isMissing && !loaders.ofModules() && !(hadLoader && asked > taken)) return;
    taken = asked;
    isMissing = false;
    const before = inspector.onEvent;
    inspector.onEvent = (text) => {
      // No regular expression: this may run between the program's own and its RegExp.$1.
      if (!text.startsWith(PARSED) || text.includes('"sourceMapURL":""')) return;
      const id = text.slice(PARSED.length, text.indexOf('"', PARSED.length));
      if (known.has(id)) return;
      const { url, sourceMapURL } = (JSON.parse(text) as { params: { url: string; sourceMapURL?: string } }).params;
      if (sourceMapURL) known.set(id, JSON.stringify({ scriptId: id, url, sourceMapUrl: sourceMapURL }));
    };
    inspector.request('Debugger.enable', {});
    inspector.request('Debugger.disable');
    inspector.onEvent = before;
  };
  let next = FIRST;
  const extensions = watchCompiling(
    () => {
      noteLoader();
      if (++asked < next) return;
      next *= 2;
      take();
    },
    (url, text) => {
      const at = text.lastIndexOf('//# sourceMappingURL=');
      if (at >= 0) fromVm.set(url, JSON.stringify({ url, sourceMapUrl: text.slice(at + 21).trim() }));
    },
  );
  const loaders = watchLoaders(state, extensions, takeLaterOnce);
  if (loaders.ofModules()) takeLaterOnce();
  const look = (profile: string): void => {
    for (let at = profile.indexOf(URL_FIELD); at >= 0; at = profile.indexOf(URL_FIELD, at)) {
      at += URL_FIELD.length;
      const url = profile.slice(at, profile.indexOf('"', at));
      if (url === '' || seen.has(url)) continue;
      seen.add(url);
      if (!url.startsWith('node:') && !isThere(url)) isMissing = true;
    }
    if (isMissing) takeLaterOnce();
  };
  const takeLast = (): void => {
    isMissing ||= [...seen].some((url) => !url.startsWith('node:') && !isThere(url));
    take();
  };
  return { take, takeLast, look, lines: () => [...known.values(), ...fromVm.values()].join('\n') };
}

/** Whether a script's address, as JSON writes it, is that of a file. */
function isThere(json: string): boolean {
  try {
    const url = json.includes('\\') ? (JSON.parse(`"${json}"`) as string) : json;
    // What another machine would have is not looked for: on Windows that tells it who is logged in.
    return !/^(?:file:)?[\\/]{2}(?![\\/])/.test(url) && existsSync(url.startsWith('file:') ? fileURLToPath(url) : url);
  } catch {
    return false; // of another system, or cut
  }
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
function watchLoaders(state: Int32Array, extensions: () => Extensions, onModuleLoader: () => void): { ofModules(): boolean; ofCommonJs(): boolean } {
  const internals = Module as unknown as { register?: unknown; registerHooks?: unknown };
  const { '.js': original } = extensions();
  for (const name of ['register', 'registerHooks'] as const) {
    const register = internals[name];
    if (typeof register !== 'function') continue;
    internals[name] = new Proxy(register, {
      apply: function registerThrough(target, receiver, args): unknown {
        Atomics.store(state, Slot.Loaders, 1);
        quietly(onModuleLoader);
        return Reflect.apply(target, receiver, args) as unknown;
      },
    });
  }
  if (process.execArgv.some((option) => /^--(?:experimental-)?(?:loader|import)\b/.test(option))) Atomics.store(state, Slot.Loaders, 1);
  const own = new Set(['.js', '.json', '.node']);
  return {
    ofModules: () => Atomics.load(state, Slot.Loaders) === 1,
    ofCommonJs: () => extensions()['.js'] !== original || Object.keys(extensions()).some((extension) => !own.has(extension)),
  };
}

/** What the program has made of its world may be in the way: it must not hear of that. */
function quietly(what: () => void): void {
  try {
    what();
  } catch {
    // Source maps of this moment are missing in the recording.
  }
}

/** Counts what is asked when modules are loaded, and hears of scripts that `vm` compiles. Leaves no frame in stack traces of what they run. Gives the table of extensions. */
function watchCompiling(onModule: () => void, onScript: (url: string, text: string) => void): () => Extensions {
  let { _extensions: extensions } = Module as unknown as { _extensions: Extensions };
  // Each module that is loaded asks for them. V8 reads names of functions from properties, which therefore stay as they are.
  Object.defineProperty(Module, '_extensions', {
    configurable: true,
    enumerable: true,
    get: function extensionsThrough() {
      quietly(onModule);
      return extensions;
    },
    set(value: Extensions) {
      extensions = value;
    },
  });
  const note = (text: unknown, options: unknown): void => {
    const url = typeof options === 'string' ? options : (options as { filename?: unknown } | undefined)?.filename;
    if (typeof text !== 'string' || typeof url !== 'string') return;
    quietly(() => {
      onScript(url, text);
      onModule();
    });
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
  // It needs a flag.
  if (SourceTextModule) {
    (vm as unknown as { SourceTextModule: unknown }).SourceTextModule = new Proxy(SourceTextModule, {
      construct: function constructThrough(target, args, newTarget) {
        note(args[0], (args[1] as { identifier?: unknown } | undefined)?.identifier);
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
  }
  return () => extensions;
}
