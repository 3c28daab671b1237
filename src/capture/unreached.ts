import path from 'node:path';
import type { MissedProcess } from './captured';
import { readProcess } from './processes/identity';
import { isNodeCommand } from './processes/node-command';
import type { TreeWatcher } from './processes/tree-watcher';
import { announcedProcesses } from './session-results';

/**
 * Node.js processes that run below the launched one and have not announced themselves:
 * somebody took the hook out of their environment. Of what has ended already nothing is known.
 */
export async function unreachedProcesses(watcher: TreeWatcher | undefined, folder: string): Promise<MissedProcess[]> {
  if (!watcher) return [];
  await watcher.look();
  const announced = new Set(announcedProcesses(folder).map(({ pid }) => pid));
  const missed: MissedProcess[] = [];
  for (const row of watcher.seen()) {
    if (announced.has(row.pid) || row.isZombie) continue;
    const { command = '' } = (await readProcess(row.pid)) ?? {};
    if (!isNodeCommand(command)) continue;
    const argv = command.split(' ');
    missed.push({ pid: row.pid, argv: [path.basename(argv[0] ?? 'node'), ...argv.slice(1)], reason: 'not-reached' });
  }
  return missed;
}
