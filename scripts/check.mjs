// Lint, format and types, no warnings; generated pages are current.
import util from 'node:util';
import { run, say } from './setup.mjs';

say('Lint and format (Biome)…');
run('npx', ['biome', 'check', '--error-on-warnings', '.']);
say('Types (one project a layer)…');
run('npx', ['tsc', '--build']);
say('Pages of the rules…');
run(process.execPath, ['scripts/rule-pages.mjs', '--check']);
say('WebAssembly is what its source gives…');
run(process.execPath, ['scripts/build-wasm.mjs', '--check']);
say('Words…');
run(process.execPath, ['scripts/check-words.mjs']);
if ('styleText' in util) {
  say('Files, exports and dependencies that nobody uses (knip)…');
  run('npx', ['knip', '--no-progress']);
} else say(`Files, exports and dependencies that nobody uses: not checked, knip needs Node.js 20.12 (this is ${process.version}).`);
