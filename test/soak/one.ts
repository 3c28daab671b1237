/**
 * One recording that is ended at random, in a pid namespace of its own: `node one.cjs CLI SEED`
 * prints what it found as JSON. Whatever runs in the namespace afterwards has been left behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type SoakProgram, soakPrograms } from './programs';
import { randomOf } from './random';

export interface SoakResult {
  readonly seed: number;
  readonly program: string;
  readonly ending: string;
  /** Milliseconds from the ending to the end of the recorder. */
  readonly endMs: number;
  readonly problems: readonly string[];
}

/** What ends a recording; `kept` where its profile has to be there. */
const endings: Readonly<Record<string, { readonly kept: boolean }>> = {
  'natural end': { kept: true },
  'process.exit': { kept: true },
  crash: { kept: true },
  'SIGTERM of the program': { kept: true },
  'SIGINT of the program': { kept: true },
  'SIGHUP of the program': { kept: true },
  'SIGUSR2 of the program': { kept: true },
  'SIGKILL of the program': { kept: false },
  'Ctrl+C twice': { kept: true },
  'SIGTERM of the recorder': { kept: true },
  'SIGHUP of the recorder': { kept: true },
  '--seconds': { kept: true },
  cancel: { kept: false },
  'SIGKILL of the recorder': { kept: false },
};

/** Nothing takes longer than this, on a busy machine. */
const LIMIT_MS = 40_000;

async function main(cli: string, seed: number): Promise<SoakResult> {
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const name = pick(Object.keys(soakPrograms));
  const ending = pick(Object.keys(endings));
  const program = soakPrograms[name] as SoakProgram;
  const isOwnEnd = ['natural end', 'process.exit', 'crash'].includes(ending);
  const life = isOwnEnd ? 600 + Math.floor(random() * 1200) : 20_000;
  const wait = 200 + random() * 1000;

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'soak '));
  const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'soak-tmp-'));
  const problems: string[] = [];
  for (const [file, text] of Object.entries(program.files)) fs.writeFileSync(path.join(folder, file), text);
  const args = ['record', '--force', '--out', 'p.cpuprofile', ...(ending === '--seconds' ? ['--seconds', '2'] : [])];
  const env = { ...process.env, TMPDIR: tmp, SOAK_LIFE: String(life), SOAK_END: ending };
  const recorder = spawn(process.execPath, [cli, ...args, '--', ...(program.command ?? ['node', 'a.cjs'])], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  for (const stream of [recorder.stdout, recorder.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const ended = new Promise<void>((resolve) => recorder.once('exit', () => resolve()));
  const up = (): number[] => (fs.existsSync(path.join(folder, 'up')) ? fs.readFileSync(path.join(folder, 'up'), 'utf8').trim().split('\n').map(Number) : []);
  const isUp = await until(() => up().length >= program.threads || recorder.exitCode !== null);
  if (!isUp) problems.push('the program did not come up');
  let begin = Date.now();
  if (!isOwnEnd && ending !== '--seconds') {
    await agents(tmp, up());
    await delay(wait);
    begin = Date.now();
    await endBy(ending, recorder, up());
  }
  if (!(await within(ended, LIMIT_MS))) problems.push('the recorder does not end');
  // On a busy machine a program may end by itself before all of it has come up.
  const began = Math.min(program.threads, isOwnEnd ? up().length : program.threads);
  const endMs = Date.now() - begin - (isOwnEnd ? life : ending === '--seconds' ? 2000 : 0);

  const isKilled = ending === 'SIGKILL of the recorder';
  // The program runs on without it; it is ended here.
  if (isKilled) {
    await delay(300);
    if (others().length === 0) problems.push('the program has ended with the recorder');
    for (const pid of others()) signal(pid, 'SIGTERM');
  }
  if (!(await until(() => others().length === 0, isKilled ? 20_000 : 5000))) problems.push(`processes are left: ${others().map(commandOf).join(' | ')}`);
  const left = fs.readdirSync(tmp).filter((one) => !one.startsWith('node-compile-cache'));
  if (!isKilled && left.length > 0) problems.push(`folders are left: ${left.join(' ')}`);
  if (endings[ending]?.kept)
    problems.push(
      ...checkProfile(path.join(folder, 'p.cpuprofile'), { ...program, threads: began, isBusy: program.isBusy && began === program.threads }, ending),
    );
  if (problems.length > 0) problems.push(printed.slice(-600));
  for (const one of [folder, tmp]) fs.rmSync(one, { recursive: true, force: true });
  return { seed, program: name, ending, endMs, problems };
}

async function endBy(ending: string, recorder: ChildProcess, up: readonly number[]): Promise<void> {
  const [first] = up;
  const name = /^SIG\w+/.exec(ending)?.[0] as NodeJS.Signals | undefined;
  if (ending === 'cancel') {
    recorder.kill('SIGTERM');
    await delay(30);
    recorder.kill('SIGTERM');
  } else if (ending === 'Ctrl+C twice') {
    // A terminal sends it to all.
    for (const pause of [400, 0]) {
      signal(-(recorder.pid as number), 'SIGINT');
      await delay(pause);
    }
  } else if (name && ending.endsWith('recorder')) recorder.kill(name);
  else if (name && first !== undefined) signal(first, name);
}

/** What has to be in a recording: every thread that has come up, and the function that computes. */
function checkProfile(file: string, program: SoakProgram, ending: string): string[] {
  if (!fs.existsSync(file)) return ['no profile'];
  const info = JSON.parse(fs.readFileSync(file.replace('.cpuprofile', '.plateau.json'), 'utf8')) as { threads?: { file: string }[] };
  const files = info.threads?.map((one) => path.join(path.dirname(file), one.file)) ?? [file];
  const problems: string[] = [];
  // Who is ended by a signal while a child comes up has none; all were up before.
  if (files.length < program.threads) problems.push(`${files.length} of ${program.threads} threads are kept`);
  const hot = files.filter((one) => fs.readFileSync(one, 'utf8').includes('"hot"')).length;
  if (program.isBusy && hot === 0) problems.push(`nothing of what was computed (${ending})`);
  return problems;
}

/** Waits until the recorder hears of all processes: what is killed before that has nothing to hand over. */
async function agents(tmp: string, pids: readonly number[]): Promise<void> {
  const wanted = new Set(pids).size;
  await until(() => announced(tmp) >= wanted, 10_000);
  await delay(500);
}

const announced = (tmp: string): number =>
  fs
    .readdirSync(tmp)
    .filter((one) => one.startsWith('plateau-'))
    .flatMap((one) => fs.readdirSync(path.join(tmp, one)))
    .filter((one) => one.endsWith('.process.json')).length;

/** Processes of the namespace but its first one, the shell, this one, and what has ended. */
function others(): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== 1 && pid !== process.pid && pid !== process.ppid && !isZombie(pid));
}

const isZombie = (pid: number): boolean => / [ZX] /.test(read(`/proc/${pid}/stat`).replace(/^.*\)/, '') || ' Z ');
const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 120);

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function within(what: Promise<void>, ms: number): Promise<boolean> {
  return Promise.race([what.then(() => true), delay(ms).then(() => false)]);
}

async function until(check: () => boolean, ms = LIMIT_MS): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(15)) if (check()) return true;
  return check();
}

void main(process.argv[2] ?? '', Number(process.argv[3])).then((result) => {
  fs.writeSync(1, `${JSON.stringify(result)}\n`);
  process.exit(0);
});
