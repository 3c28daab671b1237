/**
 * Transpiles for a target what the recorder could not foresee (an import whose name is
 * made at run time), in a process of its own: nothing of it is seen in the program, no
 * thread, no module, no open handle. Reads a job from stdin, writes its outcome to stdout.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { prepareFiles, transpileInto, typescriptBelow } from './prepare';
import type { Esbuild, Transpiler } from './transpile';
import type { TranspileJob, TranspileOutcome } from './transpile-job';
import { tsconfigFor } from './tsconfig';

async function run({ settings, file, wanted, isWide }: TranspileJob): Promise<TranspileOutcome> {
  const transpiler: Transpiler = { esbuild: createRequire(settings.esbuild)(settings.esbuild) as Esbuild, transpiled: settings.transpiled };
  try {
    const made = await transpileInto(transpiler, file, fs.readFileSync(file, 'utf8'), wanted);
    const project = tsconfigFor(file)?.path ?? file;
    await prepareFiles(isWide ? typescriptBelow(path.dirname(project)) : [file], transpiler);
    return { kind: 'made', ...made };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

void run(JSON.parse(fs.readFileSync(0, 'utf8')) as TranspileJob).then((outcome) => {
  fs.writeFileSync(1, JSON.stringify(outcome));
  process.exit(0);
});
