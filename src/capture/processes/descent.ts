import { keyOf, type ProcessIdentity, type ProcessRow } from './process-row';

/**
 * The parent of each process, where it can be one: it has not started after its child.
 * A listing is not taken at one moment, and on Windows the number of a parent that has
 * ended is another process's soon.
 */
export function parentsOf(rows: readonly ProcessRow[]): Map<ProcessRow, ProcessRow> {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const parents = new Map<ProcessRow, ProcessRow>();
  for (const row of rows) {
    const parent = byPid.get(row.ppid);
    if (parent && parent !== row && parent.order <= row.order) parents.set(row, parent);
  }
  return parents;
}

/** `roots` that are in the listing and everything below them, parents first. */
export function descendants(rows: readonly ProcessRow[], roots: readonly ProcessIdentity[], parents = parentsOf(rows)): ProcessRow[] {
  const children = new Map<ProcessRow, ProcessRow[]>();
  for (const [child, parent] of parents) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(child);
    else children.set(parent, [child]);
  }
  const wanted = new Set(roots.map(keyOf));
  const found = new Set(rows.filter((row) => wanted.has(keyOf(row))));
  for (const row of found) for (const child of children.get(row) ?? []) found.add(child);
  return [...found];
}

/** A process and all above it; what must never be ended by it. */
export function selfAndAncestors(rows: readonly ProcessRow[], pid: number, ppid: number, parents = parentsOf(rows)): Set<number> {
  const above = new Set<ProcessRow>();
  for (let row = rows.find((one) => one.pid === pid); row && !above.has(row); row = parents.get(row)) above.add(row);
  return new Set([0, 1, pid, ppid, ...[...above].map((row) => row.pid)]);
}

/**
 * What was started by a process that has ended, on a system that gives children no new parent
 * (Windows): they carry its number, and started while it lived. Times are of Date.
 */
export function orphansOf(rows: readonly ProcessRow[], dead: ProcessIdentity, startedAt: number, endedAt: number): ProcessRow[] {
  const successor = rows.find((row) => row.pid === dead.pid);
  if (successor && successor.started === dead.started) return [];
  return rows.filter((row) => row.ppid === dead.pid && row.order >= startedAt && row.order <= endedAt && !(successor && successor.order <= row.order));
}
