import fs from 'node:fs';

/** A thread takes 0.85 GB of address space (measured on Node.js 20 and 24), and the program needs what is left. */
const ROOM_BYTES = 2 * 1024 ** 3;

/** Whether another thread fits into the address space that `ulimit -v` leaves: where none does, V8 ends the process. Linux only; elsewhere it is not limited. */
export function hasRoomForAgent(): boolean {
  if (process.platform !== 'linux') return true;
  try {
    // Node.js reads UTF-8 in one call: half a millisecond less than other encodings.
    return isRoomy(fs.readFileSync('/proc/self/limits', 'utf8'), () => fs.readFileSync('/proc/self/statm', 'utf8'));
  } catch {
    return true; // no /proc
  }
}

/** `limits` and `statm` as /proc has them; pages of 4 kB are the smallest there are. */
export function isRoomy(limits: string, statm: () => string): boolean {
  const at = limits.indexOf('Max address space');
  const soft =
    at < 0
      ? 'unlimited'
      : limits
          .slice(at + 17)
          .trim()
          .split(' ', 1)[0];
  return soft === 'unlimited' || Number(soft) - Number(statm().split(' ', 1)[0]) * 4096 > ROOM_BYTES;
}
