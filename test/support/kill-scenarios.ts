/**
 * Programs that are ended in a pid namespace of their own: `node kill-scenarios.cjs NAME`
 * starts victims, which nothing may end, plays the scenario, and prints what it found as JSON.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hostPid } from '../../src/capture/processes/carries-session';
import { endLaunched, endTree } from '../../src/capture/processes/end-tree';
import { identify, isRunning, listProcesses } from '../../src/capture/processes/identity';
import type { ProcessIdentity } from '../../src/capture/processes/process-row';
import { watchTree } from '../../src/capture/processes/tree-watcher';
import { launch } from '../../src/capture/session/spawn';
import { until } from './wait';

const SESSION = '/tmp/plateau-scenario';
/** Of this scenario alone: a file of an earlier one would be taken for its own. */
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plateau-kill-'));
process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

/** Runs a shell script as the launched program; `exec` where the shell itself shall not stay. */
async function launched(script: string, env: Record<string, string | undefined> = {}) {
  const result = await launch({ command: 'bash', args: ['-c', script], shell: false, cwd: '/', env, session: SESSION });
  if (!result.ok || !result.value.identity) throw new Error(`not launched: ${JSON.stringify(result)}`);
  return { ...result.value, identity: result.value.identity };
}

/** Command lines that run now and match. */
const commands = async (pattern: RegExp): Promise<string[]> =>
  (await listProcesses()).filter((row) => !row.isZombie && pattern.test(row.command)).map((row) => row.command);
const arrives = (pattern: RegExp, count = 1): Promise<void> => until(`${count} of ${pattern}`, async () => (await commands(pattern)).length === count);

/** Starts processes until one has the number, which has to be free. */
async function takeNumber(pid: number): Promise<ProcessIdentity> {
  for (let attempt = 0; attempt < 50; attempt++) {
    fs.writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    if (child.pid === pid) return (await identify(pid)) as ProcessIdentity;
    child.kill('SIGKILL');
  }
  throw new Error(`the number ${pid} could not be had`);
}

const carrying = { NODE_OPTIONS: `--require ${SESSION}/hook.cjs` };

const written = (name: string): string => (fs.existsSync(path.join(folder, name)) ? fs.readFileSync(path.join(folder, name), 'utf8') : '');

const scenarios: Record<string, () => Promise<unknown>> = {
  async 'process 1'() {
    const one = (await identify(1)) as ProcessIdentity;
    const parent = (await identify(process.ppid)) as ProcessIdentity;
    const self = (await identify(process.pid)) as ProcessIdentity;
    for (const identity of [one, parent, self]) await endTree(identity, undefined, { graceMs: 100, daemons: 'end' });
    return [await isRunning(one), await isRunning(parent)];
  },

  async 'number of the launched process is taken'() {
    const program = await launched('exec true');
    await program.exit;
    // Linux tells starts in hundredths of a second; a number comes back after thousands of processes.
    await new Promise((resolve) => setTimeout(resolve, 30));
    const other = await takeNumber(program.pid);
    const { left } = await endLaunched(program, SESSION, { graceMs: 100 });
    return { sameNumber: other.pid === program.pid, runs: await isRunning(other), left };
  },

  async 'number of a child is taken between two looks'() {
    const program = await launched(`sleep 501 & echo $! > ${folder}/child.pid; wait; exec sleep 500`);
    await arrives(/^sleep 501/);
    await until('its number', () => /\d\n/.test(written('child.pid')));
    const watcher = watchTree(program.identity);
    await watcher.look();
    watcher.stop();
    const child = Number(written('child.pid'));
    const wasSeen = watcher.seen().some(({ pid }) => pid === child);
    process.kill(child, 'SIGKILL');
    await arrives(/^sleep 500/);
    const other = await takeNumber(child);
    await endTree(program.identity, SESSION, { watcher });
    return { wasSeen, sameNumber: other.pid === child, runs: await isRunning(other), rest: await commands(/^sleep 50/) };
  },

  async 'daemon by setsid'() {
    const program = await launched('setsid sleep 502 > /dev/null & sleep 0.3', carrying);
    await program.exit;
    const ended = await endTree(program.identity, SESSION);
    const runs = await commands(/^sleep 502/);
    await endTree(program.identity, SESSION, { daemons: 'end' });
    return { left: ended.left.map((row) => row.command), runs, after: await commands(/^sleep 502/) };
  },

  async 'double fork, environment cleared'() {
    const program = await launched('setsid env -i bash -c "sleep 503 & sleep 504 & sleep 0.5" & sleep 1');
    const watcher = watchTree(program.identity);
    await arrives(/^sleep 50[34]/, 2);
    await watcher.look();
    await program.exit;
    await until('the middle is gone', async () => (await commands(/^bash -c sleep/)).length === 0);
    const { left } = await endTree(program.identity, SESSION, { watcher });
    return { left: left.map((row) => row.command).sort(), runs: (await commands(/^sleep 50[34]/)).length };
  },

  async 'daemon and its children, beside stragglers and theirs'() {
    const program = await launched('setsid bash -c "sleep 505 & wait" & bash -c "setsid sleep 506 & wait" & sleep 0.4', carrying);
    await program.exit;
    const { left } = await endTree(program.identity, SESSION);
    return { left: left.map((row) => row.command).sort(), straggler: await commands(/^sleep 506/), child: await commands(/^sleep 505/) };
  },

  async 'process group of its own while the program runs'() {
    const program = await launched('setsid sleep 508 & set -m; sleep 507 & sleep 509; wait');
    await arrives(/^sleep 50[789]/, 3);
    const { left } = await endTree(program.identity, SESSION);
    return { left, runs: await commands(/^sleep 50[789]/) };
  },

  async 'process group of its own after the program'() {
    const program = await launched('set -m; sleep 510 & disown; sleep 0.2', carrying);
    await program.exit;
    const { left } = await endTree(program.identity, SESSION);
    return { left: left.map((row) => row.command), runs: await commands(/^sleep 510/) };
  },

  async 'straggler that was seen'() {
    const program = await launched('env -i sleep 511 & sleep 0.7');
    const watcher = watchTree(program.identity);
    await program.exit;
    const unseen = await endTree(program.identity, SESSION);
    const spared = await commands(/^sleep 511/);
    const seen = await endTree(program.identity, SESSION, { watcher });
    return { spared, unseen: unseen.left, seen: seen.left, runs: await commands(/^sleep 511/) };
  },

  async 'stranger in our own process group'() {
    const other = spawn('sleep', ['600'], { stdio: 'ignore' });
    const stranger = (await identify(other.pid as number)) as ProcessIdentity;
    const program = await launched('exec sleep 512');
    await endTree(program.identity, SESSION);
    return { runs: await isRunning(stranger), ended: await commands(/^sleep 512/) };
  },

  async zombie() {
    // Its child ends while it sees nothing of that; it takes no note of SIGTERM either.
    const program = await launched(
      `exec ${JSON.stringify(process.execPath)} -e 'process.on("SIGTERM",()=>{});require("child_process").spawn("true");for(;;);'`,
    );
    await until('a zombie', async () => (await listProcesses()).some((row) => row.isZombie && row.ppid === program.pid));
    const { remaining } = await endTree(program.identity, SESSION, { graceMs: 200 });
    return { remaining, runs: await isRunning(program.identity) };
  },

  async 'ends while it is being ended'() {
    const program = await launched(`trap 'kill -9 $(jobs -p)' TERM; for i in $(seq 40); do sleep 513 & done; wait`);
    await arrives(/^sleep 513/, 40);
    const { remaining } = await endTree(program.identity, SESSION);
    return { remaining, runs: await commands(/^sleep 513/) };
  },

  async 'starts anew what is ended'() {
    const program = await launched('trap "" TERM; while :; do sleep 514; done');
    await arrives(/^sleep 514/);
    const { remaining } = await endTree(program.identity, SESSION, { graceMs: 300 });
    return { remaining, runs: [...(await commands(/^sleep 514/)), ...(await commands(/trap/))] };
  },

  async stopped() {
    const program = await launched(`trap "echo ended > ${folder}/ended; exit 0" TERM; echo ready > ${folder}/ready; while :; do sleep 0.05; done`);
    await until('it listens', () => written('ready') !== '');
    process.kill(program.pid, 'SIGSTOP');
    await endTree(program.identity, SESSION, { graceMs: 10_000 });
    return { exit: await program.exit, told: written('ended') };
  },

  async '500 children'() {
    const program = await launched('for i in $(seq 500); do sleep 515 & done; wait');
    await arrives(/^sleep 515/, 500);
    const { remaining } = await endTree(program.identity, SESSION);
    return { remaining, runs: await commands(/^sleep 515/) };
  },

  async 'namespace within'() {
    const program = await launched('exec unshare -pf --mount-proc bash -c "sleep 516; true"', carrying);
    await arrives(/^sleep 516/);
    const rows = await listProcesses();
    const inner = rows.find((row) => /^sleep 516/.test(row.command));
    const mapped = hostPid(rows, 2, SESSION);
    const none = hostPid(rows, 999, SESSION);
    const byTicks = hostPid(rows, 2, SESSION, inner?.order);
    const wrongTicks = hostPid(rows, 2, SESSION, (inner?.order ?? 0) + 1);
    await endTree(program.identity, SESSION, { graceMs: 200 });
    return { maps: mapped === inner?.pid, byTicks: byTicks === inner?.pid, none, wrongTicks, runs: await commands(/^sleep 516/) };
  },

  async 'two namespaces, the same number in both'() {
    const program = await launched('for i in 1 2; do unshare -pf --mount-proc bash -c "sleep 517; true" & done; wait', carrying);
    await arrives(/^sleep 517/, 2);
    const mapped = hostPid(await listProcesses(), 2, SESSION);
    await endTree(program.identity, SESSION, { graceMs: 200 });
    return { mapped, runs: await commands(/^sleep 517/) };
  },

  /** Here /proc is that of the namespace above. */
  async 'foreign proc'() {
    const result = await launch({ command: 'sleep', args: ['518'], shell: false, cwd: '/', env: {} });
    if (!result.ok) throw new Error('not launched');
    await endLaunched(result.value, SESSION, { graceMs: 1000 });
    return { rows: await listProcesses(), identity: result.value.identity, exit: await result.value.exit };
  },
};

async function main(name: string): Promise<void> {
  const victims: ChildProcess[] = Array.from({ length: 12 }, (_, i) => spawn('sleep', [String(900 + i)], { stdio: 'ignore', detached: i % 2 === 0 }));
  const gone: (number | undefined)[] = [];
  for (const victim of victims) victim.once('exit', () => gone.push(victim.pid));
  const found = await scenarios[name]?.();
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(JSON.stringify({ found, victims: victims.length - gone.length }));
  process.exit(0);
}

void main(process.argv[2] ?? '');
