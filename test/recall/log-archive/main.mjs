import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { logChunks } from './log-source.mjs';

const dir = await mkdtemp(join(tmpdir(), 'archive-'));

function masking() {
  let rest = '';
  const mask = (text) => text.replace(/\b(\d+\.\d+\.\d+)\.\d+\b/g, '$1.x');
  return new Transform({
    transform(chunk, _encoding, done) {
      const text = rest + chunk;
      const cut = text.lastIndexOf('\n') + 1;
      rest = text.slice(cut);
      done(null, mask(text.slice(0, cut)));
    },
    flush(done) {
      done(null, mask(rest));
    },
  });
}

async function writeDay(day) {
  const file = join(dir, `day-${day}.log`);
  await pipeline(Readable.from(logChunks(day, 220)), createWriteStream(file));
  return file;
}

async function archive(file) {
  await pipeline(createReadStream(file), masking(), createGzip({ level: 6 }), createWriteStream(`${file}.gz`));
  const [before, after] = await Promise.all([stat(file), stat(`${file}.gz`)]);
  await rm(file);
  return { before: before.size, after: after.size };
}

const sizes = [];
for (let day = 1; day <= 6; day += 2) {
  const files = await Promise.all([writeDay(day), writeDay(day + 1)]);
  sizes.push(...(await Promise.all(files.map(archive))));
}
const before = sizes.reduce((sum, s) => sum + s.before, 0);
const after = sizes.reduce((sum, s) => sum + s.after, 0);
console.log(`${sizes.length} logs archived, ${(after / before < 0.5 ? 'less' : 'more')} than half the size`);
await rm(dir, { recursive: true });
