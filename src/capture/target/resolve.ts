import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPathsMatcher } from 'get-tsconfig';
import { tsconfigFor } from './transpile';

/**
 * The file that a TypeScript program means by an import that Node.js itself cannot
 * resolve: `./x.js` that is written `x.ts`, no extension, a folder's index, and
 * `paths` of the tsconfig. Undefined leaves the import to Node.js.
 */
export function resolveImport(specifier: string, parentFile: string | undefined): string | undefined {
  if (isBuiltin(specifier) || specifier.startsWith('#')) return undefined;
  const plain = specifier.replace(/[?#].*$/, '');
  if (plain.startsWith('file:')) return sourceFile(fileURLToPath(plain));
  if (/^[a-z][a-z0-9+.-]+:/i.test(plain) && !path.isAbsolute(plain)) return undefined;
  if (path.isAbsolute(plain)) return sourceFile(plain);
  if (!parentFile) return undefined;
  if (/^\.\.?(\/|$)/.test(plain)) return sourceFile(path.resolve(path.dirname(parentFile), plain));
  if (/[\\/]node_modules[\\/]/.test(parentFile)) return undefined;
  for (const candidate of matchPaths(plain, parentFile)) {
    const file = sourceFile(candidate) ?? (isFile(candidate) ? candidate : undefined);
    if (file) return file;
  }
  return undefined;
}

const matchers = new Map<string, (specifier: string) => string[]>();

function matchPaths(specifier: string, parentFile: string): string[] {
  const config = tsconfigFor(parentFile);
  if (!config) return [];
  let matcher = matchers.get(config.path);
  if (!matcher) {
    matcher = createPathsMatcher(config) ?? (() => []);
    matchers.set(config.path, matcher);
  }
  return matcher(specifier);
}

/** Undefined where the file is there as it is written: that is Node.js's own business. */
function sourceFile(file: string): string | undefined {
  if (isFile(file)) return /\.(tsx?|mts|cts|jsx)$/i.test(file) ? file : undefined;
  const extension = path.extname(file).toLowerCase();
  const bare = file.slice(0, file.length - extension.length);
  const twins: Record<string, readonly string[]> = { '.js': ['.ts', '.tsx', '.jsx'], '.jsx': ['.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'] };
  for (const twin of twins[extension] ?? []) if (isFile(bare + twin)) return bare + twin;
  const added = ['.ts', '.tsx', '.mts', '.cts', '.jsx', '.js', '.mjs', '.cjs', '.json'];
  for (const one of added) if (isFile(file + one)) return file + one;
  for (const one of added) if (isFile(path.join(file, `index${one}`))) return path.join(file, `index${one}`);
  return undefined;
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
