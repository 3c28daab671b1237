import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is seen of a machine at one time that makes runs differ. Undefined for what it does not tell. */
export interface MachineLook {
  readonly cpus: number;
  /** Processes that want to run, mean of a minute; undefined on Windows. */
  readonly load: number | undefined;
  /** The busiest processes but this one and what it started, by share of one CPU since the last moment. */
  readonly busy: readonly { readonly command: string; readonly share: number }[];
  readonly governor: string | undefined;
  /** Whether the clock may go above its nominal frequency. */
  readonly turbo: boolean | undefined;
  readonly isOnBattery: boolean | undefined;
  /** Ticks that another virtual machine had, and all ticks, since the start. */
  readonly steal: { readonly stolen: number; readonly all: number } | undefined;
  /** How often the CPU was slowed down for its heat, since the start. */
  readonly throttled: number | undefined;
  /** How often a container's share of the CPU was used up, since the start. */
  readonly limited: number | undefined;
  /** Bytes that programs can have, and all. */
  readonly memory: { readonly free: number; readonly all: number };
  /** Share of the last minute in which something waited for memory. */
  readonly memoryPressure: number | undefined;
}

/** Between the two looks at what processes computed. */
const MOMENT_MS = 300;

/** Looks at this machine; takes a third of a second. Never rejects. */
export async function lookAtMachine(): Promise<MachineLook> {
  const common = { cpus: os.availableParallelism(), load: process.platform === 'win32' ? undefined : os.loadavg()[0] };
  const memory = { free: os.freemem(), all: os.totalmem() };
  const unknown = { busy: [], governor: undefined, turbo: undefined, isOnBattery: undefined, steal: undefined, throttled: undefined, limited: undefined };
  const look = { ...common, ...unknown, memory, memoryPressure: undefined };
  if (process.platform === 'linux') return { ...look, ...(await lookAtLinux(memory)) };
  if (process.platform === 'darwin') {
    const [battery, list] = await Promise.all([printed('pmset', ['-g', 'batt']), printed('ps', ['-A', '-o', 'pid=,ppid=,%cpu=,comm='])]);
    return { ...look, isOnBattery: battery === undefined ? undefined : parseMacBattery(battery), busy: list ? parsePs(list, process.pid) : [] };
  }
  return look;
}

async function lookAtLinux(memory: MachineLook['memory']): Promise<Partial<MachineLook>> {
  const before = linuxTicks();
  await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
  const cpu = '/sys/devices/system/cpu';
  const noTurbo = text(`${cpu}/intel_pstate/no_turbo`);
  const boost = text(`${cpu}/cpufreq/boost`);
  const stat = text('/proc/stat');
  const throttled = Array.from({ length: os.cpus().length }, (_, at) => text(`${cpu}/cpu${at}/thermal_throttle/core_throttle_count`)).filter(
    (one) => one !== undefined,
  );
  const info = text('/proc/meminfo');
  const pressure = text('/proc/pressure/memory');
  const limits = text('/sys/fs/cgroup/cpu.stat') ?? text('/sys/fs/cgroup/cpu/cpu.stat');
  return {
    busy: busiest(before, linuxTicks(), MOMENT_MS),
    governor: text(`${cpu}/cpu0/cpufreq/scaling_governor`),
    turbo: noTurbo !== undefined ? noTurbo === '0' : boost === undefined ? undefined : boost === '1',
    isOnBattery: linuxBattery(),
    steal: stat === undefined ? undefined : parseSteal(stat),
    throttled: throttled.length > 0 ? throttled.reduce((sum, one) => sum + Number(one), 0) : undefined,
    limited: limits === undefined ? undefined : Number(/^nr_throttled (\d+)$/m.exec(limits)?.[1] ?? Number.NaN),
    memory: { ...memory, free: info === undefined ? memory.free : (parseAvailable(info) ?? memory.free) },
    memoryPressure: pressure === undefined ? undefined : parsePressure(pressure),
  };
}

/** A short file of the system's own; undefined where there is none. */
function text(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

async function printed(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(command, [...args], { timeout: 3000, windowsHide: true })).stdout;
  } catch {
    return undefined;
  }
}

interface Ticks {
  readonly ppid: number;
  readonly command: string;
  /** Of 10 ms. */
  readonly ticks: number;
}

function linuxTicks(): ReadonlyMap<number, Ticks> {
  const found = new Map<number, Ticks>();
  for (const name of names('/proc')) {
    const stat = /^\d+$/.test(name) ? text(`/proc/${name}/stat`) : undefined;
    if (stat !== undefined) found.set(Number(name), parseTicks(stat));
  }
  return found;
}

function names(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** `/proc/PID/stat`: `pid (name) state ppid …`; fields 14 and 15 are the ticks in user and system mode. */
export function parseTicks(stat: string): Ticks {
  const close = stat.lastIndexOf(')');
  const rest = stat.slice(close + 2).split(' ');
  return { ppid: Number(rest[1]), command: stat.slice(stat.indexOf('(') + 1, close), ticks: Number(rest[11]) + Number(rest[12]) };
}

/** Shares under this are no cause. */
const BUSY = 0.1;
const MOST_BUSY = 3;

/** What computed meanwhile, but this process and what descends from it. */
export function busiest(before: ReadonlyMap<number, Ticks>, after: ReadonlyMap<number, Ticks>, milliseconds: number, own = process.pid): MachineLook['busy'] {
  const isOwn = (pid: number): boolean => {
    for (let at: number | undefined = pid, depth = 0; at !== undefined && at > 1 && depth < 64; at = after.get(at)?.ppid, depth++) if (at === own) return true;
    return false;
  };
  return [...after]
    .filter(([pid]) => before.has(pid) && !isOwn(pid))
    .map(([pid, { command, ticks }]) => ({ command, share: ((ticks - (before.get(pid)?.ticks ?? 0)) * 10) / milliseconds }))
    .filter(({ share }) => share >= BUSY)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_BUSY);
}

/** macOS: lines of `pid ppid %cpu command`. */
export function parsePs(list: string, own: number): MachineLook['busy'] {
  return list
    .split('\n')
    .flatMap((line) => {
      const [, pid, ppid, share, command = ''] = /^\s*(\d+)\s+(\d+)\s+([\d.,]+)\s+(.*)$/.exec(line) ?? [];
      if (pid === undefined || Number(pid) === own || Number(ppid) === own) return [];
      return [{ command: command.slice(command.lastIndexOf('/') + 1), share: Number(share?.replace(',', '.')) / 100 }];
    })
    .filter(({ share }) => share >= BUSY)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_BUSY);
}

/** macOS: `Now drawing from 'Battery Power'`. */
export function parseMacBattery(printedText: string): boolean | undefined {
  const source = /drawing from '(AC|Battery) Power'/i.exec(printedText)?.[1];
  return source === undefined ? undefined : source.toLowerCase() === 'battery';
}

function linuxBattery(): boolean | undefined {
  const folder = '/sys/class/power_supply';
  const supplies = names(folder).map((name) => ({ type: text(`${folder}/${name}/type`), status: text(`${folder}/${name}/status`) }));
  const batteries = supplies.filter(({ type }) => type === 'Battery');
  return batteries.length === 0 ? undefined : batteries.some(({ status }) => status === 'Discharging');
}

/** `/proc/stat`: `cpu user nice system idle iowait irq softirq steal guest guest_nice`; guests are in user and nice. */
export function parseSteal(stat: string): MachineLook['steal'] {
  const fields = /^cpu\s+(.*)$/m.exec(stat)?.[1]?.trim().split(/\s+/).map(Number);
  if (!fields || fields.length < 8) return undefined;
  return { stolen: fields[7] as number, all: fields.slice(0, 8).reduce((sum, one) => sum + one, 0) };
}

/** `/proc/meminfo`, in bytes. */
export function parseAvailable(info: string): number | undefined {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(info)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** `/proc/pressure/memory`: `some avg10=0.00 avg60=0.12 …`, in percent. */
export function parsePressure(pressure: string): number | undefined {
  const percent = /^some .*?\bavg60=([\d.]+)/m.exec(pressure)?.[1];
  return percent === undefined ? undefined : Number(percent) / 100;
}
