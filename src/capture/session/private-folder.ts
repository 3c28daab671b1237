import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { err, ok, type Result } from '../../shared/result';
import { fittingJson } from '../../shared/schemas/read-json';
import { namesFolder } from '../processes/carries-session';
import { identify, listProcesses } from '../processes/identity';
import { environmentsOfMac } from '../processes/mac';
import type { ProcessIdentity } from '../processes/process-row';
import type { CaptureIssue } from '../records/capture-issue';
import { ownerSchema } from '../records/session-schemas';
import { removeFolder } from './remove-folder';

/** What stands in a folder's `owner.json`; without `started` where that was not known yet. */
export interface FolderOwner extends ProcessIdentity {
  readonly host: string;
}

const OWNER = 'owner.json';
/** The path of a socket has at most 104 bytes (macOS); so many are left for the folder that all is in. */
const MOST_PATH = 80;

/** The system's folder for temporary files; where its path is too long for a socket, the one that every POSIX system has. */
export function temporary(): string {
  const named = path.resolve(os.tmpdir());
  return process.platform !== 'win32' && Buffer.byteLength(named) > MOST_PATH ? '/tmp' : named;
}

/**
 * Folders in which what a program needs to start lies safer than in the one for temporary
 * files, which programs empty, and which sandboxes have of their own: those that only the
 * system or this user can change, or whose files at least nobody else can remove. Those
 * that all users may enter come first for root, whose programs may change to another user.
 */
export function safeParents(): string[] {
  const uid = process.getuid?.();
  if (uid === undefined) return [];
  const runtime = process.env.XDG_RUNTIME_DIR;
  return [...(uid === 0 ? ['/run'] : []), ...(runtime && uid !== 0 ? [runtime] : []), '/var/tmp'].filter((folder) => {
    try {
      const { uid: owner, mode } = fs.lstatSync(folder);
      const isSafe = (mode & fs.constants.S_IFMT) === fs.constants.S_IFDIR && (owner === 0 || owner === uid) && ((mode & 0o022) === 0 || (mode & 0o1000) !== 0);
      if (!isSafe || Buffer.byteLength(folder) > MOST_PATH) return false;
      fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Makes a folder that only this user may enter, in the system's folder for temporary files unless said, with
 * this process as its owner in `owner.json`. Whoever makes it removes it; `removeStale` does later
 * where that did not happen.
 */
export function privateFolder(prefix: string, parent = temporary()): Result<string, CaptureIssue> {
  let folder: string | undefined;
  try {
    // As Node.js will call it in a target, which follows links.
    folder = fs.realpathSync(fs.mkdtempSync(path.join(parent, prefix)));
    own(folder, { pid: process.pid, started: '' });
  } catch (error) {
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
    return err({ kind: 'no-temporary-folder', folder: parent, code: (error as NodeJS.ErrnoException).code ?? '' });
  }
  const made = folder;
  void identify(process.pid).then((identity) => {
    try {
      if (identity) own(made, identity);
    } catch {
      // It is removed already.
    }
  });
  return ok(made);
}

/** Another process reads the whole file or the one before. */
function own(folder: string, { pid, started }: ProcessIdentity): void {
  const owner: FolderOwner = { pid, started, host: os.hostname() };
  const part = path.join(folder, `${OWNER}.part`);
  fs.writeFileSync(part, JSON.stringify(owner), { mode: 0o600 });
  fs.renameSync(part, path.join(folder, OWNER));
}

/**
 * Removes the folders of `privateFolder` whose owner runs no more and which nothing that runs has
 * in its environment: what a recorder left that was killed. Only those of this user and this
 * machine; links are not followed. Takes no longer than `limitMs`. Gives what it removed.
 */
export async function removeStale(prefix = 'plateau-', limitMs = 1000, within = temporary()): Promise<readonly string[]> {
  const removed: string[] = [];
  const end = Date.now() + limitMs;
  const work = async (): Promise<void> => {
    const stale: string[] = [];
    const parent = fs.realpathSync(within);
    for (const name of await fs.promises.readdir(parent)) {
      if (Date.now() > end) return;
      if (name.startsWith(prefix) && (await isStale(path.join(parent, name)))) stale.push(path.join(parent, name));
    }
    if (stale.length === 0) return;
    const environments = await readEnvironments();
    for (const folder of stale) {
      if (Date.now() > end) return;
      if (environments.some((environment) => namesFolder(environment, folder))) continue;
      removeFolder(folder);
      removed.push(folder);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work().catch(() => {}), timeUp]); // what cannot be removed stays
  clearTimeout(timer);
  return removed;
}

const DAY_MS = 24 * 3600 * 1000;

async function isStale(folder: string): Promise<boolean> {
  try {
    const info = await fs.promises.lstat(folder);
    if (!info.isDirectory() || (process.getuid && info.uid !== process.getuid())) return false;
    const file = path.join(folder, OWNER);
    if (!(await fs.promises.lstat(file)).isFile()) return false;
    const owner = fittingJson(await fs.promises.readFile(file, 'utf8'), ownerSchema);
    if (owner?.host !== os.hostname()) return false;
    // Windows does not show environments, and what still runs may need what is in the folder.
    if (process.platform === 'win32' && Date.now() - info.mtimeMs < DAY_MS) return false;
    return hasEnded({ pid: owner.pid, started: owner.started });
  } catch {
    return false; // not one of ours, or removed meanwhile
  }
}

/** Where it cannot be told, it may still run. */
async function hasEnded(owner: ProcessIdentity): Promise<boolean> {
  const [now, self] = await Promise.all([identify(owner.pid), identify(process.pid)]);
  if (!self || (now && owner.started === '')) return false;
  if (now?.started === owner.started) return false;
  // Linux: TICKS/BOOT/NAMESPACE. The numbers of another container say nothing here.
  const [, boot, namespace] = owner.started.split('/');
  const [, ownBoot, ownNamespace] = self.started.split('/');
  return owner.started === '' || boot !== ownBoot || namespace === ownNamespace;
}

/** Those of the processes that may be seen; on macOS the lines of ps with them. */
async function readEnvironments(): Promise<string[]> {
  if (process.platform === 'linux') {
    return (await listProcesses({ commands: false })).flatMap(({ pid }) => {
      try {
        return [fs.readFileSync(`/proc/${pid}/environ`, 'utf8')];
      } catch {
        return []; // another user's
      }
    });
  }
  return process.platform === 'darwin' ? [await environmentsOfMac()] : [];
}
