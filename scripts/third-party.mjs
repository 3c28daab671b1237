// Writes THIRD-PARTY.md: everything of others that is bundled into dist/ or shipped beside it, with its
// licence. With --check: fails where that differs from what the last build put in, or where a file in
// dist/ came from nowhere.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const isCheck = process.argv.includes('--check');
const dist = path.join(root, 'dist');
const built = path.join(dist, 'inputs.json');
if (!existsSync(built)) fail('There is no build to look at. Run npm run build first.');
const { inputs, outputs } = JSON.parse(readFileSync(built, 'utf8'));
const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** Shipped as they are, beside dist/: the bundler that runs TypeScript targets, with its binary. */
const beside = ['node_modules/esbuild/package.json'];

/** What other packages have inside, which their own files do not name to a bundler; the licences, and their texts in scripts/licences, are those that they publish with these versions. */
const inside = [
  { of: 'speedscope', name: 'aphrodite', license: 'MIT', text: 'scripts/licences/aphrodite.txt' },
  { of: 'speedscope', name: 'jfrview', license: 'MIT', text: 'scripts/licences/jfrview.txt' },
  { of: 'speedscope', name: 'jszip', license: 'MIT', text: 'scripts/licences/jszip.txt' },
  { of: 'speedscope', name: 'pako', license: 'MIT AND Zlib', text: 'scripts/licences/pako.txt' },
  { of: 'speedscope', name: 'preact', license: 'MIT', text: 'scripts/licences/preact.txt' },
  { of: 'speedscope', name: 'protobufjs', license: 'BSD-3-Clause', text: 'scripts/licences/protobufjs.txt' },
  { of: 'speedscope', name: 'source-map', license: 'BSD-3-Clause', text: 'scripts/licences/source-map.txt' },
  { of: 'speedscope', name: 'uint8array-json-parser', license: 'MIT', text: 'scripts/licences/uint8array-json-parser.txt' },
  // What those have inside in turn, with the versions that they ask for.
  { of: 'speedscope', name: 'asap', license: 'MIT', version: '^2.0.3', text: 'scripts/licences/asap.txt' },
  { of: 'speedscope', name: 'css-in-js-utils', license: 'MIT', version: '^2.0.0', text: 'scripts/licences/css-in-js-utils.txt' },
  { of: 'speedscope', name: 'inline-style-prefixer', license: 'MIT', version: '^4.0.0', text: 'scripts/licences/inline-style-prefixer.txt' },
  { of: 'speedscope', name: 'string-hash', license: 'CC0-1.0', version: '^1.1.3' },
  ...Object.entries({ aspromise: '^1.1.2', base64: '^1.1.2', eventemitter: '^1.1.0', float: '^1.0.2', inquire: '^1.1.0', pool: '^1.1.0', utf8: '^1.1.0' }).map(
    ([name, version]) => ({ of: 'speedscope', name: `@protobufjs/${name}`, license: 'BSD-3-Clause', version, text: 'scripts/licences/protobufjs-parts.txt' }),
  ),
  { of: 'speedscope', name: 'Source Code Pro', license: 'OFL-1.1', version: 'font', text: 'dist/speedscope/source-code-pro.LICENSE.md' },
  ...['go', 'java', 'javascript', 'python', 'typescript'].map((name) => ({ of: '@vscode/tree-sitter-wasm', name: `tree-sitter-${name}`, license: 'MIT' })),
];

const packages = new Map();
for (const input of [...inputs, ...beside]) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (!match) fail(`${input} is of no package.`);
  const folder = path.join(root, match[1]);
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifest;
  if (typeof license !== 'string') fail(`${name} names no licence.`);
  packages.set(`${name}@${version}`, { name, version, license, folder, manifest });
}
for (const { of, name, license, version, text } of inside) {
  const outer = [...packages.values()].find((one) => one.name === of);
  if (!outer) fail(`${of}, which has ${name} inside, is not shipped any more: take it out of scripts/third-party.mjs.`);
  const own = version ?? outer.manifest.devDependencies?.[name] ?? outer.manifest.dependencies?.[name];
  if (own === undefined) fail(`${of} does not build from ${name} any more: correct scripts/third-party.mjs.`);
  packages.set(`${name} in ${of}`, { name: `${name} (in ${of})`, version: own, license, text });
}
// A grammar that is copied without standing in the list.
for (const [, name] of inputs.join('\n').matchAll(/tree-sitter-wasm\/wasm\/(tree-sitter-\w+)\.wasm/g)) {
  const known = name === 'tree-sitter-tsx' ? 'tree-sitter-typescript' : name;
  if (!inside.some((one) => one.name === known)) fail(`${name} is shipped, and does not stand in scripts/third-party.mjs.`);
}

const sorted = [...packages.values()].sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
const text = [
  '# Third-party software',
  '',
  'Plateau ships with these packages. Their licence texts follow the table.',
  '',
  '| Package | Version | Licence |',
  '|---|---|---|',
];
for (const { name, version, license } of sorted) text.push(`| ${name} | ${version} | ${license} |`);
for (const { name, folder, text: own } of sorted) {
  if (!folder && own === undefined) continue;
  const file = folder && readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const words = own !== undefined ? read(own).trim() : file ? readFileSync(path.join(folder, file), 'utf8').trim() : 'See its package.json.';
  text.push('', `## ${name}`, '', '```', words, '```');
}
const whole = `${text.join('\n')}\n`;

if (isCheck) {
  const known = new Set([...outputs, 'dist/inputs.json']);
  const strays = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path
        .relative(root, path.join(entry.parentPath ?? entry.path, entry.name))
        .split(path.sep)
        .join('/'),
    )
    .filter((file) => !known.has(file) && !file.endsWith('.LEGAL.txt'));
  if (strays.length > 0) fail(`In dist/ and of no build: ${strays.join(', ')}. Remove dist/ and build again.`);
  if (read('THIRD-PARTY.md') !== whole) fail('THIRD-PARTY.md is not what ships. Run npm run licenses.');
} else writeFileSync(path.join(root, 'THIRD-PARTY.md'), whole);
console.log(`${sorted.length} packages`);

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
