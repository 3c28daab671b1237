import { formatBytes, formatCount } from './format';
import { withoutSecrets } from './secrets';

/** How a program is exercised between the snapshots of a leak hunt. */
export type Exercise =
  | {
      readonly kind: 'requests';
      readonly method: string;
      readonly url: string;
      readonly body?: string | undefined;
      /** Names and values, as they are sent; they may hold secrets, so nothing shows them. */
      readonly headers?: readonly (readonly [string, string])[] | undefined;
    }
  | { readonly kind: 'command'; readonly command: string; readonly cwd: string }
  /** The function that a loop recipe names, in the program that the recipe makes of it. */
  | { readonly kind: 'call' }
  /** Somebody does it, and says when it is done. */
  | { readonly kind: 'by-hand'; readonly next?: ((input: ProgramInput) => Promise<void>) | undefined };

/** What a program does with the terminal that it shares with whoever exercises it. */
export interface ProgramInput {
  /** Whether it reads what is typed there. */
  isRead(): Promise<boolean>;
}

/** In a few words, without what looks like a secret. */
export function exerciseTitle(exercise: Exercise): string {
  switch (exercise.kind) {
    case 'requests':
      return withoutSecrets(`${exercise.method} ${exercise.url}`);
    case 'command':
      return withoutSecrets(exercise.command);
    case 'call':
      return 'calls';
    case 'by-hand':
      return 'by hand';
  }
}

/** A place in a source as an editor shows it, 1-based. */
export interface HuntPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * `leak`: at least one; `growth`: something grew, but unlike a leak; `unexercised`: nothing did, but every
 * request failed, or it was not the watched thread that did the work; `clean`: nothing did.
 */
export type HuntVerdict = 'leak' | 'growth' | 'unexercised' | 'clean';

/** A thread of the program that was hunted in. */
export interface HuntThread {
  /** 0 where it is not known. */
  readonly pid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  readonly name: string;
}

/** A thread of which no snapshots were taken. */
export interface OtherThread extends HuntThread {
  /** Bytes of its heap at each of the three snapshots, after a collection. */
  readonly heapBytes?: readonly [number, number, number];
  /** HTTP requests that it answered between the first snapshot and the last. */
  readonly served: number;
}

export interface AnswerCount {
  /** Of HTTP. */
  readonly status: number;
  readonly count: number;
}

/** How many answers there were, and how many of them say that the request failed. */
export function countAnswers(answers: readonly AnswerCount[]): { readonly all: number; readonly failed: number } {
  let all = 0;
  let failed = 0;
  for (const { status, count } of answers) {
    all += count;
    if (status >= 400) failed += count;
  }
  return { all, failed };
}

/** What is said where nothing was found that piles up, and of growth that nothing accounts for; undefined where leaks say it all. */
export function huntRemark({ verdict, leaks, classes, unexplained, snapshots, doubt }: HuntResult): string | undefined {
  const sizes = snapshots.map(({ heapBytes }) => formatBytes(heapBytes)).join(' → ');
  if (unexplained !== undefined && leaks.length > 0) return `The heap grew by ${formatBytes(unexplained)} more than what is listed here keeps.`;
  if (unexplained !== undefined) return `The heap grew in both rounds (${sizes}), but nothing was found that piles up: this may be a leak.`;
  if (leaks.length === 0 && classes && classes.length > 0)
    return 'Nothing was found that piles up, but of some classes there are as many more as the program was exercised, each time: this may be a leak.';
  if (verdict === 'unexercised' && doubt !== undefined) return `Nothing grew in both rounds in what was watched, but ${doubt}`;
  if (verdict === 'unexercised') return 'Nothing grew in both rounds, but no request succeeded: this says nothing of the program at work.';
  return verdict === 'clean' ? 'No leak: nothing grew in both rounds.' : undefined;
}

export interface HuntStep {
  /** In words: "`sessions` (Map)". */
  readonly text: string;
  readonly place: HuntPlace | undefined;
  /** Id of the object in the snapshots. */
  readonly id: number;
}

export interface HuntLeak {
  readonly verdict: 'leak' | 'growth';
  /** What is counted: objects that pile up, the elements of one that becomes longer, or its bytes where nobody knows how many it has. */
  readonly measure?: 'objects' | 'elements' | 'bytes';
  readonly className: string;
  /** In each of the three snapshots: objects that the holder kept, its elements, or its bytes. */
  readonly counts: readonly [number, number, number];
  readonly perExercise: number;
  /** Both rounds added the same whole number for each exercise. */
  readonly isMultiple: boolean;
  /** Bytes. */
  readonly retainedSize: number;
  readonly bytesPerExercise: number;
  /** The retaining path in one sentence. */
  readonly summary: string;
  /** From the root to an object that piles up; V8's own steps are left out. */
  readonly path: readonly HuntStep[];
  /** What keeps them: the variable or the property, where it is declared; undefined where nothing of the program's own does. */
  readonly retainedAt: HuntPlace | undefined;
  /** What else keeps them, in words: who cuts `path` alone keeps the leak. */
  readonly alsoKeptBy: readonly { readonly text: string; readonly place: HuntPlace | undefined }[];
  /** Where the function begins that made them. */
  readonly allocatedAt: HuntPlace | undefined;
  readonly allocation: readonly { readonly name: string; readonly place: HuntPlace | undefined }[];
  /** What else piles up by the same declaration or function; its bytes are counted above. */
  readonly withIt?: readonly Pick<HuntLeak, 'className' | 'measure' | 'counts' | 'summary' | 'retainedSize'>[];
  readonly objectId: number;
  readonly holderId: number;
  /** Holders that keep objects in the same way. */
  readonly holders: number;
}

/** As `counts` and `perExercise` are written. */
export const leakAmount = ({ measure }: HuntLeak): ((value: number) => string) => (measure === 'bytes' ? formatBytes : formatCount);

/** Leaks of an earlier hunt that a later one has not found: told apart by what they are and where they are kept, for words tell data too. */
export function goneLeaks(before: readonly HuntLeak[], now: readonly HuntLeak[]): readonly HuntLeak[] {
  const still = new Set(now.map(leakKey));
  return before.filter((leak) => !still.has(leakKey(leak)));
}

/** Where a leak is shown: what keeps it, else who made it. */
export const leakPlace = ({ retainedAt, allocatedAt }: HuntLeak): HuntPlace | undefined => retainedAt ?? allocatedAt;

function leakKey(leak: HuntLeak): string {
  const { className, summary } = leak;
  const place = leakPlace(leak);
  const what = className.startsWith('{') ? 'Object' : className;
  return place ? JSON.stringify([place.file, place.line, place.column, what]) : JSON.stringify([summary, what]);
}

/** What a leak hunt found, as `plateau heap hunt --json` and `plateau heap leaks --json` give it. */
export interface HuntResult {
  readonly schema: 'plateau/hunt/1';
  readonly verdict: HuntVerdict;
  readonly title: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  /** Exercises in each round; undefined where they are not known. */
  readonly times?: number | undefined;
  readonly warmup?: number | undefined;
  readonly node?: string | undefined;
  readonly snapshots: readonly { readonly file: string; readonly heapBytes: number; readonly pauseMs?: number | undefined }[];
  readonly leaks: readonly HuntLeak[];
  /** Groups of objects that grew and levelled off: caches, and what is made once. */
  readonly settled: number;
  /** Bytes by which the heap grew in both rounds together and that no leak accounts for; left out where it did not. */
  readonly unexplained?: number;
  /** Where nothing was found that keeps them: classes of which both rounds made the same whole number for each exercise, by their own bytes. */
  readonly classes?: readonly { readonly name: string; readonly counts: readonly [number, number, number]; readonly bytes: number }[];
  /** Requests by the status of their answers, those of the warm-up too; left out where all succeeded, or there were none. */
  readonly answers?: readonly AnswerCount[];
  /** The thread that the snapshots are of, where it is known. */
  readonly watched?: HuntThread;
  /** Threads that ran besides; left out where there were none. */
  readonly others?: readonly OtherThread[];
  /** Why it says little that nothing was found; left out where nothing speaks against it. */
  readonly doubt?: string;
  readonly warnings: readonly string[];
}
