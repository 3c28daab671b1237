// Findings in well-known packages under load, to be read and judged: `node scripts/precision.mjs [NAME…]`.
// Installs what test/precision/package.json names into the cache folder, records each of test/precision/loads with
// Plateau's own command line, and writes docs/precision.md from the findings and test/precision/verdicts.json.
//   --keep    analyse the recordings that are there instead of recording anew
//   --show    print every finding with the lines of source around it
//   --low     print what the patterns match with every gate at a tenth
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lowGates } from './precision-low.mjs';
import { precisionPage } from './precision-page.mjs';
import { cacheFolder, root, run, say } from './setup.mjs';

const kept = path.join(root, 'test/precision');
const folder = path.join(cacheFolder(), 'precision');
const cli = path.join(root, 'dist/cli.cjs');
const INTERVAL = '500';

/**
 * The packages, so that they count as the user's own code: each `node_modules` is a link to a folder
 * of another name, as in a workspace whose packages are linked, and Node.js loads a module from where
 * the link leads. Nothing of Plateau is told about it.
 */
function install() {
  const lock = readFileSync(path.join(kept, 'package-lock.json'), 'utf8');
  const stamp = path.join(folder, 'installed.json');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    say('Installing the packages (about a minute)…');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(path.join(kept, name), path.join(folder, name));
    run('npm', ['ci'], { cwd: folder });
    unhide(folder);
    writeFileSync(stamp, lock);
  }
  rmSync(path.join(folder, 'loads'), { recursive: true, force: true });
  cpSync(path.join(kept, 'loads'), path.join(folder, 'loads'), { recursive: true });
  cpSync(path.join(kept, 'input.mjs'), path.join(folder, 'input.mjs'));
}

function unhide(start) {
  const folders = [start];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const name of readdirSync(at)) {
      const file = path.join(at, name);
      const stat = lstatSync(file);
      if (!stat.isDirectory()) continue;
      if (name !== 'node_modules') {
        folders.push(file);
        continue;
      }
      const target = path.join(at, 'packages');
      if (existsSync(target)) continue; // its own folder of that name: it stays a dependency
      renameSync(file, target);
      symlinkSync('packages', file, 'junction');
      folders.push(target);
    }
  }
}

const profileOf = (name) => path.join(folder, 'profiles', `${name}.cpuprofile`);

function plateau(args) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 300_000 });
}

function record(name) {
  mkdirSync(path.dirname(profileOf(name)), { recursive: true });
  const { status, stderr } = plateau(['record', '--force', '--interval', INTERVAL, '--out', profileOf(name), '--', 'node', `loads/${name}.mjs`]);
  if (status !== 0 || /exit code [1-9]|ended with/.test(stderr)) say(`${name}: ${stderr.trim()}`);
}

/** The findings of a recording, places below the folder of the packages. */
function analyse(name) {
  const { status, stdout, stderr } = plateau(['analyze', profileOf(name), '--json', '--top', '1']);
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const report = JSON.parse(stdout);
  for (const warning of report.warnings) say(`${name}: ${warning}`);
  return { name, samples: report.samples, findings: report.findings };
}

/** `eslint 10.15.0 lib/linter/linter.js:12`. */
export function placeOf(file) {
  const inside = path.relative(folder, file).split(path.sep).join('/');
  const found = /^(?:.*\/)?packages\/((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(inside);
  if (!found) return { package: '', version: '', file: inside };
  const manifest = path.join(folder, inside.slice(0, inside.length - found[2].length), 'package.json');
  return { package: found[1], version: existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : '', file: found[2] };
}

function show({ name, findings }) {
  console.log(`\n######## ${name}`);
  for (const one of findings) {
    console.log(`\n== ${one.rule} ${one.level} ${one.sharePct.toFixed(1)} ${one.id}\n   ${one.title}\n   ${one.message}\n   ${one.advice}`);
    const place = one.place;
    if (!place?.file) continue;
    console.log(`   ${path.relative(folder, place.file)}:${place.line}`);
    const lines = readFileSync(place.file, 'utf8').split('\n');
    const first = Math.max(0, place.line - 8);
    for (const [i, line] of lines.slice(first, Math.min(place.endLine, place.line + 20) + 6).entries())
      console.log(`   ${first + i + 1 >= place.line && first + i + 1 <= place.endLine ? '>' : ' '} ${first + i + 1}  ${line.slice(0, 180)}`);
  }
}

const options = process.argv.slice(2);
const all = readdirSync(path.join(kept, 'loads'))
  .map((file) => path.basename(file, '.mjs'))
  .sort();
const wanted = options.filter((one) => !one.startsWith('--'));
install();
for (const name of wanted.length > 0 ? wanted : all) {
  if (options.includes('--keep') && existsSync(profileOf(name))) continue;
  say(`Recording ${name}…`);
  record(name);
}
const results = all.filter((name) => existsSync(profileOf(name))).map(analyse);
if (options.includes('--show')) for (const one of results) if (wanted.length === 0 || wanted.includes(one.name)) show(one);
writeFileSync(path.join(folder, 'findings.json'), JSON.stringify(results, undefined, 1));
precisionPage(results, placeOf);
if (options.includes('--low')) {
  const search = await lowGates(folder);
  for (const { name } of results) show({ name, findings: await search(profileOf(name)) });
}
