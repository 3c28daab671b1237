import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { projectTypescript, transpileWithTypescript } from './metadata';
import { fixedFormat, type ModuleFormat, tsconfigFormat } from './module-format';
import { cachedFiles } from './transpile';
import type { TranspileJob, TranspileOutcome } from './transpile-job';
import type { TypescriptSettings } from './typescript-settings';

export interface LoadedSource {
  readonly format: ModuleFormat;
  readonly source: string;
}

/** After so many files that were not prepared, more of the project's will follow: a program that loads its folders by pattern. */
const FEW = 3;
let missed = 0;

/**
 * Gives the JavaScript of a TypeScript or JSX file: from the session's cache, or made here and
 * now. Throws with the file's name and esbuild's words where it is no TypeScript.
 */
export type LoadSource = (file: string, wanted?: ModuleFormat) => LoadedSource;

/** `targetFolder` is where `transpile-child.cjs` stands. */
export const sourceLoader =
  (targetFolder: string, settings: TypescriptSettings): LoadSource =>
  (file, wanted) => {
    const text = fs.readFileSync(file, 'utf8');
    const cached = cachedFiles(settings.transpiled, file, text);
    for (const format of ['module', 'commonjs'] as const) {
      if (wanted !== undefined && wanted !== format) continue;
      try {
        return { format, source: asUnderstood(fs.readFileSync(cached[format], 'utf8')) };
      } catch {
        // Not in this format, or not prepared.
      }
    }
    const job: TranspileJob = { settings, file, wanted, isWide: ++missed === FEW };
    const outcome = transpileApart(job, targetFolder) ?? transpileHere(file, text, wanted);
    if (outcome.kind === 'failed') throw new SyntaxError(outcome.message);
    return { format: outcome.format, source: asUnderstood(outcome.code) };
  };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const knowsAttributes = major > 20 || (major === 20 && minor >= 10);

/** Node.js before 20.10 does not know `with { type: 'json' }`; JSON is loaded without it. */
function asUnderstood(source: string): string {
  return knowsAttributes ? source : source.replace(/^((?:import|export)\b[^\n]*"[^"\n]+") with \{ type: "json" \};$/gm, '$1;');
}

/** Undefined where the program may start no process (`--permission`). */
function transpileApart(job: TranspileJob, targetFolder: string): TranspileOutcome | undefined {
  try {
    const { stdout } = spawnSync(process.execPath, [path.join(targetFolder, 'transpile-child.cjs')], {
      input: JSON.stringify(job),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      windowsHide: true,
      cwd: path.dirname(job.file),
      env: childEnvironment(),
    });
    return JSON.parse(stdout) as TranspileOutcome;
  } catch {
    return undefined;
  }
}

/** Nothing of what tells Node.js how to run the program, so that the child is quiet and is not recorded. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept = /^(?:PATH|SYSTEMROOT|WINDIR|TEMP|TMP|TMPDIR|HOME|USERPROFILE|LD_LIBRARY_PATH|ELECTRON_RUN_AS_NODE)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)));
}

/** By the project's TypeScript, in this thread. */
function transpileHere(file: string, text: string, wanted: ModuleFormat | undefined): TranspileOutcome {
  const typescript = projectTypescript(file);
  if (typeof typescript === 'string') {
    return { kind: 'failed', message: `${file} was not prepared, and to transpile it now takes a process of its own, which this program may not start` };
  }
  const isModule = /^\s*(?:import\s*[\w{*'"]|export\b)|\bimport\.meta\b/m.test(text);
  const format = wanted ?? fixedFormat(file) ?? tsconfigFormat(file) ?? (isModule ? 'module' : 'commonjs');
  return { kind: 'made', format, code: transpileWithTypescript(typescript, file, text, format) };
}
