// Packs a folder of files and writes a list of their digests.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

async function sampleFiles(folder, count) {
  await mkdir(folder);
  for (let i = 0; i < count; i++) {
    const words = [];
    let seed = i + 1;
    for (let k = 0; k < 90_000; k++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      words.push((seed >>> 10).toString(36));
    }
    await writeFile(path.join(folder, `file${i}.txt`), words.join(' '));
  }
}

async function backUp(from, to) {
  const hash = createHash('sha256');
  const source = createReadStream(from);
  source.on('data', (chunk) => hash.update(chunk));
  await pipeline(source, createGzip({ level: 6 }), createWriteStream(to));
  return hash.digest('hex');
}

const root = await mkdtemp(path.join(os.tmpdir(), 'backup-'));
const source = path.join(root, 'source');
const target = path.join(root, 'target');
await sampleFiles(source, 40);
await mkdir(target);
const digests = await Promise.all((await readdir(source)).map(async (name) => `${await backUp(path.join(source, name), path.join(target, `${name}.gz`))}  ${name}`));
await writeFile(path.join(target, 'SHA256SUMS'), `${digests.sort().join('\n')}\n`);
console.log(`${digests.length} files`);
await rm(root, { recursive: true });
