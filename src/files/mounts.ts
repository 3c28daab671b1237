/** Which file system a path is on, by its text: nothing of it is touched. */
import fs from 'node:fs';
import path from 'node:path';

export interface Mount {
  /** Where it is mounted. */
  readonly point: string;
  /** Of Linux, as `ext4`, `nfs4`, `fuse.sshfs`; empty elsewhere. */
  readonly type: string;
}

/** Of Linux: disks of this machine, and what the kernel makes up. Others wait for another machine or for a program. */
const OWN_TYPES =
  /^(?:ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|jfs|reiserfs|nilfs2|erofs|squashfs|iso9660|udf|u?msdos|vfat|exfat|ntfs3|hfs|hfsplus|tmpfs|ramfs|rootfs|devtmpfs|overlay|aufs|proc|sysfs|devpts|mqueue|hugetlbfs|cgroup2?|securityfs|debugfs|tracefs|configfs|pstore|bpf|efivarfs|binfmt_misc|fusectl|nsfs|selinuxfs)$/;

/** Of `/proc/self/mountinfo` (proc_pid_mountinfo(5)): the fifth field, with white space as `\040`, and the one behind ` - `; the longest first. */
export function mountsIn(text: string): Mount[] {
  const byPoint = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [about = '', rest = ''] = line.split(' - ');
    const point = about.split(' ')[4];
    if (point === undefined) continue;
    // What was mounted last on a folder is what is seen there.
    byPoint.set(unescaped(point), { point: unescaped(point), type: rest.split(' ')[0] ?? '' });
  }
  return [...byPoint.values()].sort((a, b) => b.point.length - a.point.length);
}

const unescaped = (point: string): string => point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Where macOS and Windows mount what is not their own: `/Volumes/NAME`, a drive, a share. */
export function namedMount(file: string, platform: NodeJS.Platform): string | undefined {
  // What is relative has none, and to normalize `../../../…` takes the square of its length.
  if (!(platform === 'win32' ? path.win32 : path.posix).isAbsolute(file)) return undefined;
  if (platform !== 'win32') return /^\/Volumes\/[^/]+/.exec(path.posix.normalize(file))?.[0];
  const { root } = path.win32.parse(path.win32.normalize(file));
  return root === '\\' || root === '' ? undefined : root;
}

/** The mount that a path lies in, of a list with the longest first. */
export function mountOf(file: string, mounts: readonly Mount[]): Mount | undefined {
  if (!file.startsWith('/')) return mounts.find(({ point }) => point === '/');
  const plain = path.posix.normalize(`${file}/`);
  return mounts.find(({ point }) => point === '/' || plain.startsWith(`${point}/`));
}

/** Mounts change seldom. */
const LOOK_MS = 1000;
let known: { readonly at: number; readonly mounts: readonly Mount[] } | undefined;

/** Those of this system, the longest first; another list at most once a second. Empty on other systems than Linux. */
export function mountsNow(): readonly Mount[] {
  const now = performance.now();
  if (known && now - known.at < LOOK_MS) return known.mounts;
  known = { at: now, mounts: process.platform === 'linux' ? mountsIn(readTable()) : [] };
  return known.mounts;
}

function readTable(): string {
  try {
    return fs.readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return ''; // there is no /proc: nothing is known
  }
}

/** The mount of a path, where another machine or a program answers for it; by text alone. */
export function otherMount(file: string, mounts: readonly Mount[] = mountsNow(), platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === 'linux') {
    const mount = mountOf(file, mounts);
    return mount && !OWN_TYPES.test(mount.type) ? mount.point : undefined;
  }
  const named = namedMount(file, platform);
  return platform === 'win32' && named?.slice(0, 2).toLowerCase() === (process.env.SystemDrive ?? 'C:').toLowerCase() ? undefined : named;
}
