import type { AllocationFrame } from '../analysis/allocation-stack';
import type { HeapFunction, PathStep } from './leak-path';

export type LeakVerdict = 'leak' | 'growth';

export interface Leak {
  readonly verdict: LeakVerdict;
  /** What is counted: objects that pile up, the elements of one that becomes longer, or its bytes where nobody knows how many it has. */
  readonly measure: 'objects' | 'elements' | 'bytes';
  /** The objects that pile up, or the one that grows, by its class. */
  readonly className: string;
  /** In each snapshot: how many of them the holder kept, how many elements it had, or its bytes. */
  readonly counts: readonly [number, number, number];
  /** How many more an exercise, over both rounds. */
  readonly perExercise: number;
  /** Both rounds added the same whole number for each exercise. */
  readonly isMultiple: boolean;
  /** Bytes retained by what both rounds added and the last snapshot still has. */
  readonly retainedSize: number;
  readonly bytesPerExercise: number;
  /** Id of one of the objects, and of its holder: both are found by them in the snapshots. */
  readonly objectId: number;
  readonly holderId: number;
  /** From the root to that object. */
  readonly path: readonly PathStep[];
  /** The step of the holder. */
  readonly holder: number;
  /** What the object that a root holds is called by C++, as `Node / UDPWrap`; undefined where it is none of its. */
  readonly native: string | undefined;
  /** Holders that keep objects in the same way. */
  readonly holders: number;
  /** Other ways by which something older than the first snapshot holds that object, as `path` and `holder`. */
  readonly others: readonly { readonly path: readonly PathStep[]; readonly holder: number }[];
  /** Functions that the object holds, as a timer holds what it calls. */
  readonly functions: readonly HeapFunction[];
  /** Who made one of the objects, innermost first; undefined where it was not tracked. */
  readonly allocation: readonly AllocationFrame[] | undefined;
  /** Who made what the objects keep, nearest to them first. */
  readonly otherAllocations: readonly (readonly AllocationFrame[])[];
}
