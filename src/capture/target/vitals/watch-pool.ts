import crypto from 'node:crypto';
import dns from 'node:dns';
import fs from 'node:fs';
import zlib from 'node:zlib';
import type { Operation, OperationLog } from './operations';
import { type AnyFunction, guarded, type Put } from './replace';
import { watchCallback, watchPromise } from './watch-calls';

const PROMISED = ['readFile', 'writeFile', 'appendFile', 'stat', 'lstat', 'access', 'readdir', 'mkdir', 'unlink', 'rename', 'copyFile', 'rm', 'open'];
/** Streams of files use `open`, `read` and `writev`. */
const CALLED_BACK = [...PROMISED, 'read', 'write', 'writev', 'fsync'];
const CRYPTO = [
  'pbkdf2',
  'scrypt',
  'hkdf',
  'argon2',
  'randomBytes',
  'randomFill',
  'generateKeyPair',
  'generateKey',
  'generatePrime',
  'checkPrime',
  'sign',
  'verify',
];
const SUBTLE = ['encrypt', 'decrypt', 'sign', 'verify', 'digest', 'generateKey', 'deriveKey', 'deriveBits', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey'];
const RESOLVE = ['resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCname', 'resolveMx', 'resolveNs', 'resolveSrv', 'resolveTxt', 'reverse'];

/** What runs in the threads of libuv: files, names of hosts, compression and cryptography. */
export function watchPool(put: Put, log: OperationLog): void {
  for (const name of PROMISED) put(fs.promises, name, (original) => watchPromise(original, log, 'file', () => name));
  for (const name of CALLED_BACK) put(fs, name, (original) => watchCallback(original, log, 'file', name));
  for (const name of CRYPTO) put(crypto, name, (original) => watchCallback(original, log, 'crypto', name));
  const subtle = guarded(() => Object.getPrototypeOf(crypto.webcrypto.subtle) as object);
  if (subtle) for (const name of SUBTLE) put(subtle, name, (original) => watchPromise(original, log, 'crypto', () => `subtle.${name}`));
  for (const name of ['lookup', 'lookupService']) {
    put(dns, name, (original) => watchCallback(original, log, 'dns', name));
    put(dns.promises, name, (original) => watchPromise(original, log, 'dns', () => name));
  }
  // These ask over the network, not in a thread.
  const isPooled = false;
  for (const name of RESOLVE) {
    put(dns, name, (original) => watchCallback(original, log, 'dns', name, { isPooled }));
    put(dns.promises, name, (original) => watchPromise(original, log, 'dns', () => name, undefined, { isPooled }));
  }
  watchZlib(put, log);
}

type ZlibStream = object & { readonly constructor?: { readonly name?: string } };
const CREATE = /^create(?=[A-Z])/;

/** Every part that goes through a stream, for the functions with a callback make a stream too; by the place that made it. */
function watchZlib(put: Put, log: OperationLog): void {
  const madeAt = new WeakMap<object, NonNullable<ReturnType<OperationLog['frames']>>>();
  for (const name of Object.keys(zlib).filter((one) => CREATE.test(one))) {
    put(
      zlib,
      name,
      (original) =>
        function (...args) {
          const made = Reflect.apply(original, this, args);
          guarded(() => {
            const frames = log.frames();
            if (frames) madeAt.set(made as object, frames);
          });
          return made;
        },
    );
  }
  const base = ownerOf(zlib.Gzip?.prototype, '_transform');
  if (!base) return;
  put(
    base,
    '_transform',
    (original) =>
      function (...args) {
        const stream = this as ZlibStream;
        const done = args[2];
        const operation = typeof done === 'function' ? guarded(() => begin(log, stream, madeAt.get(stream))) : undefined;
        if (!operation) return Reflect.apply(original, this, args);
        const callback = function (this: unknown, ...results: unknown[]): unknown {
          operation.end();
          return Reflect.apply(done as AnyFunction, this, results);
        };
        return Reflect.apply(original, this, [args[0], args[1], callback]);
      },
  );
}

function begin(log: OperationLog, stream: ZlibStream, frames: ReturnType<OperationLog['frames']>): Operation {
  const name = String(stream.constructor?.name ?? 'zlib');
  return log.begin('zlib', name, () => name, { frames });
}

/** The prototype that has a method itself. */
function ownerOf(from: object | undefined, name: string): object | undefined {
  for (let at = from; at; at = Object.getPrototypeOf(at) as object | undefined) if (Object.hasOwn(at, name)) return at;
  return undefined;
}
