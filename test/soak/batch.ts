import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { inNamespace } from '../support/pid-namespace';
import { cli, root } from '../support/run';
import type { SoakResult } from './one';

/** Runs recordings that are ended at random, so many at once, each in a pid namespace of its own. `onResult` hears of each. */
export async function soak(seeds: readonly number[], lanes: number, onResult: (result: SoakResult) => void = () => {}): Promise<SoakResult[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plateau soak '));
  const script = path.join(folder, 'one.cjs');
  await esbuild.build({
    entryPoints: [path.join(root, 'test/soak/one.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: script,
    logLevel: 'error',
  });
  const results: SoakResult[] = [];
  const waiting = [...seeds];
  const lane = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const printed = await inNamespace(`'${process.execPath}' '${script}' '${cli}' ${seed}`, {
        env: { ...process.env, NODE_OPTIONS: '' },
        milliseconds: 180_000,
      }).catch(String);
      const result = resultOf(seed, printed);
      results.push(result);
      onResult(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

/** What ended without a result has failed, too. */
function resultOf(seed: number, printed: string): SoakResult {
  try {
    return JSON.parse(printed) as SoakResult;
  } catch {
    return { seed, program: '?', ending: '?', endMs: 0, problems: ['the case itself ended', printed.slice(-1000)] };
  }
}
