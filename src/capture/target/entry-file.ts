import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * A file that stands for a program's own where Node.js would take that for CommonJS: it
 * ends in `.mjs`, and the hooks of imports put the program's own file in its place.
 */
const ending = '.entry.mjs';

/** Writes one into the session's folder, and gives its path. */
export function writeEntry(file: string, transpiled: string): string {
  const entry = path.join(transpiled, `${createHash('sha256').update(file).digest('hex').slice(0, 16)}${ending}`);
  fs.writeFileSync(entry, `import ${JSON.stringify(pathToFileURL(file).href)};\n`);
  return entry;
}

/** The address of the file that one stands for; undefined if the address is that of anything else. */
export function entryBehind(url: string): string | undefined {
  if (!url.startsWith('file:') || !url.endsWith(ending)) return undefined;
  try {
    return /^import ("file:[^\n]*");\n$/.exec(fs.readFileSync(fileURLToPath(url), 'utf8'))?.[1]?.slice(1, -1);
  } catch {
    return undefined;
  }
}
