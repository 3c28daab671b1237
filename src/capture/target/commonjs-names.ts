import fs from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { LoadSource } from './load';
import { hasNodeInterop } from './module-format';
import { resolveImport } from './resolve';
import { needsTranspiling } from './transpile';

/**
 * An ES module that stands for a CommonJS one that was TypeScript. Node.js finds out
 * which names a CommonJS module exports by reading its file, which says nothing while
 * it is TypeScript; and what is given as its source instead would run with a `require`
 * that has no cache (Node 20 to 24).
 *
 *     import { a } from './b.cts'   →   export of a   ←   Module._load('…/b.cts').a
 */
export function facadeOf(file: string, loadSource: LoadSource, ownUrl: string): string {
  const names = [...exportNames(file, loadSource)];
  return [
    `import Module from 'node:module';`,
    `const all = Module._load(${JSON.stringify(file)});`,
    `const get = (name) => { try { return all[name]; } catch {} };`,
    `const whole = ${hasNodeInterop(file) ? 'all' : 'all?.__esModule ? all.default : all'};`,
    names.map((name, i) => `const e${i} = get(${JSON.stringify(name)});`).join(' '),
    `export { whole as default${isNamedWhole ? ", all as 'module.exports'" : ''}${names.map((name, i) => `, e${i} as ${JSON.stringify(name)}`).join('')} };`,
    // Its frames are the loader's, not the file's.
    `//# sourceURL=${ownUrl}`,
  ].join('\n');
}

/** Since Node 23 what a CommonJS module exports as a whole has a name of its own too. */
const isNamedWhole = Number.parseInt(process.versions.node, 10) >= 23;

/** An ES module of a JSON file, for imports that do not say that it is one, as bundlers and TypeScript allow. */
export function jsonFacade(file: string): string {
  const text = fs.readFileSync(file, 'utf8');
  const value = parse(text, file);
  const names = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value).filter((name) => name !== 'default') : [];
  return [
    `const all = JSON.parse(${JSON.stringify(text)});`,
    names.map((name, i) => `const e${i} = all[${JSON.stringify(name)}];`).join(' '),
    `export { all as default${names.map((name, i) => `, e${i} as ${JSON.stringify(name)}`).join('')} };`,
    `//# sourceURL=${pathToFileURL(file).href}`,
  ].join('\n');
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${file}: ${(error as Error).message}`);
  }
}

/** The names that a CommonJS file exports as far as its text shows them, with those of what it exports again. */
function exportNames(file: string, loadSource: LoadSource, seen = new Set<string>()): Set<string> {
  const names = new Set<string>();
  if (seen.has(file)) return names;
  seen.add(file);
  let code: string;
  try {
    code = needsTranspiling(file) ? loadSource(file, 'commonjs').source : /\.[cm]?js$/i.test(file) ? fs.readFileSync(file, 'utf8') : '';
  } catch {
    return names; // the program meets the error itself
  }
  const { own, again } = namesOf(code);
  for (const name of own) names.add(name);
  for (const specifier of again) {
    const from = resolveImport(specifier, file) ?? resolveFrom(specifier, file);
    if (from) for (const name of exportNames(from, loadSource, seen)) names.add(name);
  }
  names.delete('default');
  names.delete('module.exports');
  return names;
}

function resolveFrom(specifier: string, file: string): string | undefined {
  try {
    return createRequire(file).resolve(specifier);
  } catch {
    return undefined;
  }
}

/** What a CommonJS text exports under its own names, and the modules whose names it exports too. */
export function namesOf(code: string): { readonly own: ReadonlySet<string>; readonly again: ReadonlySet<string> } {
  const own = new Set<string>();
  const again = new Set<string>();
  const all = (pattern: RegExp, into: Set<string>): void => {
    for (const match of code.matchAll(pattern)) into.add(match[1] ?? (match[2] as string));
  };
  all(/\bexports(?:\.([\w$]+)|\[["']([^"'\n]+)["']\])\s*=(?!=)/g, own);
  all(/\bObject\.defineProperty\(\s*(?:module\.)?exports\s*,\s*["']([^"'\n]+)["']/g, own);
  all(/\bmodule\.exports\s*=\s*require\(\s*["']([^"'\n]+)["']\s*\)/g, again);
  all(/\b__exportStar\(\s*require\(\s*["']([^"'\n]+)["']\s*\)/g, again);
  for (const match of code.matchAll(/\bmodule\.exports\s*=\s*\{/g)) {
    for (const property of propertiesOf(code, match.index + match[0].length)) {
      const [, spread] = /^\.\.\.\s*require\(\s*["']([^"'\n]+)["']\s*\)/.exec(property) ?? [];
      const [, plain, quoted] = /^(?:(?:async\s+|get\s+)?\*?\s*([\w$]+)|["']([^"'\n]+)["'])\s*(?:[:(]|$)/.exec(property) ?? [];
      if (spread) again.add(spread);
      else if (plain ?? quoted) own.add((plain ?? quoted) as string);
    }
  }
  return { own, again };
}

/** The properties of an object literal, as text; `at` is behind its brace. Strings are stepped over. */
function propertiesOf(code: string, at: number): string[] {
  const properties: string[] = [];
  let depth = 0;
  let start = at;
  for (let i = at; i < code.length; i++) {
    const char = code[i] as string;
    if (char === '"' || char === "'" || char === '`') {
      for (i++; i < code.length && code[i] !== char; i++) if (code[i] === '\\') i++;
    } else if ('([{'.includes(char)) depth++;
    else if (depth > 0 && ')]}'.includes(char)) depth--;
    else if (depth === 0 && (char === ',' || char === '}')) {
      properties.push(code.slice(start, i).trim());
      start = i + 1;
      if (char === '}') break;
    }
  }
  return properties;
}
