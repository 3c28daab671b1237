/** What a process of a recording writes into the session's folder when it starts: `KEY.process.json`. */
export interface Announcement {
  /** Names the process within the session: its number, and something random, since numbers come back. */
  readonly key: string;
  readonly pid: number;
  readonly ppid: number;
  readonly version: string;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  /** Why it is not recorded; undefined where it is. */
  readonly failure?: string | undefined;
}

/** What a thread writes when its profile is whole: `KEY.THREAD.thread.json`. */
export interface ThreadAnnouncement {
  readonly threadId: number;
  /** Of a worker: its name or its file. */
  readonly name: string | undefined;
  /** File names of what V8 answered, in the order of time, in the session's folder. */
  readonly parts: readonly string[];
  /** The profile has its end: nothing of it is missing. */
  readonly isWhole: boolean;
  /** The system's code for why its end could not be written. */
  readonly failure?: string | undefined;
}

/** A process that runs without being recorded, and why: `NAME.skipped.json`. */
export interface SkippedProcess {
  /** Node.js's permission model or its policy (`--experimental-policy`), which let no hook be loaded. */
  readonly reason: 'permission-model' | 'policy';
  readonly argv: readonly string[];
}
