/** Where a text loads what: read with patterns, for a text need not be whole or of a known language. Only literal names count. */

const LOADS = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;

/** What a text loads, with the 1-based lines on which it stands. Comments are passed over where they begin a line. */
export function loadsOf(text: string): { readonly name: string; readonly line: number }[] {
  return text.split('\n').flatMap((one, at) => {
    if (/^\s*(?:\/\/|\/?\*)/.test(one)) return [];
    return [...one.matchAll(LOADS)].map(([, , name = '']) => ({ name, line: at + 1 }));
  });
}

/** The line on which a text loads a package, or a file of it; undefined where it does not. */
export function lineThatLoads(text: string, pkg: string): number | undefined {
  return loadsOf(text).find(({ name }) => name === pkg || name.startsWith(`${pkg}/`))?.line;
}
