import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { listProcesses } from '../processes/identity';
import { listNodeProcesses } from './attach-process';

const run = promisify(execFile);

/** A Node.js process that a user may want to attach to. */
export interface AttachableProcess {
  readonly pid: number;
  readonly command: string;
  /** The command of a package manager that started it: `npm run dev`. */
  readonly startedBy: string | undefined;
  /** Whether it runs in one of the folders, or a file of one. */
  readonly isOfWorkspace: boolean;
}

/** Programs of editors that are built on VS Code: their servers, and what their extensions run. */
const ofEditor =
  /[\\/](?:resources[\\/]app|lib[\\/]vscode|\.(?:vscode|cursor|windsurf|vscodium)(?:-\w+)*[\\/](?:bin|cli|extensions|server)|vscode-server[^\\/]*|code-server[\\/](?:out|lib))[\\/]|\bbootstrap-fork\b|--type=(?:extensionHost|ptyHost|fileWatcher)|[\\/]tsserver\.js|[\\/]typingsInstaller\.js/;

/** What package managers are called, by their own title or by their file. */
const manager = /^(?:npm|pnpm|yarn|npx|bun)\s|[\\/](?:npm-cli|npx-cli|pnpm|yarn)(?:\.c?js)?(?:\s|$)/;

/**
 * Node.js processes that a user may mean: those of the folders first, then newest first. Left out are `own` (with its
 * parents), VS Code's own, Plateau's (whatever runs from `bundle`), and package managers that only wait for what they started.
 */
export async function attachableProcesses(own: readonly number[], roots: readonly string[], bundle: string): Promise<AttachableProcess[]> {
  const [nodes, all] = await Promise.all([listNodeProcesses(own), listProcesses()]);
  const parents = new Map(all.map(({ pid, ppid, command }) => [pid, { ppid, command }]));
  const users = nodes.filter(({ command }) => !ofEditor.test(command) && !command.includes(`${bundle}${path.sep}`) && !manager.test(command));
  const folders = await workingFolders(users.map(({ pid }) => pid));
  return users
    .map(({ pid, command }) => ({ pid, command, startedBy: managerAbove(pid, parents), isOfWorkspace: isOf(roots, folders.get(pid), command) }))
    .sort((a, b) => Number(b.isOfWorkspace) - Number(a.isOfWorkspace) || b.pid - a.pid);
}

function isOf(roots: readonly string[], folder: string | undefined, command: string): boolean {
  return roots.some((root) => folder === root || (folder ?? '').startsWith(root + path.sep) || command.includes(root + path.sep));
}

/** As somebody would type it: `npm run dev`. */
function managerAbove(pid: number, parents: ReadonlyMap<number, { readonly ppid: number; readonly command: string }>): string | undefined {
  let at = parents.get(pid)?.ppid;
  for (let depth = 0; depth < 8 && at !== undefined && at > 1; depth++) {
    const one = parents.get(at);
    if (one && manager.test(one.command)) return managerCommand(one.command);
    at = one?.ppid;
  }
  return undefined;
}

/** `node /usr/lib/npm/bin/npm-cli.js run dev` is `npm run dev`. */
export function managerCommand(command: string): string {
  const found = /[\\/](npm|npx|pnpm|yarn)(?:-cli)?(?:\.c?js)?"?\s+(.*)$/.exec(command);
  return (found ? `${found[1]} ${found[2]}` : command).trim();
}

/** The working folders of processes, as far as the system tells them: not on Windows. */
async function workingFolders(pids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (pids.length === 0 || process.platform === 'win32') return new Map();
  if (process.platform === 'linux') {
    const found = pids.flatMap((pid): [number, string][] => {
      try {
        return [[pid, fs.readlinkSync(`/proc/${pid}/cwd`)]];
      } catch {
        return []; // it has ended
      }
    });
    return new Map(found);
  }
  const { stdout } = await run('lsof', ['-a', '-d', 'cwd', '-p', pids.join(','), '-Fpn'], { timeout: 5000 }).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }));
  return parseFolders(stdout);
}

/** `lsof -Fpn` of working folders: a line `pPID`, then `fcwd`, then `nFOLDER`. */
export function parseFolders(stdout: string): Map<number, string> {
  const found = new Map<number, string>();
  let pid = 0;
  for (const line of stdout.split('\n')) {
    if (/^p\d+$/.test(line)) pid = Number(line.slice(1));
    else if (line.startsWith('n') && pid > 0) found.set(pid, line.slice(1));
  }
  return found;
}
