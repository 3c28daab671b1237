// Reads a list of torrents that another process has written in bencode.
import { decode, type Value } from './decode';
import { ByteSource } from './source';

interface Torrent {
  name: string;
  length: number;
  files: { path: string; length: number }[];
}

function encode(value: Value): string {
  if (typeof value === 'number') return `i${value}e`;
  if (typeof value === 'string') return `${Buffer.byteLength(value)}:${value}`;
  if (Array.isArray(value)) return `l${value.map(encode).join('')}e`;
  const keys = Object.keys(value).sort();
  return `d${keys.map((key) => encode(key) + encode(value[key])).join('')}e`;
}

function sample(count: number): Value[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `Música ${i}`,
    length: (i * 7919) % 900_000,
    files: Array.from({ length: 3 + (i % 5) }, (_, file) => ({ path: `disc ${file}/track-${i}-${file}.flac`, length: (i * file * 31) % 40_000 })),
  }));
}

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

function largest(torrents: Torrent[], count: number): Torrent[] {
  return torrents.toSorted((a, b) => b.length - a.length).slice(0, count);
}

const bytes = new TextEncoder().encode(encode(sample(800)));
const source = new ByteSource();
for (const chunk of chunksOf(bytes, 65_536)) source.push(chunk);
const torrents = decode(source) as unknown as Torrent[];
const files = torrents.reduce((sum, one) => sum + one.files.length, 0);
console.log(`${torrents.length} torrents, ${files} files from ${bytes.length} bytes, ${source.available} left over`);
for (const { name, length } of largest(torrents, 3)) console.log(name, length);
