import fs from 'node:fs';
import path from 'node:path';

const EXTENSIONS = ['', '.js', '.mjs', '.cjs', '.jsx', '.json', '.ts', '.mts', '.tsx'];

function isFile(file) {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The file that a relative import means, as bundlers look for it. */
export function resolveImport(request, folder) {
  const base = path.resolve(folder, request);
  for (const extension of EXTENSIONS) if (isFile(base + extension)) return base + extension;
  for (const extension of EXTENSIONS.slice(1)) {
    const index = path.join(base, `index${extension}`);
    if (isFile(index)) return index;
  }
  return undefined;
}
