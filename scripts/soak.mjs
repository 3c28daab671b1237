// Recordings ended at random: `npm run soak -- [COUNT] [FIRST-SEED] [LANES]` after `npm run build`.
import { spawn } from 'node:child_process';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './setup.mjs';

const outfile = path.join(root, 'out', 'soak', 'main.cjs');
const define = { 'import.meta.dirname': JSON.stringify(path.join(root, 'test', 'support')) };
await esbuild.build({
  entryPoints: [path.join(root, 'test/soak/main.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outfile,
  define,
  external: ['esbuild'],
  logLevel: 'error',
});
spawn(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' }).once('exit', (code) => process.exit(code ?? 1));
