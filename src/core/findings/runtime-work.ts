import type { FindingLevel } from '../../shared/reported-finding';
import { Category } from '../profile/categories';

/** One kind of work that the runtime does for a program: how it is recognised, and what to do instead. */
export interface WorkKind {
  readonly rule: string;
  readonly title: string;
  /** What takes the time, as the subject of a sentence, and whether it is a plural. */
  readonly what: string;
  readonly isPlural: boolean;
  readonly advice: string;
  /** Frames that are this work by themselves. */
  isFrame(frame: WorkFrame): boolean;
  /** Whether Node.js' own and native frames below count too. User's and dependencies' code never does. */
  readonly withCallees: boolean;
  /** A call of it in a line of source: V8 gives built-in functions no frame of their own, so the time is the caller's. */
  readonly inSource?: RegExp;
  /** No louder than this, whatever the share. */
  readonly loudest?: FindingLevel;
  /** Microseconds below which it is not worth a word: every program has some of it. */
  readonly least: number;
}

export interface WorkFrame {
  readonly name: string;
  readonly url: string;
  readonly category: number;
  /** The category of the frame that calls it. */
  readonly caller: number;
}

/** Node.js' own modules, which it compiles when they are first needed: work that no program can change. */
export const isLazyModule = (url: string): boolean => url === 'node:internal/bootstrap/realm';

/** Of cryptography that works in other threads, what the main thread does to ask for it: where it waits for them, the names end in `Sync`. */
export const asksPool = (name: string, url: string): boolean =>
  /^node:internal\/crypto\/(?:pbkdf2|scrypt|hkdf|keygen|webcrypto)$/.test(url) && !/Sync$/.test(name);

const byUser = (caller: number): boolean => caller === Category.User || caller === Category.Dependency;
const named = (url: RegExp, name: RegExp) => (frame: WorkFrame) => url.test(frame.url) && name.test(frame.name);
const native = (name: RegExp) => (frame: WorkFrame) => frame.category === Category.Native && frame.url === '' && byUser(frame.caller) && name.test(frame.name);

/** The first kind that fits a frame is its kind. */
export const workKinds: readonly WorkKind[] = [
  {
    rule: 'json',
    title: 'JSON',
    what: 'Lines that parse or write JSON',
    isPlural: true,
    advice: 'Send and parse less: pick the fields that are needed, keep what was parsed, write large data in pieces, and copy objects another way.',
    isFrame: native(/^(?:JSON\.)?(?:parse|stringify)$/),
    withCallees: false,
    inSource: /\bJSON\s*\??\.\s*(?:parse|stringify)\b/,
    least: 20_000,
  },
  {
    rule: 'structured-clone',
    title: 'Copies by structuredClone',
    what: 'Lines that call structuredClone',
    isPlural: true,
    advice: 'Copy only what changes (a spread of one level), pass values that are never changed, or hand buffers on with transfer.',
    isFrame: ({ name, category }) => name === 'structuredClone' && (category === Category.Native || category === Category.Node),
    withCallees: true,
    inSource: /\bstructuredClone\s*\(/,
    least: 20_000,
  },
  {
    rule: 'console',
    title: 'Console output',
    what: 'Writing to the console',
    isPlural: false,
    advice:
      'Write less: leave it out where much is done, log only at the level that is asked for, and collect lines for one write. Output to a file or terminal holds the program up.',
    isFrame: ({ name, url, category }) =>
      (name === 'consoleCall' && category === Category.Native) ||
      url === 'node:internal/console/constructor' ||
      url === 'node:internal/fs/sync_write_stream' ||
      url === 'node:tty',
    withCallees: true,
    least: 20_000,
  },
  {
    rule: 'sync-fs',
    title: 'Synchronous file access',
    what: 'Synchronous file access',
    isPlural: false,
    advice: 'Nothing else runs meanwhile: use fs/promises, read several files at once, keep what was read, and ask less often whether a file is there.',
    isFrame: named(/^node:(?:internal\/)?fs(?:$|\/)/, /Sync$/),
    withCallees: true,
    least: 20_000,
  },
  {
    rule: 'sync-child-process',
    title: 'Waiting for child processes',
    what: 'Starting child processes and waiting for them',
    isPlural: false,
    advice: 'Use spawn or execFile without Sync and run several at once, or do the work in this process instead of starting a program for it.',
    isFrame: named(/^node:(?:internal\/)?child_process$/, /Sync$/),
    withCallees: true,
    least: 20_000,
  },
  {
    rule: 'crypto',
    title: 'Cryptography on the main thread',
    what: 'Cryptography',
    isPlural: false,
    advice:
      'Use the forms with a callback or promise (pbkdf2, scrypt, generateKeyPair), which work in other threads; hash large data in a worker, or less of it.',
    isFrame: ({ url }) => url === 'node:crypto' || url.startsWith('node:internal/crypto/'),
    withCallees: true,
    least: 20_000,
  },
  {
    rule: 'sync-zlib',
    title: 'Synchronous compression',
    what: 'Synchronous compression',
    isPlural: false,
    advice:
      'Use the forms with a callback, or a stream, which work in other threads; a lower level is often enough, and what does not change can be kept packed.',
    isFrame: named(/^node:zlib$/, /sync/i),
    withCallees: true,
    least: 20_000,
  },
  {
    rule: 'module-loading',
    title: 'Loading modules',
    what: 'Finding, reading and compiling modules',
    isPlural: false,
    advice:
      'Load what is rarely needed only when it is (import() or require in the function), bundle what is always needed, and use module.enableCompileCache() from Node.js 22 on.',
    isFrame: ({ url }) =>
      url.startsWith('node:internal/modules/') || url.startsWith('node:internal/deps/cjs-module-lexer/') || url === 'node:internal/process/esm_loader',
    withCallees: true,
    loudest: 'warning',
    least: 150_000,
  },
  {
    rule: 'microtasks',
    title: 'Promises and microtasks',
    what: 'Keeping promises, microtasks and async contexts going',
    isPlural: false,
    advice: 'Await once for many items instead of once for each, do not make functions async that never wait, and work in batches.',
    isFrame: ({ name, url, category }) =>
      url === 'node:internal/process/task_queues' ||
      url === 'node:internal/process/promises' ||
      url === 'node:internal/async_hooks' ||
      url === 'node:async_hooks' ||
      url.startsWith('node:internal/async_local_storage/') ||
      (name === 'runMicrotasks' && category === Category.Native),
    withCallees: false,
    least: 20_000,
  },
  {
    rule: 'timers',
    title: 'Timers',
    what: 'Setting, ordering and clearing timers',
    isPlural: false,
    advice: 'Keep one timer for many things and look at the clock when it fires; for work in pieces, do more in each piece.',
    isFrame: ({ url }) => url === 'node:timers' || url === 'node:internal/timers' || url === 'node:internal/priority_queue' || url === 'node:timers/promises',
    withCallees: true,
    least: 20_000,
  },
];
