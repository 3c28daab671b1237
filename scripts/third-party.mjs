// Writes THIRD-PARTY.md: the packages that are bundled into dist/, or shipped beside it, and their licences.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const inputs = new Set(JSON.parse(readFileSync(path.join(root, 'dist', 'inputs.json'), 'utf8')));
const packages = new Map();
for (const input of [...inputs, 'node_modules/esbuild/lib/main.js', 'node_modules/@vscode/tree-sitter-wasm/package.json']) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (!match) continue;
  const folder = path.join(root, match[1]);
  const { name, version, license, author } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  packages.set(`${name}@${version}`, { name, version, license, author: typeof author === 'string' ? author : author?.name, folder });
}
const sorted = [...packages.values()].sort((a, b) => a.name.localeCompare(b.name));
const text = [
  '# Third-party software',
  '',
  'Plateau ships with these packages. Their licence texts follow the table.',
  '',
  '| Package | Version | Licence |',
  '|---|---|---|',
];
for (const { name, version, license } of sorted) text.push(`| ${name} | ${version} | ${license} |`);
for (const { name, folder } of sorted) {
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  text.push(
    '',
    `## ${name}`,
    '',
    '```',
    file && existsSync(path.join(folder, file)) ? readFileSync(path.join(folder, file), 'utf8').trim() : 'See its package.json.',
    '```',
  );
}
writeFileSync(path.join(root, 'THIRD-PARTY.md'), `${text.join('\n')}\n`);
console.log(`${sorted.length} packages`);
