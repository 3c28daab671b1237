// Lint, format and types, no warnings; generated pages are current.
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
