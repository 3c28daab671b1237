import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import schema from '../../schema/doctor.schema.json';
import { describeDoctorIssue, readDoctorReport } from '../../src/service/doctor/read-doctor';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';

const folders: Folder[] = [];
const folder = (files: Record<string, string>): string => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made.path;
};
afterAll(() => {
  for (const one of folders) one.remove();
});

const validate = new Ajv().compile(schema);

function json(stdout: string): Report {
  const report: unknown = JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"')));
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  return report as Report;
}
const SPIN = 'const spin = (ms) => { const end = Date.now() + ms; let n = 0; while (Date.now() < end) n++; return n; };\n';

describe('programs that make it hard', () => {
  test('one that ends at once is quick', async () => {
    const { code, stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.js'], { cwd: folder({ 'a.js': '' }) });
    expect(code).toBe(0);
    expect(json(stdout).diagnosis.verdict.branch).toBe('healthy');
  });

  test('one that fails at once is inconclusive, exit code 3', async () => {
    const { code, stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.js'], { cwd: folder({ 'a.js': 'null.x' }) });
    expect(code).toBe(3);
    expect(json(stdout).diagnosis.verdict.title).toContain('failed');
  });

  test('one that never ends is stopped, and left nowhere', async () => {
    const cwd = folder({ 'a.js': `${SPIN}require('fs').writeFileSync('pid', String(process.pid)); spin(1e9);` });
    const { code, stdout } = await plateau(['doctor', '--json', '--seconds', '2', '--', process.execPath, 'a.js'], { cwd });
    const { diagnosis, notes } = json(stdout);
    expect(diagnosis.verdict.branch).toBe('cpu-hot');
    expect(code).toBe(1);
    expect(notes).toEqual([]);
    expect(() => process.kill(Number(readFileSync(path.join(cwd, 'pid'), 'utf8')), 0)).toThrow();
  });

  test('one that kills itself: what it did before is judged, and its end is told', async () => {
    const { code, stdout } = await plateau(['doctor', '--', process.execPath, 'a.js'], {
      cwd: folder({ 'a.js': `${SPIN}spin(700); require('child_process').execFileSync('kill', ['-9', String(process.pid)]);` }),
    });
    expect(code).toBe(1);
    expect(stdout).toContain('ended by: SIGKILL');
    expect(stdout).toMatch(/a\.js:\d+ {2}spin/);
  });

  test('an exception after a while keeps what there is', async () => {
    const { code, stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.js'], {
      cwd: folder({ 'a.js': `${SPIN}spin(1200); throw new Error('no');` }),
    });
    expect(json(stdout).diagnosis.verdict.branch).toBe('cpu-hot');
    expect(code).toBe(1);
  });

  test('garbage on its output, and --fail-on never', async () => {
    const source = `${SPIN}process.stdout.write(Buffer.from([0, 255, 27, 91, 50, 74, 10])); spin(1600);`;
    const { code, stdout } = await plateau(['doctor', '--json', '--fail-on', 'never', '--', process.execPath, 'a.js'], { cwd: folder({ 'a.js': source }) });
    expect(json(stdout).diagnosis.verdict.branch).toBe('cpu-hot');
    expect(code).toBe(0);
  });

  test('NODE_OPTIONS of the user are kept, and what it breaks of the language does not break it', async () => {
    const cwd = folder({
      'pre load.cjs': 'globalThis.fromUser = 42;',
      'a.mjs': `${SPIN}import { readFile } from 'node:fs/promises';
Error.prepareStackTrace = () => { throw new Error('mine'); };
JSON.stringify = () => 'broken';
for (let i = 0; i < 20; i++) await readFile(import.meta.filename ?? process.argv[1]);
const late = await Promise.allSettled([readFile('/nowhere')]);
if (globalThis.fromUser !== 42 || late[0].reason.code !== 'ENOENT') process.exit(9);
spin(1200);`,
    });
    const env = { NODE_OPTIONS: '--require "./pre load.cjs" --max-old-space-size=300' };
    const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.mjs'], { cwd, env });
    const report = json(stdout);
    expect(report.diagnosis.verdict.branch).toBe('cpu-hot');
    // What measures has the language as it was before the program.
    expect(report.notes).toEqual([]);
  });

  test('a rejection that nobody handles still ends the program, and promisified timers work', async () => {
    const cwd = folder({
      'a.mjs': `import { promisify } from 'node:util';
if ((await promisify(setTimeout)(10, 'value')) !== 'value' || setTimeout.name !== 'setTimeout' || setTimeout.length < 1) process.exit(9);
const timer = setTimeout(() => process.exit(8), 50); clearTimeout(timer);
import fs from 'node:fs';
fs.promises.readFile('/nowhere');
setTimeout(() => process.exit(7), 400);`,
    });
    const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.mjs'], { cwd });
    const info = JSON.parse(readFileSync(json(stdout).profile.replace('.cpuprofile', '.plateau.json'), 'utf8'));
    expect(info.exit).toEqual({ code: 1, signal: null });
  });

  test('of several processes the busiest is judged, and the others are listed', async () => {
    const cwd = folder({
      'main.js': "const { fork } = require('child_process'); fork('./quiet.js'); fork('./busy.js');",
      'quiet.js': 'setTimeout(() => {}, 300);',
      'busy.js': `${SPIN}spin(1200);`,
    });
    const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'main.js'], { cwd });
    const { processes, place, diagnosis } = json(stdout);
    expect(processes).toHaveLength(3);
    expect(processes[0]?.command).toContain('busy.js');
    expect(diagnosis.verdict.branch).toBe('cpu-hot');
    expect(path.basename(place?.file ?? '')).toBe('busy.js');
  });
});

test('a program that asks its own server, one request after another', async () => {
  const cwd = folder({
    'a.mjs': `import http from 'node:http';
const server = http.createServer((_, response) => setTimeout(() => response.end('x'), 40)).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const get = () => new Promise((resolve) => http.get({ host: '127.0.0.1', port: server.address().port, path: '/items/1' }, (r) => r.resume().on('end', resolve)));
for (let i = 0; i < 60; i++) {
  await get();
}
server.close();`,
  });
  const { stdout, code } = await plateau(['doctor', '--json', '--', process.execPath, 'a.mjs'], { cwd });
  const { diagnosis, place } = json(stdout);
  expect(diagnosis.verdict.branch).toBe('sequential');
  expect(place?.line).toBe(6);
  expect(code).toBe(1);
});

test('a server that is idle before and after its load is judged by the time of the load', async () => {
  const cwd = folder({
    'a.mjs': `import http from 'node:http';
import { fork } from 'node:child_process';
function crunch() { const end = performance.now() + 20; let n = 0; while (performance.now() < end) n += Math.sqrt(n); return n; }
function handle(_, response) { response.end(String(crunch())); }
const server = http.createServer(handle).listen(0, '127.0.0.1', () => fork('./load.mjs', [String(server.address().port)]));`,
    'load.mjs': `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
await wait(3000);
for (let i = 0; i < 40; i++) await Promise.all([0, 1].map(() => fetch('http://127.0.0.1:' + process.argv[2]).then((answer) => answer.text())));
process.disconnect();`,
  });
  const { stdout } = await plateau(['doctor', '--json', '--seconds', '7', '--', process.execPath, 'a.mjs'], { cwd });
  const { diagnosis, place, notes } = json(stdout);
  expect(diagnosis.verdict.branch).toBe('cpu-hot');
  expect(place?.name).toBe('crunch');
  expect(diagnosis.verdict.summary).toMatch(/By total time, .*: handle \d/);
  expect(notes.some((note) => /^Judged is the time from the first to the last activity, .* are left out\.$/.test(note))).toBe(true);
});

test('a known pattern at the blamed place comes with why and what to do', async () => {
  const source = `const rows = Array.from({ length: 4000 }, (_, id) => ({ id, name: 'n' + id }));
function join(ids) {
  const found = [];
  for (const id of ids) {
    found.push(rows.find((row) => row.id === id));
  }
  return found;
}
const ids = rows.map(({ id }) => id);
const start = process.cpuUsage().user;
while (process.cpuUsage().user - start < 1.2e6) join(ids);
`;
  const cwd = folder({ 'a.js': source });
  const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.js'], { cwd });
  const { diagnosis, pattern, report } = json(stdout);
  expect(diagnosis.verdict.branch).toBe('cpu-hot');
  expect(pattern).toMatchObject({ rule: 'find-in-loop', line: 5, advice: expect.stringContaining('Map') });
  expect((await readDoctorReport(report)).ok).toBe(true);
  const text = (await plateau(['doctor', '--', process.execPath, 'a.js'], { cwd })).stdout;
  expect(text).toMatch(/\(find-in-loop\) {2}a\.js:5\n/);
  expect(text).toContain(pattern?.advice);
});

test('the tree as text, and both files beside each other', async () => {
  const cwd = folder({ 'a.js': `${SPIN}spin(1000);` });
  const { stdout } = await plateau(['doctor', '--', process.execPath, 'a.js'], { cwd });
  expect(stdout).toMatch(/Was enough measured\?\n(?:│ .*\n)+├─▶ yes/);
  expect(stdout).toContain('╰─▶ cpu-hot');
  expect(stdout).toMatch(/^ {2}a\.js:1 {2}spin$/m);
  const names = readdirSync(path.join(cwd, '.plateau/profiles')).filter((name) => name !== '.gitignore');
  expect(names.map((name) => name.replace(/^.*?\.(?=\w+(?:\.json)?$)/, '')).sort()).toEqual(['cpuprofile', 'doctor.json', 'plateau.json']);
});

test('wrong usage ends with 2, and an unknown program with 4', async () => {
  for (const args of [['doctor'], ['doctor', '--fail-on', 'much', '--', 'node'], ['doctor', '--seconds', '0', '--', 'node']]) {
    expect((await plateau(args)).code).toBe(2);
  }
  expect((await plateau(['doctor', '--', 'no-such-program-here'], { cwd: folder({}) })).code).toBe(4);
});

test('a report that is cut, or is something else, is told by its file', async () => {
  const cwd = folder({ 'a.js': '' });
  const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.js'], { cwd });
  const { report } = json(stdout);
  expect(existsSync(report)).toBe(true);
  const text = readFileSync(report, 'utf8');
  expect((await readDoctorReport(report)).ok).toBe(true);
  const wrong = [text.slice(0, 400), '', 'null', '[]', '{}', text.replace('"turns": [', '"turns": [null,'), text.replace('plateau/doctor/1', 'other')];
  for (const one of wrong) {
    writeFileSync(report, one);
    const read = await readDoctorReport(report);
    expect(read.ok, one.slice(0, 60)).toBe(false);
    if (!read.ok) expect(describeDoctorIssue(report, read.error)).toContain(path.basename(report));
  }
  const gone = await readDoctorReport(`${report}.not`);
  expect(gone.ok ? '' : describeDoctorIssue('x.doctor.json', gone.error)).toContain('does not exist');
});
