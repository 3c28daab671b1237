import crypto from 'node:crypto';
import dns from 'node:dns';
import fs from 'node:fs';
import zlib from 'node:zlib';
import type { BeginOptions, Operation, OperationLog } from './operations';
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
  const streams = watchStreams(put, log);
  for (const name of CALLED_BACK) put(fs, name, (original) => watchCallback(original, log, 'file', name, streams));
  for (const name of CRYPTO) put(crypto, name, (original) => watchCallback(original, log, 'crypto', name));
  const subtle = guarded(() => Object.getPrototypeOf(crypto.webcrypto.subtle) as object);
  if (subtle) for (const name of SUBTLE) put(subtle, name, (original) => watchPromise(original, log, 'crypto', () => `subtle.${name}`));
  watchNames(put, log);
  watchZlib(put, log);
}

/** What a stream reads of a file is asked for by Node.js itself: its place is that which made the stream. Gives the options of a call. */
function watchStreams(put: Put, log: OperationLog): () => BeginOptions {
  const madeAt = new WeakMap<object, NonNullable<ReturnType<OperationLog['frames']>>>();
  let current: ReturnType<OperationLog['frames']>;
  put(
    fs,
    'createReadStream',
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
  put(
    fs.ReadStream.prototype,
    '_read',
    (original) =>
      function (...args) {
        const before = current;
        current = madeAt.get(this as object);
        try {
          return Reflect.apply(original, this, args);
        } finally {
          current = before;
        }
      },
  );
  return () => (current ? { frames: current, name: 'read of a stream' } : {});
}

/** Lookups of the system run in a thread; the others ask over the network, by the module or by a resolver of the program. */
function watchNames(put: Put, log: OperationLog): void {
  const asked = ([name]: unknown[]): BeginOptions => ({ subject: typeof name === 'string' ? name.slice(0, 200) : undefined });
  const overNetwork = (args: unknown[]): BeginOptions => ({ ...asked(args), isPooled: false });
  for (const name of ['lookup', 'lookupService']) {
    put(dns, name, (original) => watchCallback(original, log, 'dns', name, asked));
    put(dns.promises, name, (original) => watchPromise(original, log, 'dns', () => name, undefined, asked));
  }
  for (const name of RESOLVE) {
    for (const owner of [dns, dns.Resolver.prototype]) put(owner, name, (original) => watchCallback(original, log, 'dns', name, overNetwork));
    for (const owner of [dns.promises, dns.promises.Resolver.prototype])
      put(owner, name, (original) => watchPromise(original, log, 'dns', () => name, undefined, overNetwork));
  }
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
  // What is left is packed when all has come, with nobody on the stack: its place is that of the first part.
  const framesOf = (stream: object): ReturnType<OperationLog['frames']> => {
    const frames = madeAt.get(stream) ?? log.frames();
    if (frames) madeAt.set(stream, frames);
    return frames;
  };
  const base = ownerOf(zlib.Gzip?.prototype, '_transform');
  if (!base) return;
  put(
    base,
    '_transform',
    (original) =>
      function (...args) {
        const stream = this as ZlibStream;
        const done = args[2];
        const operation = typeof done === 'function' ? guarded(() => begin(log, stream, framesOf(stream))) : undefined;
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
