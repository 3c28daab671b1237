import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { cli, type Finished, temporaryFolder } from '../support/run';

/** Many functions, so that every kind of recording of it is longer than the files may be. */
const busy = `
const made = Array.from({ length: 400 }, (_, at) => new Function('n', 'return (function name' + at + '_' + 'x'.repeat(60) + '(n) { const kept = []; for (let i = 0; i < n; i++) kept.push({ i }); return kept; })(n);'));
const end = Date.now() + 700;
globalThis.kept = [];
while (Date.now() < end) for (const one of made) { const list = one(200); if (globalThis.kept.length < 4000) globalThis.kept.push(list); }
`;
const folder = temporaryFolder({ 'busy.cjs': busy });
afterAll(() => folder.remove());
const program = ['--', process.execPath, path.join(folder.path, 'busy.cjs')];

/** Runs a shell script in which "$@" is the command line. */
function shell(
  script: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly within?: readonly string[] },
): Promise<Finished> {
  const [command = 'bash', ...before] = [...(options.within ?? []), 'bash'];
  return new Promise((resolve) => {
    const child = spawn(command, [...before, '-c', script, 'bash', process.execPath, cli, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

let runs = 0;
let cwd = '';
beforeEach(() => {
  cwd = path.join(folder.path, `run ${++runs}`);
  mkdirSync(cwd);
});
/** Files below the working folder, but for what hides recordings from git. */
const left = (): string[] =>
  readdirSync(cwd, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.gitignore')
    .map(({ name }) => name);

describe.skipIf(process.platform === 'win32')('where files may not get as long as the recording', () => {
  const lost = /^plateau: Files may not get as large as .* \(ulimit -f\)\. Nothing is kept: the folder for temporary files \(.*\) cannot take it either\.\n$/m;

  test.each([
    ['record', ...program],
    ['record', '--out', 'mine.cpuprofile', ...program],
    ['record', '--type', 'heap', '--interval', '64', ...program],
    ['record', '--type', 'heap', '--interval', '64', '--out', 'mine.heapprofile', ...program],
    ['doctor', ...program],
  ])('%s %s %s: nothing is left, and nothing is claimed', { timeout: 30_000 }, async (...args) => {
    const { code, stdout, stderr } = await shell('ulimit -f 4; exec "$@"', args, { cwd });
    expect(stderr).toMatch(lost);
    expect({ code, stdout, left: left() }).toEqual({ code: 4, stdout: '', left: [] });
  });

  test('a file that was to be overwritten stays as it was', { timeout: 30_000 }, async () => {
    folder.file(path.join(path.basename(cwd), 'mine.cpuprofile'), 'precious');
    const { code, stderr } = await shell('ulimit -f 4; exec "$@"', ['record', '--force', '--out', 'mine.cpuprofile', ...program], { cwd });
    expect(stderr).toMatch(lost);
    expect(code).toBe(4);
    expect(left()).toEqual(['mine.cpuprofile']);
    expect(readFileSync(path.join(cwd, 'mine.cpuprofile'), 'utf8')).toBe('precious');
  });
});

const mounting = [
  ['unshare', '-m'],
  ['unshare', '-rm'],
].find((within) => {
  const [command = '', ...args] = [...within, 'mount', '-t', 'tmpfs', 'none', '/mnt'];
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
});

describe.skipIf(mounting === undefined)('on a disk that is full', () => {
  test.each([
    ['cpuprofile', 'record', ...program],
    ['cpuprofile', 'record', '--out', 'mine.cpuprofile', ...program],
    ['heapprofile', 'record', '--type', 'heap', '--interval', '64', ...program],
    ['heapprofile', 'record', '--type', 'heap', '--interval', '64', '--out', 'mine.heapprofile', ...program],
    ['cpuprofile', 'doctor', '--fail-on', 'never', ...program],
  ])('a %s (%s %s %s) is kept among the temporary files', { timeout: 30_000 }, async (extension, ...args) => {
    const spare = path.join(cwd, 'spare');
    mkdirSync(spare);
    const full = path.join(cwd, 'full');
    mkdirSync(full);
    const script = `mount -t tmpfs -o size=12k none "${full}" && cd "${full}" && "$@"; code=$?; find . -type f ! -name .gitignore >&2; exit $code`;
    const { code, stderr } = await shell(script, args, { cwd, env: { TMPDIR: spare }, within: mounting });
    expect(code).toBe(4);
    const told = new RegExp(`^plateau: There is no space left for .*\\. It is kept in (${spare}.*\\.${extension}) instead; move it from there\\.$`, 'm').exec(
      stderr,
    );
    expect(told, stderr).not.toBeNull();
    expect(JSON.parse(readFileSync(told?.[1] as string, 'utf8'))).toHaveProperty(extension === 'cpuprofile' ? 'nodes' : 'head');
    expect(stderr).not.toMatch(/^\.\//m); // no file on the full disk
  });

  test('a snapshot leaves nothing behind', { timeout: 30_000 }, async () => {
    const full = path.join(cwd, 'full');
    mkdirSync(full);
    const script = `mount -t tmpfs -o size=12k none "${full}" && cd "${full}" && "$@"; code=$?; find . -type f ! -name .gitignore >&2; exit $code`;
    const { code, stderr } = await shell(script, ['record', '--type', 'snapshot', ...program], { cwd, within: mounting });
    expect(code).toBe(4);
    expect(stderr).toContain('There is no space left for');
    expect(stderr).not.toMatch(/^\.\//m);
  });
});
