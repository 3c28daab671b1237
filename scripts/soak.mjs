// Recordings ended at random: `npm run soak -- [COUNT] [FIRST-SEED] [LANES]` after `npm run build`;
// real tools: `npm run soak -- tools [NODE] [NAME]`; mutated inputs: `npm run soak -- attack [COUNT] [FIRST-SEED] [LANES] [KIND]`;
// sample files of other projects: `npm run soak -- formats FOLDER`; measured changes: `npm run soak -- measure [A/A] [INJECTIONS]`.
import { spawn } from 'node:child_process';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './setup.mjs';

const [first, ...rest] = process.argv.slice(2);
const suites = { tools: 'record-tools', attack: 'attack/main', formats: 'formats', measure: 'measure' };
const [entry, args] = first in suites ? [suites[first], rest] : ['main', process.argv.slice(2)];
const outfile = path.join(root, 'out', 'soak', `${entry}.cjs`);
const define = { 'import.meta.dirname': JSON.stringify(path.join(root, 'test', 'support')) };
await esbuild.build({
  entryPoints: [path.join(root, 'test/soak', `${entry}.ts`)],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outfile,
  define,
  external: ['esbuild'],
  logLevel: 'error',
});
spawn(process.execPath, [outfile, ...args], { stdio: 'inherit' }).once('exit', (code) => process.exit(code ?? 1));
