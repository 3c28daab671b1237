import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFiles, checksum } from './files.mjs';
import { createAssets } from './assets.mjs';

const root = mkdtempSync(join(tmpdir(), 'assets-'));
createAssets(root, 700);

function buildManifest(dir) {
  const entries = {};
  let bytes = 0;
  for (const file of listFiles(dir)) {
    const sum = checksum(join(dir, file.path));
    entries[file.path] = { integrity: `sha256-${sum}`, size: file.size };
    bytes += file.size;
  }
  return { version: 2, bytes, entries };
}

function duplicates(manifest) {
  const bySum = new Map();
  for (const [path, { integrity }] of Object.entries(manifest.entries)) {
    if (!bySum.has(integrity)) bySum.set(integrity, []);
    bySum.get(integrity).push(path);
  }
  return [...bySum.values()].filter((paths) => paths.length > 1);
}

const manifest = buildManifest(root);
writeFileSync(join(root, 'manifest.json'), JSON.stringify(manifest, null, 1));
const same = duplicates(manifest);
console.log(`${Object.keys(manifest.entries).length} assets, ${manifest.bytes} bytes, ${same.length} groups of duplicates`);
rmSync(root, { recursive: true });
