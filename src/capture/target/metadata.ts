import { createRequire } from 'node:module';
import path from 'node:path';
import type TypeScript from 'typescript';
import { note } from '../records/notes';
import type { ModuleFormat } from './module-format';
import { projectCache } from './project-cache';
import { compilerOptionsOf, tsconfigFor } from './tsconfig';

/**
 * `emitDecoratorMetadata` needs types, which esbuild does not know: files with
 * decorators of a project that sets it are transpiled by the project's own TypeScript.
 * Undefined where esbuild will do, or where there is none: then the program runs
 * without metadata, and that is noted.
 */
export function typescriptFor(file: string, text: string, transpiled: string): typeof TypeScript | undefined {
  if (compilerOptionsOf(file).emitDecoratorMetadata !== true || !mayHaveDecorators.test(text)) return undefined;
  const found = projectTypescript(file);
  if (typeof found !== 'string') return found;
  note(transpiled, { kind: 'metadata-without-typescript', file, tsconfig: tsconfigFor(file)?.path, reason: found });
  return undefined;
}

/** An at sign in a line that is no comment. */
const mayHaveDecorators = /^(?![ \t]*(?:\*|\/[/*])).*?@[A-Za-z_$(]/m;

type NotUsable = 'not-found' | 'not-usable';

const loaded = projectCache<typeof TypeScript | NotUsable>();

/** The TypeScript that a file's project has installed. */
export function projectTypescript(file: string): typeof TypeScript | NotUsable {
  const config = tsconfigFor(file)?.path;
  for (const from of [file, ...(config ? [config] : [])]) {
    let main: string;
    try {
      main = createRequire(from).resolve('typescript');
    } catch {
      continue;
    }
    const known = loaded.get(main) ?? load(main);
    loaded.set(main, known);
    return known;
  }
  return 'not-found';
}

function load(main: string): typeof TypeScript | NotUsable {
  try {
    const require = createRequire(main);
    const isNew = require.cache[main] === undefined;
    const typescript = require(main) as typeof TypeScript;
    // It takes 100 MB, which a recorder that lives on does not keep, and is nothing that the program has loaded.
    if (isNew) delete require.cache[main];
    return typeof typescript.transpileModule === 'function' ? typescript : 'not-usable';
  } catch {
    return 'not-usable';
  }
}

/** One file's JavaScript by TypeScript itself, with an inline map that names the file as esbuild's does. */
export function transpileWithTypescript(typescript: typeof TypeScript, file: string, text: string, format: ModuleFormat): string {
  const { outputText, sourceMapText } = typescript.transpileModule(text, { fileName: file, compilerOptions: optionsFor(typescript, file, format) });
  const code = outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, '');
  if (!sourceMapText) return code;
  const map = { ...(JSON.parse(sourceMapText) as object), sourceRoot: undefined, sources: [file] };
  return `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}\n`;
}

function optionsFor(typescript: typeof TypeScript, file: string, format: ModuleFormat): TypeScript.CompilerOptions {
  const { convertCompilerOptionsFromJson, ModuleKind, ScriptTarget, JsxEmit } = typescript;
  const own = compilerOptionsOf(file);
  const { options } = convertCompilerOptionsFromJson({ ...own, lib: undefined, types: undefined, plugins: undefined }, path.dirname(file));
  const isNode = typeof own.module === 'string' && /^node/i.test(own.module);
  const modern = ScriptTarget.ES2022 ?? ScriptTarget.ESNext; // before TypeScript 4.6
  const target = options.target ?? (Number.parseInt(typescript.version, 10) < 6 ? ScriptTarget.ES5 : modern);
  return {
    ...options,
    module: format === 'module' ? ModuleKind.ESNext : isNode ? (ModuleKind.Node16 ?? ModuleKind.CommonJS) : ModuleKind.CommonJS,
    // What Node 20 has is not lowered; what follows from the project's target stays.
    target: modern,
    useDefineForClassFields: options.useDefineForClassFields ?? target >= modern,
    ...(options.jsx === JsxEmit.Preserve || options.jsx === JsxEmit.ReactNative ? { jsx: JsxEmit.ReactJSX } : {}),
    importHelpers: false,
    noEmitHelpers: false,
    sourceMap: true,
    inlineSourceMap: false,
    inlineSources: false,
    isolatedModules: true,
  };
}
