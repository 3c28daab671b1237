import type { Unit } from './brands';

/**
 * Neutral facts about what is wrong with an input or a run. The wording that a
 * person reads is made from them in the `service/describe-…` files.
 */

/** Formats that a `.cpuprofile` turned out to be by mistake. */
export type ForeignFormat =
  | 'heap-snapshot'
  | 'heap-profile'
  | 'chrome-trace'
  | 'speedscope'
  | 'firefox-profile'
  | 'nested-cpuprofile'
  | 'gzip'
  | 'zip'
  | 'utf-16'
  | 'perf-data'
  /** Text of `perf script` whose samples name no function. */
  | 'perf-heads'
  /** JSON with nodes that are no functions: of a graph, or what another tool made of a profile. */
  | 'other-nodes'
  | 'v8-log'
  | 'flight-recording'
  | 'unknown-json'
  | 'unknown';

/** What a file can be read as. */
export type ProfileFormat =
  | 'cpuprofile'
  | 'nested-cpuprofile'
  | 'heapprofile'
  | 'chrome-trace'
  | 'pprof'
  | 'speedscope'
  | 'collapsed'
  | 'perf-script'
  | 'firefox'
  | 'gecko'
  | 'node-prof-text'
  | 'node-prof-json'
  | 'callgrind';

/** What a path turned out to be instead of a file with bytes in it; a `link` leads nowhere. */
export type SpecialFile = 'folder' | 'pipe' | 'socket' | 'device' | 'link';

/** Why a file that something names is not read. None of them holds a word of what is in it. */
export type FileIssue =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-regular'; readonly found: SpecialFile }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly limit: number }
  /** `isLink`: it stands inside, and a link leads out. */
  | { readonly kind: 'outside'; readonly isLink: boolean }
  /** On another host, or a device by its name. */
  | { readonly kind: 'not-local' }
  /** What would be made of it takes so much memory. */
  | { readonly kind: 'too-heavy'; readonly bytes: number; readonly limit: number }
  | { readonly kind: 'too-slow'; readonly milliseconds: number }
  /** Others before it took all the time that there is for them. */
  | { readonly kind: 'too-late'; readonly milliseconds: number }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'cancelled' };

/** What a profile has limits for. `levels` are lists and objects of JSON in each other. */
export type Counted = 'nodes' | 'functions' | 'strings' | 'threads' | 'levels';

/** Why a profile cannot be shown at all. Offsets are bytes from the file's start. */
export type ProfileIssue =
  | { readonly kind: 'empty-file' }
  | { readonly kind: 'not-json'; readonly offset: number; readonly expected: string }
  | { readonly kind: 'not-a-cpu-profile'; readonly found: ForeignFormat; readonly offset: number }
  | { readonly kind: 'no-nodes'; readonly offset: number }
  | { readonly kind: 'nothing-in-it'; readonly format: ProfileFormat }
  | { readonly kind: 'no-such-profile'; readonly wanted: string; readonly names: readonly string[] }
  | { readonly kind: 'bad-compression'; readonly method: 'gzip' | 'zstd'; readonly detail: string }
  | { readonly kind: 'bad-slab'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly code: string; readonly detail: string }
  | { readonly kind: 'not-a-file'; readonly found: SpecialFile }
  /** `isJson`: of a format that is read as one text, unlike `.cpuprofile`. `packed`: the file's own bytes, where it is what comes out that is too large. */
  | { readonly kind: 'too-large'; readonly bytes: number; readonly limit: number; readonly isJson?: boolean; readonly packed?: number }
  /** Bytes of memory that the values of its JSON take at most. */
  | { readonly kind: 'too-heavy'; readonly needed: number; readonly available: number }
  | { readonly kind: 'too-many'; readonly of: Counted; readonly limit: number }
  /** A stream of zstd repeats from further back than can be kept. */
  | { readonly kind: 'zstd-window'; readonly bytes: number; readonly limit: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'crashed'; readonly detail: string };

/** What was repaired or left out so that the rest can be shown. */
export type ProfileWarning =
  | { readonly kind: 'truncated'; readonly offset: number }
  | { readonly kind: 'malformed'; readonly offset: number; readonly expected: string }
  /** Bytes behind the end of what is packed, and where they begin. */
  | { readonly kind: 'surplus-bytes'; readonly count: number; readonly offset: number }
  /** `isCut`: the file ends or is damaged before them. */
  | { readonly kind: 'no-samples'; readonly isCut?: boolean }
  | { readonly kind: 'single-sample' }
  /** Active ones, and how many of them findings need; where nothing was found. `isMerged`: stacks, of an unknown number of samples. `worth`: enough of them, but uneven. */
  | { readonly kind: 'few-samples'; readonly count: number; readonly needed: number; readonly isMerged: boolean; readonly worth?: number }
  | { readonly kind: 'unsorted-samples'; readonly count: number }
  | { readonly kind: 'unknown-sample-nodes'; readonly count: number }
  | { readonly kind: 'missing-time-deltas'; readonly count: number }
  | { readonly kind: 'surplus-time-deltas'; readonly count: number }
  | { readonly kind: 'no-timestamps' }
  | { readonly kind: 'end-before-last-sample' }
  /** The end is microseconds behind the last sample, as on another clock, and is not taken for one. */
  | { readonly kind: 'end-elsewhere'; readonly time: number }
  /** Gaps between samples, microseconds. */
  | { readonly kind: 'not-sampled'; readonly count: number; readonly time: number; readonly longest: number }
  | { readonly kind: 'duplicate-ids'; readonly count: number; readonly first: number }
  | { readonly kind: 'several-parents'; readonly count: number }
  | { readonly kind: 'cycles'; readonly count: number }
  | { readonly kind: 'orphans'; readonly count: number }
  | { readonly kind: 'unknown-children'; readonly count: number }
  | { readonly kind: 'bad-values'; readonly count: number; readonly offset: number }
  | { readonly kind: 'too-many-values'; readonly count: number; readonly limit: number }
  | { readonly kind: 'bad-costs'; readonly count: number }
  | { readonly kind: 'bad-lines'; readonly count: number; readonly first: number }
  | { readonly kind: 'unbalanced-events'; readonly count: number }
  /** Of two profiles: sums of what became more and of what became less. */
  | { readonly kind: 'difference'; readonly unit: Unit; readonly more: number; readonly less: number }
  /** Sample types or events beyond those that are read. */
  | { readonly kind: 'unread-measures'; readonly count: number }
  /** The file says what to leave out of stacks, in an expression that cannot be read. */
  | { readonly kind: 'unread-drop-frames' }
  /** Events of a trace whose time or duration is none. */
  | { readonly kind: 'bad-spans'; readonly count: number }
  /** Spans that begin inside of another and end after it; microseconds of them that are not shown. */
  | { readonly kind: 'overlapping-spans'; readonly count: number; readonly lost: number }
  | { readonly kind: 'left-out'; readonly count: number }
  /** Threads or processes of a file, what stands of which is none. */
  | { readonly kind: 'unread-threads'; readonly count: number }
  /** The profile of a thread cannot be read. */
  | { readonly kind: 'lost-thread'; readonly name: string; readonly file: string; readonly issue: ProfileIssue }
  | { readonly kind: 'call-graph' }
  /** A source map that a script names is there, and is not read. */
  | { readonly kind: 'unread-map'; readonly file: string; readonly issue: FileIssue }
  /** Hot functions whose statements shared a line when they ran, so that no source map tells which of them took the time; `name` is the costliest. */
  | { readonly kind: 'unknown-lines'; readonly functions: number; readonly name: string; readonly file: string }
  /** Hot functions that stand in a file, and nobody knows where: what ran is not its text. */
  | { readonly kind: 'unknown-places'; readonly functions: number; readonly name: string; readonly file: string };

/** Why a profile was not written in another format. */
export type ExportIssue =
  /** The format holds times, and the profile counts something else. */
  | { readonly kind: 'no-times'; readonly unit: 'bytes' | 'count'; readonly formats: readonly string[] }
  | { readonly kind: 'exists'; readonly out: string }
  | { readonly kind: 'same-file'; readonly out: string }
  | { readonly kind: 'not-writable'; readonly out: string; readonly code: string; readonly detail: string }
  | { readonly kind: 'parts-missing'; readonly file: string }
  | { readonly kind: 'cancelled' };

/** Why the file with what was decided about findings cannot be used. */
export type StatesIssue =
  | { readonly kind: 'bad-states'; readonly file: string; readonly detail: string }
  | { readonly kind: 'unreadable-states'; readonly file: string; readonly detail: string }
  | { readonly kind: 'unwritable-states'; readonly file: string; readonly detail: string };

/** Why a heap snapshot cannot be read at all. Offsets are bytes from the file's start. */
export type HeapIssue =
  | { readonly kind: 'empty-file' }
  | { readonly kind: 'not-json'; readonly offset: number; readonly expected: string }
  | { readonly kind: 'not-a-heap-snapshot'; readonly found: ForeignFormat | 'cpuprofile' }
  | { readonly kind: 'missing-section'; readonly name: string }
  | { readonly kind: 'no-nodes' }
  | { readonly kind: 'not-at-front'; readonly rootIndex: number }
  /** Bytes; `available` is undefined where it was not known before it ran out. */
  | { readonly kind: 'too-little-memory'; readonly needed: number; readonly available: number | undefined }
  | { readonly kind: 'not-a-file'; readonly found: SpecialFile }
  | { readonly kind: 'unreadable'; readonly code: string; readonly detail: string }
  | { readonly kind: 'bad-compression'; readonly method: 'gzip' | 'zstd'; readonly detail: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'crashed'; readonly detail: string };

/** What was repaired or left out of a heap snapshot so that the rest can be shown. */
export type HeapWarning =
  | { readonly kind: 'truncated'; readonly offset: number }
  | { readonly kind: 'malformed'; readonly offset: number; readonly expected: string }
  | { readonly kind: 'missing-section'; readonly name: string }
  | { readonly kind: 'bad-values'; readonly count: number; readonly offset: number }
  | { readonly kind: 'count-mismatch'; readonly of: 'nodes' | 'edges'; readonly told: number; readonly found: number }
  | { readonly kind: 'edges-outside'; readonly count: number }
  | { readonly kind: 'edge-counts'; readonly told: number; readonly found: number }
  | { readonly kind: 'other-process' }
  /** One process, whose objects have got other ids between the snapshots. */
  | { readonly kind: 'numbered-anew' };

/** What is wrong with a rule of the user's own, or with its file. */
export type RuleIssue =
  | { readonly kind: 'unreadable-rules'; readonly detail: string }
  | { readonly kind: 'too-large-rules'; readonly bytes: number; readonly limit: number }
  | { readonly kind: 'too-many-rules'; readonly of: 'files' | 'rules'; readonly limit: number }
  | { readonly kind: 'not-yaml'; readonly detail: string }
  | { readonly kind: 'alias' }
  | { readonly kind: 'too-deep' }
  | { readonly kind: 'not-a-rule' }
  | { readonly kind: 'unknown-field'; readonly field: string; readonly known: readonly string[] }
  | { readonly kind: 'missing-field'; readonly field: string }
  | { readonly kind: 'twice'; readonly field: string }
  | { readonly kind: 'wrong-type'; readonly field: string; readonly expected: string }
  | { readonly kind: 'unknown-value'; readonly field: string; readonly value: string; readonly known: readonly string[] }
  | { readonly kind: 'bad-id'; readonly id: string }
  | { readonly kind: 'built-in-id'; readonly id: string }
  | { readonly kind: 'duplicate-id'; readonly id: string; readonly file: string }
  | { readonly kind: 'no-gate' }
  | { readonly kind: 'bad-regex'; readonly detail: string }
  | { readonly kind: 'bad-pattern'; readonly language: string }
  | { readonly kind: 'bad-ast'; readonly language: string; readonly detail: string }
  | { readonly kind: 'unknown-capture'; readonly capture: string }
  | { readonly kind: 'script-only'; readonly condition: string };
