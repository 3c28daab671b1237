import fs from 'node:fs';
import path from 'node:path';
import type { LoopJob } from '../loop';

/** What `session.json` tells the processes of a recording. It lies beside the hook that is loaded into them. */
export interface SessionFile {
  /** Only the heap is of interest: no CPU profile is recorded, and the main thread waits until the recorder is connected. */
  readonly isHeap?: boolean | undefined;
  /** Microseconds between CPU samples. */
  readonly interval: number;
  /** Seconds after which a part of a profile is written to disk, so that a killed process loses no more. */
  readonly checkpoint: number;
  /** The recorder's socket or named pipe. */
  readonly socket: string;
  /** The folder of the loop, the TypeScript loader and the measuring part. */
  readonly files: string;
  /** The program measures itself as well. */
  readonly measure?: boolean | undefined;
  /** TypeScript is loaded by Plateau's own loader. */
  readonly typescript?: { readonly esbuild: string; readonly transpiled: string } | undefined;
  /** The profile of the loop begins and ends when it says so. */
  readonly loop?: LoopJob | undefined;
}

export const sessionFile = (folder: string): string => path.join(folder, 'session.json');

/** The session of the folder; undefined once the recording is over. */
export function readSession(folder: string): SessionFile | undefined {
  try {
    return JSON.parse(fs.readFileSync(sessionFile(folder), 'utf8')) as SessionFile;
  } catch {
    return undefined;
  }
}
