// Lint, format and types: no warnings.
import { run, say } from './setup.mjs';

say('Lint and format (Biome)…');
run('npx', ['biome', 'check', '--error-on-warnings', '.']);
say('Types (one project a layer)…');
run('npx', ['tsc', '--build']);
