import { descendants, parentsOf } from './descent';
import { keyOf, type ProcessIdentity, type ProcessRow } from './process-row';

export interface Membership {
  /** The launched process, and what is to be ended already. */
  readonly roots: readonly ProcessIdentity[];
  /** What was seen below the launched process before, or carries its session. */
  readonly known: readonly ProcessIdentity[];
  /** The process groups of the launched program. */
  readonly groups: ReadonlySet<number>;
  /** What is never touched: this process and those above it. */
  readonly never: ReadonlySet<number>;
}

export interface Sorted {
  /** Below the launched process, or left over from it; parents first. */
  readonly ours: readonly ProcessRow[];
  /** Daemons: they have left the tree for a process group of their own; and what is below them. */
  readonly daemons: readonly ProcessRow[];
}

/**
 * Sorts what belongs to a launched program by the topmost process that belongs:
 *
 *     launched ── a ── b             a, b: ours
 *     1 ── c (launched's group) ── d c, d: ours, stragglers
 *     1 ── e (a group of its own)    e: a daemon, as setsid and `detached` make them
 */
export function sortMembers(rows: readonly ProcessRow[], { roots, known, groups, never }: Membership): Sorted {
  const parents = parentsOf(rows);
  const allowed = (one: ProcessIdentity): boolean => !never.has(one.pid) && one.started !== '';
  const members = new Set(descendants(rows, [...roots, ...known].filter(allowed), parents).filter(allowed));
  const rooted = new Set(roots.map(keyOf));
  const isOurs = (row: ProcessRow): boolean => {
    let top = row;
    for (const seen = new Set([row]); !rooted.has(keyOf(top)); seen.add(top)) {
      const parent = parents.get(top);
      if (!parent || !members.has(parent) || seen.has(parent)) return top.group !== undefined && groups.has(top.group);
      top = parent;
    }
    return true;
  };
  const ours: ProcessRow[] = [];
  const daemons: ProcessRow[] = [];
  for (const row of members) if (!row.isZombie) (isOurs(row) ? ours : daemons).push(row);
  return { ours, daemons };
}
