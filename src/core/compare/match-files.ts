import type { FunctionIdentity } from './compared-side';

/** Files that were renamed between the two versions: by the name before, the name after. */
export type Renames = ReadonlyMap<string, string>;

/** What a file of the side before is called on the side after. */
export type FileMatch = (file: string) => string;

/**
 * Names files of the side before as the side after has them: by renames that are told; by
 * the packages that they lie in, whose folders differ by version and by package manager; and, where
 * the two were recorded in different folders, by the folders that most files differ by.
 *
 *   before  /old/checkout/src/a.js  /old/checkout/src/b.js
 *   after   /new/src/a.js           /new/src/b.js             /old/checkout/ is /new/
 */
export function matchFiles(before: readonly FunctionIdentity[], after: readonly FunctionIdentity[], renames: Renames): FileMatch {
  const filesBefore = new Set(before.map(({ file }) => inPackage(file)));
  const filesAfter = new Set(after.map(({ file }) => inPackage(file)));
  const folders = otherFolders(
    [...filesBefore].filter((file) => !filesAfter.has(file) && !renames.has(file)),
    [...filesAfter].filter((file) => !filesBefore.has(file)),
  );
  const known = new Map<string, string>();
  return (file) => {
    let found = known.get(file);
    if (found === undefined) {
      const own = inPackage(file);
      found = renames.get(file) ?? renames.get(own) ?? own;
      if (found === own && !filesAfter.has(own) && folders && own.startsWith(folders.before)) {
        const moved = folders.after + own.slice(folders.before.length);
        found = filesAfter.has(moved) ? moved : (renames.get(moved) ?? own);
      }
      known.set(file, found);
    }
    return found;
  };
}

/** A file of a package is known by its path in the last `node_modules`: what is around it is the package manager's. */
export function inPackage(file: string): string {
  const at = Math.max(file.lastIndexOf('/node_modules/'), file.lastIndexOf('\\node_modules\\'));
  return at < 0 ? file.replaceAll('\\', '/') : file.slice(at + 1).replaceAll('\\', '/');
}

/** More files that have no partner say nothing more. */
const MOST_VOTES = 2000;

/** The pair of folders that most files without a partner differ by; undefined where no two say the same, unless there is one file alone. */
function otherFolders(before: readonly string[], after: readonly string[]): { readonly before: string; readonly after: string } | undefined {
  const byName = new Map<string, string[]>();
  for (const file of after.slice(0, MOST_VOTES)) {
    const name = baseName(file);
    if (name === '') continue;
    const same = byName.get(name);
    if (same) same.push(file);
    else byName.set(name, [file]);
  }
  const votes = new Map<string, { count: number; before: string; after: string }>();
  let voters = 0;
  for (const file of before.slice(0, MOST_VOTES)) {
    const candidates = byName.get(baseName(file)) ?? [];
    if (candidates.length > 0) voters++;
    // Each pair of folders once: `index.js` stands in many.
    for (const other of candidates.slice(0, 50)) {
      const end = commonEnd(file, other);
      const pair = { before: file.slice(0, file.length - end), after: other.slice(0, other.length - end) };
      const key = `${pair.before}\0${pair.after}`;
      const vote = votes.get(key);
      if (vote) vote.count++;
      else votes.set(key, { count: 1, ...pair });
    }
  }
  const best = [...votes.values()].sort((a, b) => b.count - a.count)[0];
  return best && best.count * 2 > voters ? best : undefined;
}

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** How many characters two paths share at their end, in whole segments. */
function commonEnd(a: string, b: string): number {
  let length = 0;
  let whole = 0;
  while (length < a.length && length < b.length && a[a.length - 1 - length] === b[b.length - 1 - length]) {
    length++;
    if (a[a.length - length] === '/') whole = length - 1;
  }
  const isBoth = length === a.length || length === b.length;
  const next = length === a.length ? b[b.length - 1 - length] : a[a.length - 1 - length];
  return isBoth && (next === undefined || next === '/') ? length : whole;
}
