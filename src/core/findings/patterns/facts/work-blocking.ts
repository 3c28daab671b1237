/** Calls of Node.js that do their work at once, on the main thread: packing, keys, files, processes. */
import type { CostlyWords } from './work-types';

const packedWords = (name: string, what: string): CostlyWords => ({
  deed: `${/^(?:gun|in|un|brotliD)/.test(name) ? 'unpacks' : 'packs'} \`${what}\` by itself (\`${name}\`)`,
  why: 'Each call sets up its own tables of some hundred KB, and nothing else runs meanwhile.',
  advice:
    'Pack many small pieces together, or write them into one stream (createGzip, with a flush where one must be sent at once), and keep what is asked for again. The asynchronous form works in other threads; a lower level takes a part of the time.',
  frames: ['zlibBufferSync', 'syncBufferWrapper', 'processChunkSync', 'ZlibBase', 'Zlib', 'Brotli', 'writeSync', 'init', name],
});
const keyWords = (name: string): CostlyWords => ({
  deed: `makes a key on the main thread (\`${name}\`)`,
  why: 'It is slow on purpose, and nothing else runs meanwhile.',
  advice: 'Use the asynchronous form, which works in other threads, and do it once for each secret: keep the key where it stays the same.',
  frames: [name, 'job', 'run'],
});

const READS = /^(?:readFileSync|readJsonSync|readdirSync|readlinkSync|opendirSync)$/;
const ASKS = /^(?:existsSync|statSync|lstatSync|accessSync|realpathSync)$/;
const ADDS = /^appendFileSync$/;
const WRITES = /^(?:writeFileSync|copyFileSync|writeJsonSync|renameSync|unlinkSync|rmSync|mkdirSync)$/;

/** What Node.js runs through for files, under whatever name it is called. */
const READ_FRAMES = ['openSync', 'open', 'readSync', 'read', 'tryReadSync', 'readFileUtf8', 'close', 'closeSync', 'toString', 'utf8Slice'];
const ASK_FRAMES = ['stat', 'tryStatSync', 'internalModuleStat', 'access'];
const WRITE_FRAMES = ['openSync', 'open', 'writeSync', 'writeString', 'writeBuffer', 'writeFileUtf8', 'close', 'closeSync'];

function fileWords(name: string, what: string): CostlyWords | undefined {
  const frames = [name, ...(READS.test(name) ? READ_FRAMES : ASKS.test(name) ? ASK_FRAMES : WRITE_FRAMES)];
  const why = 'Each call goes to the operating system several times, and nothing else runs meanwhile.';
  if (READS.test(name))
    return {
      deed: `reads \`${what}\` from the disk (\`${name}\`)`,
      why,
      advice:
        'Read it once, and keep what was read (in a Map by its path); where it may change, look at it again after some seconds or with fs.watch. In a server use the asynchronous form.',
      frames,
    };
  if (ASKS.test(name))
    return {
      deed: `asks the disk about \`${what}\` (\`${name}\`)`,
      why,
      advice:
        'Ask once and keep the answer (in a Map by the path), or read the folder once (readdirSync) and look in that; do not ask before an operation that tells by itself.',
      frames,
    };
  if (ADDS.test(name))
    return {
      deed: `opens, writes and closes \`${what}\` (\`${name}\`)`,
      why,
      advice: 'Keep the file open (openSync once and writeSync, or a stream), or gather many parts and write them at once.',
      frames,
    };
  if (!WRITES.test(name)) return undefined;
  return {
    deed: `changes files on the disk (\`${name}\`)`,
    why,
    advice: 'Do it once for many: gather what is to be written, and write it at the end or after some time.',
    frames,
  };
}

const processWords = (name: string, what: string): CostlyWords => ({
  deed: `starts a process and waits for it (\`${name}\` of \`${what}\`)`,
  why: 'A process takes some milliseconds to start at best, and nothing else runs meanwhile.',
  advice:
    'Start one for many (most programs take a list of files or read their input), keep what it gave, or use a package that does the same in this process; else the asynchronous form.',
  frames: [name, 'spawnSync', 'spawn'],
});

/** `what` is the text of the first argument. */
export function blockingWords(module: string, name: string, what: string): CostlyWords | undefined {
  const words = wordsOf(module, name, what);
  return words && { ...words, mayBeOnce: true };
}

function wordsOf(module: string, name: string, what: string): CostlyWords | undefined {
  if (module === 'zlib')
    return /^(?:gzip|gunzip|deflate|deflateRaw|inflate|inflateRaw|unzip|brotliCompress|brotliDecompress)Sync$/.test(name) ? packedWords(name, what) : undefined;
  if (module === 'crypto') return /^(?:pbkdf2|scrypt|hkdf)Sync$/.test(name) ? keyWords(name) : undefined;
  if (module === 'child_process') return /^(?:exec|execFile|spawn)Sync$/.test(name) ? processWords(name, what) : undefined;
  return module === 'fs' ? fileWords(name, what) : undefined;
}
