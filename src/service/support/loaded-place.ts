import path from 'node:path';
import { lineThatLoads, loadsOf } from '../../source/parse/import-lines';

/** Files that are looked through for an import. */
const MOST_FILES = 200;
const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '/index.ts', '/index.js'];
/** What TypeScript calls by the name that it will have. */
const written = (file: string): string[] => (/\.[mc]?js$/.test(file) ? [file, file.replace(/js$/, 'ts')] : ENDINGS.map((ending) => `${file}${ending}`));

/** The line of the program's own files that loads a package: in `files`, or in one that they load by a relative name. The nearest comes first. */
export function placeThatLoads(
  pkg: string,
  files: readonly string[],
  textOf: (file: string) => string | undefined,
): { readonly file: string; readonly line: number } | undefined {
  const waiting = [...files];
  const seen = new Set(waiting);
  for (let at = 0; at < waiting.length && at < MOST_FILES; at++) {
    const file = waiting[at] as string;
    const text = textOf(file);
    if (text === undefined) continue;
    const line = lineThatLoads(text, pkg);
    if (line !== undefined) return { file, line };
    for (const { name } of loadsOf(text)) {
      if (!/^\.{1,2}\//.test(name)) continue;
      const next = written(path.resolve(path.dirname(file), name)).find((one) => !seen.has(one) && textOf(one) !== undefined);
      if (next === undefined) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return undefined;
}
