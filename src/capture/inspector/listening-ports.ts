import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { promisify } from 'node:util';
import { powershell } from '../processes/windows';

const run = promisify(execFile);

/** TCP ports on which a process listens. Empty where it cannot be told. */
export async function listeningPorts(pid: number): Promise<number[]> {
  return (await ownPorts(pid)) ?? [];
}

/** Where a process listens. The same port of another address of this machine may be another user's. */
export interface Listener {
  /** `127.0.0.1`, `::1`; `0.0.0.0`, `::` and `*` are all addresses. */
  readonly address: string;
  readonly port: number;
}

/** TCP addresses and ports on which a process listens; undefined where it cannot be told. */
export async function ownListeners(pid: number): Promise<Listener[] | undefined> {
  try {
    if (process.platform === 'linux') return socketsOf(pid).flatMap(({ state, address, port }) => (state === LISTEN ? { address, port } : []));
    if (process.platform === 'win32') {
      const script = `Get-NetTCPConnection -State Listen -OwningProcess ${pid} -ErrorAction SilentlyContinue | % { $_.LocalAddress + ' ' + $_.LocalPort }`;
      return parseListeners(await powershell(script));
    }
    return parseLsof(await lsof(['-a', '-p', String(pid), '-iTCP', '-sTCP:LISTEN', '-Fn']));
  } catch {
    return undefined;
  }
}

/** TCP ports on which a process listens; undefined where it cannot be told. */
export const ownPorts = async (pid: number): Promise<number[] | undefined> => (await ownListeners(pid))?.map(({ port }) => port);

/** How many connections a process has open on a port on which it listens; undefined where it cannot be told. */
export async function connectionsTo(pid: number, port: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux') return socketsOf(pid).filter((socket) => socket.state === ESTABLISHED && socket.port === port).length;
    if (process.platform === 'win32') {
      const script = `Get-NetTCPConnection -State Established -OwningProcess ${pid} -LocalPort ${port} -ErrorAction SilentlyContinue | % RemotePort`;
      return parsePortLines(await powershell(script)).length;
    }
    return parseLsofConnections(await lsof(['-a', '-p', String(pid), `-iTCP:${port}`, '-sTCP:ESTABLISHED', '-Fn']), port);
  } catch {
    return undefined;
  }
}

/** The process that listens on a port of an address of this machine, as far as it can be told: `taken` says that somebody does. */
export async function ownerOfPort(port: number, host: string): Promise<{ readonly taken: boolean; readonly pid: number | undefined }> {
  try {
    if (process.platform === 'linux') return ownerOnLinux(port, host);
    const script = `Get-NetTCPConnection -State Listen -LocalPort ${port} -ErrorAction SilentlyContinue | % { $_.LocalAddress + ' ' + $_.OwningProcess }`;
    const owners =
      process.platform === 'win32'
        ? parseListeners(await powershell(script)).map(({ address, port: pid }) => ({ address, pid }))
        : parseLsofOwners(await lsof([`-iTCP:${port}`, '-sTCP:LISTEN', '-Fpn']));
    const [owner] = atHost(owners, host);
    return { taken: owner !== undefined, pid: owner?.pid };
  } catch {
    return { taken: false, pid: undefined };
  }
}

/** Those that who connects to a host reaches, or may reach; those of this very address first. */
export function atHost<T extends { readonly address: string }>(listeners: readonly T[], host: string): T[] {
  const plain = host.replace(/^\[|\]$/g, '');
  const own = plain === 'localhost' ? ['127.0.0.1', '::1'] : [plain];
  // A socket of `::` takes IPv4 too, unless its program wants otherwise, which nobody is told.
  const all = own.some((one) => !one.includes(':')) ? ['0.0.0.0', '::', '*'] : ['::', '*'];
  return [...listeners.filter(({ address }) => own.includes(address)), ...listeners.filter(({ address }) => all.includes(address))];
}

/** Whether a port of an address could be listened on right now: tried, for nothing else tells. */
export function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE'));
    server.listen({ port, host: host.replace(/^\[|\]$/g, ''), exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** It is not on everybody's PATH; and it fails where it finds nothing. */
async function lsof(args: readonly string[]): Promise<string> {
  const options = { timeout: 10_000, env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin` } };
  try {
    return (await run('lsof', ['-nP', ...args], options)).stdout;
  } catch (error) {
    const { code, stdout } = error as { code?: number | string; stdout?: string };
    if (code === 1) return stdout ?? '';
    throw error;
  }
}

const LISTEN = '0A';
const ESTABLISHED = '01';

export interface TcpSocket {
  /** Of this end. */
  readonly address: string;
  readonly port: number;
  /** As the kernel numbers them: 0A listens, 01 is connected. */
  readonly state: string;
  readonly inode: string;
}

/** Those of one process, in its own network namespace. Throws where they may not be seen. */
function socketsOf(pid: number): TcpSocket[] {
  const inodes = socketInodes(pid);
  return tcpTable(pid).filter(({ inode }) => inodes.has(inode));
}

function tcpTable(pid: number | 'self'): TcpSocket[] {
  return ['tcp', 'tcp6'].flatMap((name) => {
    try {
      return parseProcTcp(fs.readFileSync(`/proc/${pid}/net/${name}`, 'utf8'));
    } catch (error) {
      if (name === 'tcp6') return []; // a kernel without it
      throw error;
    }
  });
}

function socketInodes(pid: number | string): Set<string> {
  const inodes = new Set<string>();
  for (const fd of fs.readdirSync(`/proc/${pid}/fd`)) {
    try {
      const match = /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`));
      if (match) inodes.add(match[1] as string);
    } catch {
      // Closed meanwhile.
    }
  }
  return inodes;
}

function ownerOnLinux(port: number, host: string): { taken: boolean; pid: number | undefined } {
  const [first, ...others] = atHost(
    tcpTable('self').filter((socket) => socket.state === LISTEN && socket.port === port),
    host,
  );
  if (!first) return { taken: false, pid: undefined };
  const listening = [first, ...others.filter(({ address }) => address === first.address)];
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const inodes = socketInodes(name);
      if (listening.some(({ inode }) => inodes.has(inode))) return { taken: true, pid: Number(name) };
    } catch {
      // It ended, or is another user's.
    }
  }
  return { taken: true, pid: undefined };
}

/** `/proc/PID/net/tcp`: hexadecimal local address and port, then the state in the fourth field, the inode in the tenth. */
export function parseProcTcp(table: string): TcpSocket[] {
  const sockets: TcpSocket[] = [];
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [address = '', port = ''] = fields[1]?.split(':') ?? [];
    if (/^[0-9A-F]+$/i.test(port))
      sockets.push({ address: addressOf(address), port: Number.parseInt(port, 16), state: fields[3] ?? '', inode: fields[9] ?? '' });
  }
  return sockets;
}

/** An address as the kernel prints it: 32 bits at a time, each in the byte order of the machine. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = Buffer.concat(
    words.map((word) => {
      const four = Buffer.from(word, 'hex');
      return os.endianness() === 'LE' ? four.reverse() : four;
    }),
  );
  if (bytes.length === 4) return bytes.join('.');
  // ::ffff:127.0.0.1 is an address of IPv4.
  if (bytes.subarray(0, 12).toString('hex') === '00000000000000000000ffff') return bytes.subarray(12).join('.');
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  const host = `[${groups.join(':')}]`;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.slice(1, -1) : hex;
}

/** `lsof -Fn`: lines `nADDRESS:PORT`. */
export function parseLsof(stdout: string): Listener[] {
  return [...stdout.matchAll(/^n(.*):(\d+)$/gm)].map(([, address = '', port]) => ({ address: address.replace(/^\[|\]$/g, ''), port: Number(port) }));
}

/** Lines `ADDRESS PORT`. */
export function parseListeners(stdout: string): Listener[] {
  return [...stdout.matchAll(/^\s*(\S+) (\d+)\s*$/gm)].map(([, address = '', port]) => ({ address, port: Number(port) }));
}

/** `lsof -Fn` of connections, `nADDRESS:PORT->ADDRESS:PORT`: how many have the port at their own end. */
export function parseLsofConnections(stdout: string, port: number): number {
  return [...stdout.matchAll(/^n\S*?:(\d+)->/gm)].filter((match) => Number(match[1]) === port).length;
}

/** `lsof -Fpn`: a line `pPID`, then a line `nADDRESS:PORT` for each of its sockets. */
export function parseLsofOwners(stdout: string): { readonly address: string; readonly pid: number }[] {
  const owners: { readonly address: string; readonly pid: number }[] = [];
  let pid = 0;
  for (const line of stdout.split('\n')) {
    if (/^p\d+$/.test(line)) pid = Number(line.slice(1));
    else owners.push(...parseLsof(line).map(({ address }) => ({ address, pid })));
  }
  return owners;
}

/** One number a line. */
export function parsePortLines(stdout: string): number[] {
  return [...stdout.matchAll(/^\s*(\d+)\s*$/gm)].map((match) => Number(match[1]));
}
