/**
 * Loaded into the process that reads and into each of its threads (`--import`): what a file must not
 * make Plateau do is refused and written to a log. Reading devices and pipes, touching another host's
 * path, writing outside of the case's folder, starting a process, opening a connection.
 */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.env.ATTACK_ROOT ?? '';
const log = path.join(root, 'guard.log');
const { openSync, writeSync, closeSync, statSync } = fs;
// For the suite itself.
Object.assign(globalThis, { unguarded: { ...childProcess } });

type Call = (...args: unknown[]) => unknown;
type Methods = Record<string, Call>;

function refuse(sentence: string): Error {
  const at = new Error().stack?.split('\n').slice(3, 12).join('\n') ?? '';
  const handle = openSync(log, 'a');
  writeSync(handle, `${JSON.stringify(`${sentence}\n${at}`)}\n`);
  closeSync(handle);
  return Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
}

function pathOf(value: unknown): string | undefined {
  if (value instanceof URL) return fileURLToPath(value);
  return typeof value === 'string' || value instanceof Uint8Array ? value.toString() : undefined;
}

function isSpecial(file: string): boolean {
  if (/^\/proc\/self\/(?:mem|environ)$/.test(file)) return true;
  if (!file.startsWith('/dev/') && !file.endsWith('/pipe')) return false;
  if (file === '/dev/null' || file === '/dev/urandom') return false;
  try {
    const found = statSync(file);
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}
const isInside = (file: string): boolean => file === root || file.startsWith(root + path.sep) || file === '/dev/null' || /^\/proc\/\w+\/clear_refs$/.test(file);

/** What is wrong with a call of the file system, if anything is. */
function wrongPath(name: string, given: unknown, isReading: boolean, isWriting: boolean): string | undefined {
  const text = pathOf(given);
  if (text === undefined) return undefined;
  // Elsewhere two slashes are one.
  if (/^\\\\[^\\/?.]/.test(text) || (process.platform === 'win32' && /^\/\/[^\\/?.]/.test(text))) return `a path on another host is touched: ${name} ${text}`;
  const file = path.resolve(text);
  // Where a system mounts another machine when it is touched; the folder of all of them is of this one.
  if ((process.platform === 'darwin' ? /^\/(?:net|afs|network)\/[^/]/i : /^\/(?:net|afs)\/[^/]/).test(file))
    return `a path on another host is touched: ${name} ${text}`;
  if (isReading && isSpecial(file)) return `a device or a pipe is read: ${name} ${text}`;
  if (isWriting && !isInside(file)) return `something is written outside: ${name} ${text}`;
  return undefined;
}

const reads = ['open', 'readFile', 'createReadStream', 'copyFile', 'cp'];
const writes = ['writeFile', 'appendFile', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'unlink', 'truncate', 'chmod', 'chown', 'utimes', 'createWriteStream'];
const both = ['rename', 'link', 'symlink', 'copyFile', 'cp'];
const touches = ['stat', 'lstat', 'access', 'exists', 'realpath', 'readdir', 'opendir', 'readlink'];
const opensToWrite = (flags: unknown): boolean => (typeof flags === 'string' ? /[wa+]/.test(flags) : typeof flags === 'number' && (flags & 3) !== 0);

function watch(methods: Methods, name: string, isPromise: boolean): void {
  const original = methods[name];
  if (typeof original !== 'function') return;
  const plain = name.replace(/Sync$/, '');
  const watched = function (this: unknown, ...args: unknown[]): unknown {
    const isWriting = writes.includes(plain) || both.includes(plain) || (plain === 'open' && opensToWrite(args[1]));
    const wrong =
      wrongPath(name, args[0], reads.includes(plain), isWriting && plain !== 'copyFile' && plain !== 'symlink') ??
      (both.includes(plain) ? wrongPath(name, args[1], false, true) : undefined);
    if (wrong === undefined) return original.apply(this, args);
    const error = refuse(wrong);
    const last = args.at(-1);
    if (isPromise) return Promise.reject(error);
    if (typeof last === 'function' && !name.endsWith('Sync')) return last(error);
    throw error;
  };
  // `realpathSync.native` and its like.
  methods[name] = Object.assign(watched, original);
}

for (const plain of new Set([...reads, ...writes, ...both, ...touches])) {
  watch(fs as unknown as Methods, plain, false);
  watch(fs as unknown as Methods, `${plain}Sync`, false);
  watch(fs.promises as unknown as Methods, plain, true);
}
function forbid(methods: object, names: readonly string[], what: string): void {
  for (const name of names)
    (methods as Methods)[name] = (...args) => {
      throw refuse(`${what}: ${name} ${String(args[0]).slice(0, 200)}`);
    };
}
forbid(childProcess, ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'], 'a process is started');
forbid(net.Socket.prototype, ['connect'], 'a connection is opened');
forbid(dgram.Socket.prototype, ['send', 'bind'], 'a datagram is sent');
forbid(dns, ['lookup', 'resolve'], 'a name is looked up');
syncBuiltinESMExports();
