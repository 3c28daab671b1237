import fs from 'node:fs';
import type { ProcessRow } from './process-row';

/**
 * Whether /proc is of our own pid namespace: in a namespace without a /proc of its own,
 * the numbers there are other processes than the same numbers given to kill.
 */
function hasOwnProc(): boolean {
  try {
    return fs.readlinkSync('/proc/self') === String(process.pid);
  } catch {
    return false;
  }
}

/** All processes, by one pass over /proc (about 13 µs each). Empty where /proc is another namespace's. */
export function listLinux(withCommands: boolean): ProcessRow[] {
  if (!hasOwnProc()) return [];
  const rows: ProcessRow[] = [];
  for (const name of fs.readdirSync('/proc')) {
    const row = /^\d+$/.test(name) ? readRow(Number(name), withCommands) : undefined;
    if (row) rows.push(row);
  }
  return rows;
}

/** One process; undefined where there is none of that number. */
export function readLinux(pid: number, withCommand = false): ProcessRow | undefined {
  return hasOwnProc() ? readRow(pid, withCommand) : undefined;
}

function readRow(pid: number, withCommand: boolean): ProcessRow | undefined {
  try {
    const row = parseStat(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'), epoch());
    const command = withCommand ? commandOf(pid) : '';
    return command === '' ? row : { ...row, command };
  } catch {
    return undefined; // it ended while we looked
  }
}

/** Arguments joined by spaces; empty for zombies and threads of the kernel. */
function commandOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '').replace(/\0/g, ' ');
  } catch {
    return '';
  }
}

/**
 * `/proc/PID/stat`: `pid (name) state ppid pgrp …`, where the name may itself hold
 * spaces and parentheses; field 20 counts threads, field 22 is the start in ticks since the
 * machine's. A leader that has ended while its threads go on is no zombie.
 */
export function parseStat(stat: string, since: string): ProcessRow {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const [state = '', ppid, group] = fields;
  const ticks = fields[19] ?? '';
  return {
    pid: Number(stat.slice(0, open)),
    started: `${ticks}/${since}`,
    ppid: Number(ppid),
    order: Number(ticks),
    group: Number(group),
    isZombie: state === 'X' || (state === 'Z' && Number(fields[17]) <= 1),
    isStopped: state === 'T',
    command: stat.slice(open + 1, close),
  };
}

let known: string | undefined;

/** What numbers and ticks count from: the machine's start, and the namespace of the numbers. */
function epoch(): string {
  if (known === undefined) {
    const boot = readOr('', () => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    known = `${boot}/${readOr('', () => fs.readlinkSync('/proc/self/ns/pid'))}`;
  }
  return known;
}

function readOr(fallback: string, read: () => string): string {
  try {
    return read();
  } catch {
    return fallback;
  }
}

/** The user that a process runs as; undefined where it is gone. */
export function userOfLinux(pid: number): number | undefined {
  try {
    return fs.statSync(`/proc/${pid}`).uid;
  } catch {
    return undefined;
  }
}

/** `NSpid:` of `/proc/PID/status`: the numbers of a process from our namespace inwards. */
export function parseNamespacePids(status: string): number[] {
  return (/^NSpid:\s*(.*)$/m.exec(status)?.[1] ?? '').split(/\s+/).filter(Boolean).map(Number);
}

/** The numbers of a process from our pid namespace inwards; empty where it cannot be read. */
export function namespacePids(pid: number): number[] {
  return parseNamespacePids(readOr('', () => fs.readFileSync(`/proc/${pid}/status`, 'utf8')));
}

/** Whether a process has a handler for a signal (`SigCgt:` of `/proc/PID/status`, hexadecimal, the lowest bit is signal 1). */
export function catchesSignal(pid: number, signal: number): boolean {
  return parseCaught(
    readOr('', () => fs.readFileSync(`/proc/${pid}/status`, 'utf8')),
    signal,
  );
}

export function parseCaught(status: string, signal: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/** Processor time of a process's first thread, in ticks; undefined where it is gone. */
export function mainThreadTicks(pid: number): number | undefined {
  const stat = readOr('', () => fs.readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8'));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.length > 13 ? Number(fields[11]) + Number(fields[12]) : undefined;
}
