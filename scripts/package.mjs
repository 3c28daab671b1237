// Makes the VSIX for this platform: dist, media and the esbuild that runs TypeScript targets.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, root, run, say } from './setup.mjs';

ensureDependencies();
say('Building…');
// Maps of another build are no part of what ships.
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
run(process.execPath, ['scripts/build.mjs', '--minify']);
say('Licences of what ships…');
run(process.execPath, ['scripts/third-party.mjs', '--check']);
const target = `${process.platform}-${process.arch}`;
const file = path.join(root, 'out', `plateau-${target}.vsix`);
mkdirSync(path.dirname(file), { recursive: true });
run('npx', ['vsce', 'package', '--target', target, '--out', file, '--no-rewrite-relative-links', '--allow-missing-repository']);
const { size } = statSync(file);
console.log(`${path.relative(process.cwd(), file)}: ${(size / 1e6).toFixed(1)} MB`);
