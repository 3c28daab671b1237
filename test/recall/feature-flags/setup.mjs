import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PARTS = ['cart', 'search', 'profile', 'wishlist', 'reviews', 'delivery', 'returns', 'gifts'];

/** Writes the file of flags, as the product team keeps it. */
export function writeFlags() {
  const lines = ['# managed by the product team', 'flags:'];
  for (let i = 0; i < 72; i++) {
    lines.push(`  ${PARTS[i % 8]}-${i}:`, `    enabled: ${i % 5 !== 0}`, `    owner: team-${i % 6}`, `    percent: ${(i * 13) % 101}`);
    if (i % 4 === 0) lines.push('    countries: [DE, AT, CH, NL]');
    lines.push(`    note: "added in release ${i}, to be removed when ${PARTS[(i + 3) % 8]} is done"`);
  }
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'flags-')), 'flags.yaml');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

export const PAGE_FLAGS = ['cart-0', 'search-1', 'profile-2', 'wishlist-11', 'reviews-12', 'delivery-13', 'gifts-7'];
