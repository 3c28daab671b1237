/** What the shells are told of the profiles of a file: threads, sample types. */

export interface ChoiceDto {
  readonly name: string;
  /** What it counts and how much of it, in words. */
  readonly detail: string;
  /** Of a thread. */
  readonly thread?: ThreadDto | undefined;
}

export interface ThreadDto {
  /** Numbers; undefined where the file does not tell. */
  readonly process: number | undefined;
  readonly thread: number | undefined;
  readonly name: string;
  /** Microseconds of work, and of waiting in calls that block. */
  readonly cpu: number;
  readonly waiting: number;
  /** Its file is gone. */
  readonly isMissing: boolean;
  /** How busy it is over the time of all, as `core/profile/views/threads.ts` gives it; undefined until that is known. */
  readonly strip: string | undefined;
}

/** The threads as a whole. */
export interface ThreadsDto {
  /** Which are shown: `the busiest of 4; the others: …`. */
  readonly shown: string;
  /** Microseconds, on the clock of the profiles: the time of all. */
  readonly from: number;
  readonly to: number;
}

/** Strips that have come, by the row of their thread; empty for a profile without times. */
export interface StripsDto {
  readonly file: string;
  readonly strips: readonly (readonly [row: number, strip: string])[];
}
