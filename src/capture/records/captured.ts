import type { Protocol } from 'devtools-protocol';
import type { Vitals, VitalsIssue } from '../../core/doctor/vitals';
import type { Result } from '../../shared/result';
import type { CaptureNote, ProcessExit } from './capture-issue';
import type { LoopBatch } from './loop';

/** A profile as V8 gives it, and the scripts that it speaks of. */
export interface CapturedProfile {
  readonly profile: Protocol.Profiler.Profile;
  readonly scripts: readonly CapturedScript[];
}

export interface CapturedScript {
  /** Undefined where it was noted by its url alone. */
  readonly scriptId?: string | undefined;
  readonly url: string;
  /** As in the script: a relative url or a `data:` url. */
  readonly sourceMapUrl: string;
}

export interface CapturedPart {
  readonly bytes: number;
  /** Undefined where it is damaged. */
  read(): Promise<Protocol.Profiler.Profile | undefined>;
}

/** One thread of a recording. */
export interface CapturedThread {
  readonly pid: number;
  readonly ppid: number;
  readonly version: string;
  readonly argv: readonly string[];
  /** 0 is the main thread. */
  readonly threadId: number;
  /** Of a worker: its name, or its file. */
  readonly name: string | undefined;
  /** The profile in the parts that it was written in, in the order of time. */
  readonly parts: readonly CapturedPart[];
  readonly scripts: () => Promise<readonly CapturedScript[]>;
  /** Its end is in the profile. False where the process was killed: what it did last is missing. */
  readonly isWhole: boolean;
  /** Where the code lies that recorded it; undefined where it was recorded from outside. */
  readonly hookFolder?: string | undefined;
  /** Another runtime that has recorded itself; undefined for Node.js. */
  readonly runtime?: 'deno' | 'bun' | undefined;
  /** What it measured of itself, where that was asked for. */
  readonly measured?: Measured | undefined;
}

/** What a target measured of itself, and what is alive in its heap at the end. */
export interface Measured {
  readonly vitals: Result<Vitals, VitalsIssue>;
  /** After a full garbage collection; undefined where that could not be had. */
  readonly heap: LiveHeap | undefined;
}

export interface LiveHeap {
  /** Bytes in V8's heap. */
  readonly used: number;
  /** What is alive, by the stacks that allocated it. */
  readonly allocations: Protocol.HeapProfiler.SamplingHeapProfile;
}

/** A process that ran and of which there is no profile. */
export interface MissedProcess {
  readonly pid: number | undefined;
  readonly argv: readonly string[];
  readonly reason: /** It died, and its profile with it. */
    | 'killed'
    /** The permission model hides the inspector from it. */
    | 'permission-model'
    /** Its policy lets nothing be loaded that the manifest does not name. */
    | 'policy'
    /** It is Node.js, and the recording's hook was not loaded into it. */
    | 'not-reached'
    /** It is Node.js and was given the hook, which it did not load: it ended before, or cannot read it where it runs. */
    | 'unloaded'
    /** Its profile could not be written; `detail` is the system's code. */
    | 'unwritten'
    /** A Deno that was started where nothing can be put in front of it: by Deno itself, or on Windows. */
    | 'no-way'
    /** Deno or Bun, which write a profile only when they end by themselves. */
    | 'own-end'
    /** A Deno without an option that records; `detail` is its version. */
    | 'too-old'
    /** A command of Deno's that takes no such option; `detail` is its name. */
    | 'no-option'
    /** Bun, which cannot be told of a folder with a blank in its path; `detail` is the folder. */
    | 'blank-in-path'
    /** The hook failed. */
    | 'failed';
  readonly detail?: string | undefined;
}

export interface Capture {
  /** Where the threads have written their profiles; undefined where they are in memory. */
  readonly session: string | undefined;
  /** At least one. */
  readonly threads: readonly CapturedThread[];
  readonly missed: readonly MissedProcess[];
  /** Daemons that the program has left behind and that still run. */
  readonly left: readonly { readonly pid: number; readonly command: string }[];
  /** How the launched command ended; undefined where it was ended by Stop. */
  readonly exit: ProcessExit | undefined;
  readonly loop: { readonly batches: readonly LoopBatch[]; readonly isAsync: boolean } | undefined;
  /** What is not as it was before. */
  readonly notes?: readonly CaptureNote[];
  /** Removes what the threads are read from. */
  dispose(): void;
}

/** Deno or Bun ran, and have written nothing. */
export const isOtherRuntime = ({ reason }: MissedProcess): boolean =>
  reason === 'own-end' || reason === 'too-old' || reason === 'no-option' || reason === 'blank-in-path';
