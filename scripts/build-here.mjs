// `npm run build` and `npm run watch`: gets the dependencies first where they are missing.
import { spawn } from 'node:child_process';
import { ensureDependencies, root } from './setup.mjs';

ensureDependencies();
const child = spawn(process.execPath, ['scripts/build.mjs', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
