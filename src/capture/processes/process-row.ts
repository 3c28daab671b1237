/**
 * A process is its number and its start: numbers come back. `started` is opaque,
 * and says the start so that nothing else on this machine, after a restart of it,
 * or in another container has the same pair.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** One process of a listing. */
export interface ProcessRow extends ProcessIdentity {
  readonly ppid: number;
  /** Orders the rows of one listing by start; equal where the system's clock is too coarse to tell. */
  readonly order: number;
  /** Process group; undefined where the system has none. */
  readonly group: number | undefined;
  /** It has ended, and only its number is left. */
  readonly isZombie: boolean;
  readonly isStopped: boolean;
  /** Command line; the program's name alone where that was not asked for or cannot be had. */
  readonly command: string;
}

export const sameIdentity = (a: ProcessIdentity, b: ProcessIdentity): boolean => a.pid === b.pid && a.started === b.started;

/** As a key of maps. */
export const keyOf = ({ pid, started }: ProcessIdentity): string => `${pid} ${started}`;
