import { callLine } from './call-line';

/** What a text calls a package: `import moment from 'moment'`, `const _ = require('lodash')`, `import * as d3 from 'd3/array'`. */
export function localNames(text: string, pkg: string): string[] {
  const from = `['"]${pkg.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:/[^'"]*)?['"]`;
  const imports = new RegExp(`\\bimport\\s+(?:\\*\\s*as\\s+)?([\\w$]+)\\s*(?:,[^'"]{0,300})?\\bfrom\\s*${from}`, 'g');
  const requires = new RegExp(`\\b(?:const|let|var)\\s+([\\w$]+)\\s*=\\s*(?:await\\s+import|require)\\s*\\(\\s*${from}`, 'g');
  return [imports, requires].flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));
}

/** What a text takes from a package by name: `import { parse as read } from 'date-fns'`, `const { parse } = require('date-fns')`. */
function takenNames(text: string, pkg: string): string[] {
  const from = `['"]${pkg.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:/[^'"]*)?['"]`;
  const imports = new RegExp(`\\bimport\\s+(?:[\\w$]+\\s*,\\s*)?\\{([^{}]{1,1000})\\}\\s*from\\s*${from}`, 'g');
  const requires = new RegExp(`\\b(?:const|let|var)\\s+\\{([^{}]{1,1000})\\}\\s*=\\s*(?:await\\s+import|require)\\s*\\(\\s*${from}`, 'g');
  const lists = [imports, requires].flatMap((pattern) => [...text.matchAll(pattern)].map(([, list = '']) => list));
  return lists.flatMap((list) => list.split(',')).flatMap((one) => /([\w$]+)\s*$/.exec(one.replace(/\btype\s+/, ''))?.[1] ?? []);
}

/**
 * What a function calls a callee of a package, where that is not the name that V8 gives it: `moment`, whose
 * function is called `hooks`. Undefined where it calls it by its own name, or nothing of the package is seen.
 */
export function calledAs(
  text: string,
  file: string,
  place: { readonly line: number; readonly column: number },
  { callee, pkg }: { readonly callee: string; readonly pkg: string },
): string | undefined {
  if (pkg === '' || callLine(text, file, place, callee, (line) => -line) !== undefined) return undefined;
  const names = [...new Set([...localNames(text, pkg), ...takenNames(text, pkg)])].filter(
    (name) => callLine(text, file, place, name, (line) => -line) !== undefined,
  );
  return names.length > 1 ? pkg : names[0];
}

/** What a text names that it gets from calls of a package: `const $ = load(html)`, `const ajv = new Ajv()`. */
export function madeNames(text: string, pkg: string): string[] {
  const makers = [...localNames(text, pkg), ...takenNames(text, pkg)].map((name) => name.replace(/\$/g, '\\$'));
  if (makers.length === 0) return [];
  const made = new RegExp(`\\b(?:const|let|var)\\s+([\\w$]+)\\s*=\\s*(?:await\\s+|new\\s+)*(?:${makers.join('|')})(?:\\.[\\w$]+){0,4}\\s*\\(`, 'g');
  return [...text.matchAll(made)].map(([, name = '']) => name);
}

/** The line on which a function calls something of a package: by the callee's own name, else by what the text calls the package, or what it made with it. As `callLine`; the first of several that cost the same. */
export function lineOfPackageCall(
  text: string,
  file: string,
  place: { readonly line: number; readonly column: number },
  { callee, pkg, costOf }: { readonly callee: string; readonly pkg: string; readonly costOf: (line: number) => number },
): number | undefined {
  const found = callLine(text, file, place, callee, costOf);
  if (found !== undefined || pkg === '') return found;
  for (const name of [...localNames(text, pkg), ...madeNames(text, pkg)]) {
    const line = callLine(text, file, place, name, (at) => costOf(at) - at * 1e-6);
    if (line !== undefined) return line;
  }
  return undefined;
}

/** Whether a function is what a sort compares by: its name is handed to `sort`, or it stands in the call. Lines of the text are 1-based. */
export function isComparator(text: string, name: string, line: number): boolean {
  const head = text.split('\n', line)[line - 1] ?? '';
  if (/\.(?:sort|toSorted)\(\s*(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)/.test(head)) return true;
  return /^[\w$]+$/.test(name) && new RegExp(`\\.(?:sort|toSorted)\\(\\s*(?:this\\.)?${name.replace(/\$/g, '\\$')}\\b`).test(text);
}
