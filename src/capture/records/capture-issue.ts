import type { MissedProcess } from './captured';
import type { TypescriptNote } from './notes';
/** Why a recording could not be made, as facts; worded in `service/recording/describe-capture-issue.ts`. */
export type CaptureIssue =
  | { readonly kind: 'node-not-found'; readonly command: string }
  | { readonly kind: 'no-node-executable'; readonly command: string }
  | { readonly kind: 'node-too-old'; readonly version: string }
  | { readonly kind: 'command-not-found'; readonly command: string }
  /** A file of that name is in the working folder, but it is no program. */
  | { readonly kind: 'not-a-program'; readonly file: string }
  | { readonly kind: 'file-missing'; readonly file: string }
  | { readonly kind: 'spawn-failed'; readonly command: string; readonly message: string }
  | { readonly kind: 'working-folder-missing'; readonly folder: string }
  /** The system's folder for temporary files, and what making a folder in it gave (as the system's errors have it). */
  | { readonly kind: 'no-temporary-folder'; readonly folder: string; readonly code: string }
  | { readonly kind: 'no-node-process'; readonly command: string; readonly exit: ProcessExit | undefined }
  /** Node.js itself was run, and ended before the first script: `node --version`, or options that it does not take. */
  | { readonly kind: 'no-script'; readonly command: string; readonly exit: ProcessExit }
  /** Node.js's permission model hides the inspector from the program. */
  | { readonly kind: 'permission-model' | 'policy'; readonly argv: readonly string[]; readonly exit: ProcessExit | undefined }
  | { readonly kind: 'inspector-failed'; readonly message: string }
  /** Deno or Bun ran, and wrote no profile. */
  | { readonly kind: 'other-runtime'; readonly missed: MissedProcess; readonly exit: ProcessExit | undefined }
  /** `isAttached`: its profile was in its memory alone, for parts are written of launched programs. */
  | { readonly kind: 'profile-lost'; readonly exit: ProcessExit | undefined; readonly isAttached?: true }
  | { readonly kind: 'not-loopback'; readonly address: string }
  | { readonly kind: 'bad-address'; readonly address: string }
  | { readonly kind: 'port-refused'; readonly address: string; readonly message: string }
  | { readonly kind: 'no-such-process'; readonly pid: number }
  | { readonly kind: 'not-node'; readonly pid: number; readonly command: string }
  | { readonly kind: 'signal-refused'; readonly pid: number; readonly message: string }
  | { readonly kind: 'inspector-silent'; readonly pid: number }
  /** Another user's; their name where it is told. */
  | { readonly kind: 'foreign-process'; readonly pid: number; readonly user: string | undefined }
  /** It has a network of its own, as containers do. */
  | { readonly kind: 'in-container'; readonly pid: number }
  /** Its inspector would open at a port on which another process listens, if it is known which. */
  | {
      readonly kind: 'inspector-port-taken';
      readonly pid: number;
      readonly port: number;
      readonly owner: number | undefined;
      readonly command: string | undefined;
    }
  /** It does not catch the signal that opens an inspector, which would end it. */
  | { readonly kind: 'no-signal-handler'; readonly pid: number }
  /** The system does not tell on which ports it listens. */
  | { readonly kind: 'ports-unknown'; readonly pid: number }
  /** By SIGSTOP, or in a terminal by Ctrl+Z. */
  | { readonly kind: 'target-stopped'; readonly pid: number }
  /** It runs, and has not answered for so long. */
  | { readonly kind: 'target-blocked'; readonly pid: number | undefined; readonly ms: number }
  /** Its inspector was closed while it was being recorded; it runs on. */
  | { readonly kind: 'inspector-closed'; readonly pid: number }
  | { readonly kind: 'already-profiled'; readonly message: string }
  | { readonly kind: 'loop-failed'; readonly reason: string; readonly message: string; readonly exports: readonly string[] }
  /** The program died while its heap was being read. */
  | { readonly kind: 'heap-lost'; readonly exit: ProcessExit | undefined; readonly during?: HuntMoment | undefined }
  /** The recording `what` was made, and neither its place nor the folder `spare` could take it; `code` as the system's errors have it. */
  | { readonly kind: 'unkept'; readonly what: string; readonly code: string; readonly message: string; readonly spare: string }
  | { readonly kind: 'heap-unwritable'; readonly file: string; readonly code: string; readonly message: string }
  | { readonly kind: 'heap-in-use'; readonly message: string }
  /** None of the threads that ran is the one that was asked for. */
  | {
      readonly kind: 'no-such-thread';
      readonly wanted: { readonly thread?: string | undefined; readonly process?: string | undefined };
      readonly threads: readonly ThreadLabel[];
    }
  | { readonly kind: 'exercise-failed'; readonly way: ExerciseWay; readonly what: string; readonly message: string; readonly done: number }
  | { readonly kind: 'cancelled' };

/** A thread as a list names it. */
export interface ThreadLabel {
  /** 0 where it is not known, as of a browser. */
  readonly pid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  /** The script of a process, the name or the file of a worker. */
  readonly name: string;
}

export type ExerciseWay = 'requests' | 'command' | 'call' | 'by-hand';

/** Of a leak hunt: round 0 is the warm-up; so often of so many times was it exercised in it. */
export interface HuntMoment {
  readonly round: number;
  readonly done: number;
  readonly of: number;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What is not as it was, or as it could be, after a recording that was made. */
export type CaptureNote =
  /** Its loop has not turned since, so the inspector that was opened for the recording is open still. */
  | { readonly kind: 'inspector-open'; readonly pid: number; readonly port: number }
  /** Somebody else is connected to the inspector that was opened for the recording, so it stays open. */
  | { readonly kind: 'inspector-shared'; readonly port: number }
  | TypescriptNote;
