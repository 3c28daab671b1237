// How often the cause of a known problem is named: `node scripts/recall.mjs [NAME…]`.
// Installs what test/precision/package.json names into the cache folder, measures each program of test/recall with
// Plateau's own command line, one at a time, and writes the sections "Recall", "Second set", "Third set" and "Fourth set" of docs/precision.md from
// what was said and from test/recall/verdicts.json. Programs without a number of their set are of set 1.
//   --set N   only the programs of that set; the section of the other stays as it is
//   --keep    take the reports that are there instead of measuring anew
//   --show    print everything that was said
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { recallPage } from './recall-page.mjs';
import { cacheFolder, root, run, say } from './setup.mjs';

const kept = path.join(root, 'test/recall');
const folder = path.join(cacheFolder(), 'recall');
const programs = path.join(folder, 'programs');
const cli = path.join(root, 'dist/cli.cjs');

/** The packages as dependencies, and the programs beside them; TypeScript is bundled, with a source map. */
function install(all) {
  const packages = path.join(root, 'test/precision');
  const lock = readFileSync(path.join(packages, 'package-lock.json'), 'utf8');
  const stamp = path.join(folder, 'installed.json');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    say('Installing the packages (about a minute)…');
    mkdirSync(folder, { recursive: true });
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(path.join(packages, name), path.join(folder, name));
    run('npm', ['ci'], { cwd: folder });
    writeFileSync(stamp, lock);
  }
  rmSync(programs, { recursive: true, force: true });
  cpSync(kept, programs, { recursive: true });
  for (const { name, command } of all) {
    if (!command[0].endsWith('.ts')) continue;
    const own = path.join(programs, name);
    buildSync({
      entryPoints: [path.join(own, command[0])],
      outfile: path.join(own, 'dist/main.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: true,
      logLevel: 'error',
    });
  }
}

/** What runs: the program itself, or its bundle. */
function commandOf({ name, command: [file, ...rest] }) {
  return ['node', path.join('programs', name, file.endsWith('.ts') ? 'dist/main.mjs' : file), ...rest];
}

const reportOf = (name) => path.join(folder, 'reports', `${name}.json`);

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function recordAndAnalyse(one) {
  const profile = path.join(folder, 'profiles', `${one.name}.cpuprofile`);
  mkdirSync(path.dirname(profile), { recursive: true });
  const options = { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 300_000 };
  const recorded = spawnSync(process.execPath, [cli, 'record', '--force', '--out', profile, '--', ...commandOf(one)], options);
  if (recorded.status !== 0 || /exit code [1-9]|ended with/.test(recorded.stderr)) say(`${one.name}: ${recorded.stderr.trim()}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'analyze', profile, '--json', '--top', '5'], options);
  if (status !== 0) throw new Error(`${one.name}: ${stderr}`);
  return JSON.parse(stdout);
}

function child(file, env) {
  const process_ = spawn(process.execPath, [path.join(programs, 'support', file)], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return () => new Promise((resolve) => (process_.exitCode === null ? process_.once('exit', resolve) && process_.kill() : resolve()));
}

/** Measures a server under the load of another process, with what stands in for services of others as processes too. */
async function examine(one) {
  const [APP_PORT, DATABASE_PORT, UPSTREAM_PORT, NAMES_PORT] = (await Promise.all([freePort(), freePort(), freePort(), freePort()])).map(String);
  const env = { ...process.env, APP_PORT, PORT: APP_PORT, DATABASE_PORT, UPSTREAM_PORT, NAMES_PORT, LOAD: JSON.stringify(one.load ?? {}) };
  const ends = (one.helpers ?? []).map((file) => child(file, env));
  await new Promise((resolve) => setTimeout(resolve, 500));
  if (one.load) ends.push(child('load.mjs', env));
  const seconds = one.seconds ? ['--seconds', String(one.seconds)] : [];
  const args = [cli, 'doctor', '--json', '--out', path.join(folder, 'doctor', one.name), ...seconds, '--', ...commandOf(one)];
  const measured = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  measured.stdout.on('data', (data) => {
    out += data;
  });
  measured.stderr.on('data', (data) => {
    errors += data;
  });
  await new Promise((resolve) => measured.once('close', resolve));
  for (const end of ends) await end();
  if (out === '') throw new Error(`${one.name}: ${errors}`);
  return JSON.parse(out);
}

/** `orders.ts:24`, from the folder of the program. */
function placeText(name, place) {
  if (!place?.file) return '';
  return `${path.relative(path.join(programs, name), place.file).split(path.sep).join('/')}:${place.line}`;
}

/** What a report says, in one form for both commands. */
function saidIn(one, report) {
  if (one.kind === 'cpu') {
    return report.findings.map((finding) => ({
      rule: finding.rule,
      level: finding.level,
      sharePct: finding.sharePct,
      place: placeText(one.name, finding.place),
      heading: finding.title,
      advice: finding.advice,
      text: `${finding.title} ${finding.message} ${finding.advice}`,
    }));
  }
  const { diagnosis, place, pattern } = report;
  const { verdict } = diagnosis;
  const heading = pattern ? `${verdict.title}; ${pattern.title} (${pattern.rule})` : verdict.title;
  const { advice } = pattern ?? verdict;
  return [
    {
      rule: verdict.branch,
      level: verdict.level ?? 'none',
      place: placeText(one.name, pattern ?? place),
      heading,
      advice,
      text: [heading, verdict.summary, pattern?.summary, advice].filter(Boolean).join(' '),
    },
  ];
}

/** Where the cause stands: the number of its line in the source. */
function expectedPlace({ name, file, line }) {
  const at = readFileSync(path.join(kept, name, file), 'utf8')
    .split('\n')
    .findIndex((text) => text.trim() === line);
  if (at < 0) throw new Error(`${name}: ${file} has no line ${line}`);
  return `${file}:${at + 1}`;
}

function show({ name, title, cause, place, healthy }, said) {
  console.log(`\n######## ${name}: ${title}${healthy ? '' : `\n         expected ${place}: ${cause}`}`);
  for (const one of said) console.log(`\n== ${one.rule} ${one.level} ${one.sharePct?.toFixed(1) ?? ''} ${one.place}\n   ${one.text}`);
}

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { set: { type: 'string' }, keep: { type: 'boolean' }, show: { type: 'boolean' } },
});
const all = readdirSync(kept, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join(kept, entry.name, 'expected.json')))
  .map(({ name }) => ({ set: 1, name, ...JSON.parse(readFileSync(path.join(kept, name, 'expected.json'), 'utf8')) }))
  .map((one) => (one.healthy ? one : { ...one, place: expectedPlace(one) }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
const chosen = all.filter(({ name, set }) => (wanted.length === 0 || wanted.includes(name)) && (options.set === undefined || String(set) === options.set));
if (chosen.length === 0) throw new Error(`No program of test/recall fits: ${[...wanted, options.set && `--set ${options.set}`].filter(Boolean).join(' ')}`);
install(all);
mkdirSync(path.dirname(reportOf('')), { recursive: true });
for (const one of chosen) {
  if (wanted.length === 0 && options.keep && existsSync(reportOf(one.name))) continue;
  say(`Measuring ${one.name}…`);
  const report = one.kind === 'cpu' ? recordAndAnalyse(one) : await examine(one);
  writeFileSync(reportOf(one.name), JSON.stringify(report));
}
const results = all
  .filter(({ name }) => existsSync(reportOf(name)))
  .map((one) => ({ one, said: saidIn(one, JSON.parse(readFileSync(reportOf(one.name), 'utf8'))) }));
if (options.show) for (const { one, said } of results) if (chosen.includes(one)) show(one, said);
for (const set of new Set(chosen.map((one) => one.set))) {
  recallPage(
    set,
    results.filter(({ one }) => one.set === set),
  );
}
