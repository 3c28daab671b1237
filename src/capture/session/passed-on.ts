import fs from 'node:fs';

/**
 * The descriptors above standard error that this process was started with (`3>file`), which
 * a program that it starts is to have at the same numbers. Node.js closes them to children
 * when it starts, and does not tell which they are. Its own first one is the poll of its
 * loop, for which the system took the lowest number that was free: all below are inherited.
 * Of those above, files, terminals, and pipes of which this process has one end. Linux
 * alone shows them. None where this process is itself a child with a channel to its parent.
 */
export function passedOn(): readonly number[] {
  if (process.platform !== 'linux' || process.send !== undefined) return [];
  return inheritedOf(openDescriptors());
}

export interface Descriptor {
  readonly number: number;
  /** As /proc names it: a path, `pipe:[INODE]`, `socket:[INODE]`, `anon_inode:[eventpoll]`. */
  readonly target: string;
}

/** Which of a process's open descriptors it was started with, above standard error. */
export function inheritedOf(open: readonly Descriptor[]): readonly number[] {
  const first = Math.min(...open.filter(({ target }) => target === 'anon_inode:[eventpoll]').map(({ number }) => number));
  if (!Number.isFinite(first)) return [];
  const own = open.filter(({ number }) => number > first);
  const isInherited = ({ number, target }: Descriptor): boolean => {
    if (number < 3 || number === first || number >= MOST) return false;
    if (number < first) return true;
    if (target.startsWith('pipe:')) return own.filter((other) => other.target === target).length === 1;
    return target.startsWith('/') && target !== '/dev/null';
  };
  return open.filter(isInherited).map(({ number }) => number);
}

/** Shells take one digit; the numbers after these are passed on anyway, since Node.js stops before them. */
const MOST = 16;

function openDescriptors(): Descriptor[] {
  try {
    return fs
      .readdirSync('/proc/self/fd')
      .flatMap((name) => {
        try {
          return [{ number: Number(name), target: fs.readlinkSync(`/proc/self/fd/${name}`) }];
        } catch {
          return []; // the one that reads the folder
        }
      })
      .sort((a, b) => a.number - b.number);
  } catch {
    return [];
  }
}
