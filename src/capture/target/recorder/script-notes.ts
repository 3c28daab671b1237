import Module from 'node:module';
import vm from 'node:vm';
import type { RawInspector } from './raw-inspector';

/**
 * Which scripts name a source map. V8 tells only of scripts that are still alive, and
 * only through the Debugger domain, which makes `await` six times slower while it is
 * on (measured on Node.js 20 and 24). So the domain is switched on for moments: at the
 * first turn of the loop, each time that the number of compiled modules has doubled, and
 * at the end. Scripts of `vm` are noted as they are compiled.
 */
export interface ScriptNotes {
  /** Asks V8 now. */
  take(): void;
  /** Rows of `{scriptId, url, sourceMapUrl}`; without `scriptId`, of `vm`. */
  lines(): string;
}

const FIRST = 32;
const PARSED = '{"method":"Debugger.scriptParsed","params":{"scriptId":"';

export function noteScripts(inspector: RawInspector): ScriptNotes {
  const known = new Map<string, string>();
  const fromVm = new Map<string, string>();
  const take = (): void => {
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
  let compiled = 0;
  let next = FIRST;
  watchCompiling(
    () => {
      if (++compiled < next) return;
      next *= 2;
      take();
    },
    (url, text) => {
      const at = text.lastIndexOf('//# sourceMappingURL=');
      if (at >= 0) fromVm.set(url, JSON.stringify({ url, sourceMapUrl: text.slice(at + 21).trim() }));
    },
  );
  setImmediate(take).unref();
  return { take, lines: () => [...known.values(), ...fromVm.values()].join('\n') };
}

/** Counts modules as they are compiled, and hears of scripts that `vm` compiles. Leaves no frame in stack traces of what they run. */
function watchCompiling(onModule: () => void, onScript: (url: string, text: string) => void): void {
  const prototype = Module.prototype as unknown as Record<string, unknown>;
  let compile = prototype._compile;
  Object.defineProperty(prototype, '_compile', {
    configurable: true,
    enumerable: true,
    get() {
      onModule();
      return compile;
    },
    set(value: unknown) {
      compile = value;
    },
  });
  const note = (text: unknown, options: unknown): void => {
    const url = typeof options === 'string' ? options : (options as { filename?: unknown } | undefined)?.filename;
    if (typeof text !== 'string' || typeof url !== 'string') return;
    onModule();
    onScript(url, text);
  };
  vm.Script = new Proxy(vm.Script, {
    construct(target, args, newTarget) {
      note(args[0], args[1]);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  const compileFunction = vm.compileFunction;
  vm.compileFunction = new Proxy(compileFunction, {
    apply(target, receiver, args: Parameters<typeof compileFunction>) {
      note(args[0], args[2]);
      return Reflect.apply(target, receiver, args) as ReturnType<typeof compileFunction>;
    },
  });
}
