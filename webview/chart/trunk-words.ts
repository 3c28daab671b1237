import { Category } from '../../src/core/profile/categories';
import type { ProfileTables } from '../../src/core/profile/tables';
import { plural, printable, shorten } from '../../src/shared/format';
import type { Trunk } from './trunks';

/** Sources that are named. */
const NAMED = 2;

/** `22 frames ▸ Node.js`: how many there are, and whose most of them are. */
export function trunkLabel(tables: ProfileTables, trunk: Trunk): string {
  return [`${plural(trunk.frames.length, 'frame')} ▸`, trunkSources(tables, trunk)].filter(Boolean).join(' ');
}

/** Whose frames they are, by falling number: `Node.js`, `express, router, …`. Empty where nothing tells. */
export function trunkSources({ functions, nodes, strings }: ProfileTables, { frames }: Trunk): string {
  const counts = new Map<string, number>();
  for (const node of frames) {
    const func = nodes.func[node] as number;
    const category = functions.category[func] as number;
    const source =
      category === Category.Dependency ? shorten(printable(strings.at(functions.package[func] as number)), 40) : category === Category.Node ? 'Node.js' : '';
    if (source !== '') counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return [...names.slice(0, NAMED), ...(names.length > NAMED ? ['…'] : [])].join(', ');
}
