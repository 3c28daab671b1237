import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function createAssets(root, count) {
  const kinds = ['css', 'js', 'svg', 'html'];
  for (const kind of kinds) mkdirSync(join(root, kind), { recursive: true });
  for (let i = 0; i < count; i++) {
    const kind = kinds[i % kinds.length];
    const body = `/* ${kind} ${i % 600} */\n`.repeat(40 + (i % 60));
    writeFileSync(join(root, kind, `asset-${i}.${kind}`), body);
  }
}
