import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CapturedProfile } from '../../src/capture/records/captured';
import { functionCosts, profileTotals } from '../../src/core/profile/costs/function-costs';
import type { ProfileTables } from '../../src/core/profile/tables';
import { sourceView } from '../../src/source/mapped-view';
import { fileLocator } from '../../src/source/maps/locate';
import { root } from './run';

export const maps = path.join(root, 'test/fixtures/maps');
export const source = path.join(maps, 'src/hot.ts');
/** Every output of a compiler or bundler. */
export const outputs = readdirSync(path.join(maps, 'built'), { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));

/** Where a source has its marks `// hot: NAME`, 1-based, by rising line. */
export const marksOf = (file: string): ReadonlyMap<string, number> =>
  new Map(
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((text, i): [string, number][] => {
        const name = /\/\/ hot: (\w.*)/.exec(text)?.[1];
        return name === undefined ? [] : [[name, i + 1]];
      }),
  );
export const planted = marksOf(source);

/** Where the source has the functions with the marks; `callback` and `thunk` stand in arguments. 1-based. */
export const functionLines: Readonly<Record<string, number>> = { slowSum: 9, totalOf: 29, decayed: 40, callback: 55, thunk: 67, later: 76 };

/** The script of an output. */
export function scriptOf(output: string): string {
  const folder = path.join(maps, 'built', output);
  return path.join(folder, existsSync(path.join(folder, 'hot.js')) ? 'hot.js' : 'hot.mjs');
}

/** Runs a script under `node --cpu-prof`; gives the profile's bytes. */
export function cpuProfile(script: string): Uint8Array {
  return inTemporaryFolder((folder) => {
    execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-interval', '300', '--cpu-prof-dir', folder, script], { stdio: 'ignore' });
    const [name = ''] = readdirSync(folder);
    return new Uint8Array(readFileSync(path.join(folder, name)));
  });
}

/** Runs code as a loader does that transpiles in memory: each text under the name of a source file. */
export function runInMemory(codes: readonly string[], filenames: readonly string[]): CapturedProfile {
  return inTemporaryFolder((folder) => {
    const out = path.join(folder, 'captured.json');
    const files = codes.map((_, i) => path.join(folder, `code${i}.txt`));
    for (const [i, file] of files.entries()) writeFileSync(file, codes[i] ?? '');
    execFileSync(process.execPath, [path.join(root, 'test/support/run-in-memory.cjs'), files.join(','), filenames.join(','), out]);
    return JSON.parse(readFileSync(out, 'utf8'));
  });
}

/** A script with its map in it, whatever the output has. */
export function withInlineMap(output: string, sources?: (own: readonly string[]) => string[]): string {
  const script = scriptOf(output);
  const text = readFileSync(script, 'utf8');
  const [, url = ''] = /\/\/# sourceMappingURL=(.*)\s*$/.exec(text) ?? [];
  if (url.startsWith('data:') && !sources) return text;
  const map = JSON.parse(readFileSync(`${script}.map`, 'utf8'));
  // As a loader writes it: the source beside the script, which has its name.
  const own = { ...map, sourceRoot: undefined, sources: sources?.(map.sources) ?? map.sources.map((one: string) => (one.endsWith('hot.ts') ? source : one)) };
  return text.replace(
    /\/\/# sourceMappingURL=.*\s*$/,
    `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(own)).toString('base64')}`,
  );
}

export function viewOf(tables: ProfileTables, roots: readonly string[] = [maps]) {
  const costs = functionCosts(tables);
  return { tables, costs, totals: profileTotals(tables, costs), sources: sourceView(tables, costs, fileLocator(roots)) };
}

function inTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau maps '));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
