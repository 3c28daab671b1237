import fs from 'node:fs';
import path from 'node:path';
import type { LoopJob } from './loop';

/** What `session.json` tells the processes of a recording. It lies beside the hook that is loaded into them. */
export interface SessionFile {
  /** Only the heap is of interest: no CPU profile is recorded, and the main thread waits until the recorder is connected. */
  readonly isHeap?: boolean | undefined;
  /** Microseconds between CPU samples. */
  readonly interval: number;
  /** Seconds after which a part of a profile is written to disk, so that a killed process loses no more. */
  readonly checkpoint: number;
  /** The folder that processes write into; it may be missing, and is then made. */
  readonly results: string;
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

/** Where processes write that do not see the folder of results. */
export const spareFolder = (folder: string): string => path.join(folder, 'out');

/** The folder into which processes of a session write what the recorder reads. */
export const resultsFolder = (folder: string): string => readSession(folder)?.results ?? folder;

/** The session of the folder; undefined once the recording is over. */
export function readSession(folder: string): SessionFile | undefined {
  try {
    return JSON.parse(fs.readFileSync(sessionFile(folder), 'utf8')) as SessionFile;
  } catch {
    return undefined;
  }
}
