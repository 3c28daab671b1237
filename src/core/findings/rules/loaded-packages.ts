import { formatShare, formatTime, printable, shorten } from '../../../shared/format';
import { Category } from '../../profile/categories';
import type { ProfileTables } from '../../profile/tables';

/** What the code of a package, with all that it loads in turn, runs for while it is loaded. In the profile's unit. */
export interface LoadedPackage {
  readonly name: string;
  readonly cost: number;
}

/**
 * Packages by what loading them costs beside finding, reading and compiling: a module's own code, which V8 gives a frame at
 * the beginning of its file, and what is below it. What a package requires counts for it; what it imports, for itself.
 * `isFinding` tells the nodes that are finding, reading and compiling. O(nodes).
 *
 *   (root) ─ mathjs/index.js:1 ─ create ─ typed          mathjs: all three
 */
export function loadedPackages({ nodes, functions, strings }: ProfileTables, isFinding: (node: number) => boolean): LoadedPackage[] {
  const names: string[] = [];
  const rows = new Map<string, number>();
  /** Of the package that a node is loaded for, its row and 1 more. */
  const loadedFor = new Uint32Array(nodes.length);
  const costs: number[] = [];
  for (let node = 1; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const category = functions.category[func] as number;
    const isModule = functions.line[func] === 0 && functions.column[func] === 0;
    // A function of the program that a package calls back is no loading.
    if (category === Category.User && !isModule) continue;
    let row = loadedFor[nodes.parent[node] as number] as number;
    if (row === 0 && category === Category.Dependency && isModule) {
      const name = strings.at(functions.package[func] as number);
      row = rows.get(name) ?? names.push(name);
      rows.set(name, row);
    }
    loadedFor[node] = row;
    if (row > 0 && !isFinding(node)) costs[row - 1] = (costs[row - 1] ?? 0) + (nodes.self[node] as number);
  }
  return names.map((name, row) => ({ name, cost: costs[row] ?? 0 })).sort((a, b) => b.cost - a.cost);
}

/** Microseconds from which a package is worth its name. */
const LEAST = 50_000;
const MOST = 4;

/** The packages that matter for how long loading takes; none of profiles that count something else than time. */
export const costlyPackages = (tables: ProfileTables, isFinding: (node: number) => boolean): LoadedPackage[] =>
  tables.unit === 'microseconds'
    ? loadedPackages(tables, isFinding)
        .filter(({ name, cost }) => name !== '' && cost >= LEAST)
        .slice(0, MOST)
    : [];

/** ` The code of packages runs for another 40.1 % while it is loaded: mathjs 902 ms, prettier 102 ms.` */
export function loadedText(packages: readonly LoadedPackage[], active: number): string {
  if (packages.length === 0) return '';
  const all = packages.reduce((sum, { cost }) => sum + cost, 0);
  const list = packages.map(({ name, cost }) => `${shorten(printable(name), 60)} ${formatTime(cost)}`).join(', ');
  return ` The code of packages runs for another ${formatShare(all / active)} while it is loaded: ${list}.`;
}
