/**
 * What the extension and the language server say to each other beyond LSP.
 * Requests and notifications by their method names; positions are 0-based where
 * they are LSP's, 1-based where a field says so. No profile data travels here:
 * the tables go from the server to the webview as a slab file.
 */
import type { Thresholds } from '../core/findings/thresholds';
import type { ProfileTotals } from '../core/profile/costs/function-costs';
import type { Unit } from '../shared/brands';
import type { ExportPath, FocusFunction, Recipe } from '../shared/recipe';
import type { DoctorDto } from './doctor';
import type { FindingDto, FindingNotifications, FindingRequests } from './findings';
import type { HeapNotifications, HeapRequests, HeapServerNotifications } from './heap';
import type { HeapRecordParams, HeapRecordResult, HuntDone, HuntEventDto, HuntParams } from './heap-record';
import type { ChoiceDto, StripsDto, ThreadsDto } from './threads';

/** A profile that cannot be opened, a recording that failed: told to the user as it is. */
export interface Failure {
  readonly failed: string;
  /** True where the user asked for it, so that nothing needs to be told. */
  readonly isCancelled?: boolean;
}

export interface OpenedProfileDto {
  readonly file: string;
  /** Path of the slab: `core/profile/slab.ts` says what is in it. */
  readonly slab: string;
  readonly slabBytes: number;
  readonly title: string;
  /** What was run, when, on which Node.js and commit. */
  readonly subtitle: string;
  readonly totals: TotalsDto;
  readonly findings: readonly FindingDto[];
  readonly warnings: readonly string[];
  /** Why it says nothing that there are no findings; undefined where it says that nothing stands out. */
  readonly silence: string | undefined;
  /** What functions without a name are shown as, by their rows; the slab does not hold it. */
  readonly labels: readonly (readonly [func: number, text: string])[];
  /** The function that the recording is about, as a row of the function table. */
  readonly focus: number | undefined;
  /** Why there is no row for it, where the recording is about one. */
  readonly focusMissing: string | undefined;
  /** `1,234 calls/s ± 1.2 %, 810 µs a call`, of a loop. */
  readonly loop: string | undefined;
  readonly canRepeat: boolean;
  readonly unit: Unit;
  /** What the file is, where it is no `.cpuprofile`. */
  readonly format: string | undefined;
  /** The profiles of a file that has several: threads, sample types. */
  readonly choices: readonly ChoiceDto[];
  readonly selected: number | 'merge';
  /** Where the choices are threads. */
  readonly threads: ThreadsDto | undefined;
}

export interface TotalsDto extends ProfileTotals {
  readonly nodes: number;
}

export interface PlaceDto {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  readonly exists: boolean;
}

export interface FunctionLinesDto {
  readonly func: number;
  readonly place: PlaceDto | undefined;
  /** Hot lines and what stands between them, 1-based; empty where there are no line costs or no source. */
  readonly rows: readonly { readonly line: number; readonly text: string; readonly self: number; readonly share: number }[];
}

/** A function of a source file, as the syntax tree has it. */
export interface FunctionDto {
  readonly file: string;
  readonly name: string;
  readonly kind: string;
  /** 1-based, where V8 places the function. */
  readonly line: number;
  readonly column: number;
  /** 0-based range of the name. */
  readonly nameRange: readonly [line: number, from: number, to: number];
  readonly exported: ExportPath | undefined;
  /** How to reach it within its module, where it is not exported. */
  readonly local: ExportPath | undefined;
  /** Its parameters and the type that it gives, as they are written. */
  readonly signature: string;
}

/** Ways to run code that are found beside it. */
export interface RunWaysDto {
  readonly tests: readonly { readonly label: string; readonly recipe: Recipe }[];
  readonly onlyDeclares: boolean;
  /** Scripts by their `package.json`, from the file's folder up. */
  readonly packages: readonly {
    readonly folder: string;
    readonly name: string;
    readonly scripts: readonly { readonly name: string; readonly command: string }[];
  }[];
}

/** A running Node.js process. */
export interface ProcessDto {
  readonly pid: number;
  readonly command: string;
  /** What started it, as `npm run dev`; missing where that is not known. */
  readonly startedBy: string | undefined;
  /** Whether it runs in one of the folders that are asked for. */
  readonly isOfWorkspace: boolean;
}

export type AnnotationLevel = 'quiet' | 'warm' | 'hot';

export interface AnnotationDto {
  /** 0-based, in the text as it is now. */
  readonly line: number;
  readonly text: string;
  readonly level: AnnotationLevel;
  /** 0 to 4, how full the heat bar is. */
  readonly heat: number;
}

export interface AnnotationsDto {
  readonly annotations: readonly AnnotationDto[];
  /** True where lines that had a cost have been changed since. */
  readonly isStale: boolean;
}

export interface ActiveProfileDto {
  readonly file: string;
  readonly title: string;
  /** Microseconds. */
  readonly active: number;
  readonly unit: Unit;
  /** ISO 8601, where it is known. */
  readonly recordedAt: string | undefined;
}

export interface RecordingDto {
  readonly file: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly headline: string;
  readonly detail: string;
  readonly canRepeat: boolean;
  /** What stands beside it cannot be read; `detail` says why. */
  readonly isDamaged?: boolean;
  /** Paths that go with it and have other names: profiles of its other threads. */
  readonly beside: readonly string[];
  /** What was recorded: `cpu`, `allocations` or `snapshot`. */
  readonly kind: 'cpu' | 'allocations' | 'snapshot';
}

/** How a recording was made, to be made again. */
export interface RecipeDto {
  readonly recipe: Recipe;
  readonly focus: FocusFunction | undefined;
  /** It was recorded by this user on this machine; anything else is confirmed before it runs. */
  readonly isOwn: boolean;
  /** Names the recording and its recipe, for what is confirmed for good. */
  readonly hash: string;
  /** Secrets in it that are not known, each a mask. */
  readonly missing: number;
}

export interface RecordParams {
  readonly token: string;
  readonly recipe: Recipe;
  readonly focus: FocusFunction | undefined;
  readonly folder: string;
  readonly nodePath: string;
  /** Microseconds. */
  readonly interval: number;
  /** Seconds after which a part of the profile is written at the latest. */
  readonly checkpoint: number;
  /** What becomes of processes that the program leaves behind. */
  readonly daemons: 'leave' | 'end';
  /** Measure more than the CPU, and walk the decision tree: a report is kept beside the profile. */
  readonly diagnose?: boolean;
}

export interface RecordResult {
  readonly file: string;
  /** A sentence for the user: what came of it. */
  readonly message: string;
  /** Set where the user should know more than that it worked. */
  readonly warning: string | undefined;
  /** The report that stands beside it, where one was asked for. */
  readonly report?: string | undefined;
}

/** A format that a profile can be written in. */
export interface ExportFormatDto {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly extension: string;
  /** Where the file goes if nobody says otherwise. */
  readonly out: string;
  readonly opensIn: 'browser' | 'editor' | 'other';
}

export interface RecordEventDto {
  readonly token: string;
  readonly phase: 'sampling' | 'warming-up' | 'stopping';
}

export interface Settings {
  readonly lineThreshold: number;
  /** As people set them: shares in percent. */
  readonly thresholds: Thresholds;
  readonly inlayHints: boolean;
  readonly costLenses: boolean;
  readonly runLenses: boolean;
  /** Rules that say nothing. */
  readonly ignoredRules: readonly string[];
}

/** Request methods: parameters and answer. */
export interface Requests extends FindingRequests, HeapRequests {
  /** `select` names one of a file's profiles by its row, or all of them; what was chosen last holds for the file. */
  'plateau/open': [{ readonly file: string; readonly storage: string; readonly select?: number | 'merge' | undefined }, OpenedProfileDto | Failure];
  /** Tells by `plateau/strips` how busy the threads of a recording are, besides those that are known; answers when all of that is told. */
  'plateau/readStrips': [{ readonly file: string; readonly storage: string; readonly known: StripsDto['strips'] }, Record<string, never>];
  'plateau/setActive': [{ readonly file: string | undefined }, ActiveProfileDto | Failure | undefined];
  'plateau/place': [{ readonly file: string; readonly func: number; readonly select?: number | 'merge' | undefined }, PlaceDto | undefined];
  /** The hot lines of a function, or all of its lines. */
  'plateau/functionLines': [
    { readonly file: string; readonly func: number; readonly isWhole: boolean; readonly select?: number | 'merge' | undefined },
    FunctionLinesDto,
  ];
  /** Writes the profile as speedscope's JSON into a folder; gives the path. */
  'plateau/speedscope': [
    { readonly file: string; readonly storage: string; readonly select?: number | 'merge' | undefined },
    { readonly path: string } | Failure,
  ];
  'plateau/functionAt': [{ readonly file: string; readonly text: string; readonly offset: number }, FunctionDto | Failure];
  'plateau/frameAt': [
    { readonly uri: string; readonly line: number; readonly character: number },
    { readonly file: string; readonly func: number } | undefined,
  ];
  'plateau/annotations': [{ readonly uri: string }, AnnotationsDto];
  'plateau/checkArguments': [{ readonly text: string }, { readonly message: string | undefined }];
  'plateau/nodeProcesses': [Record<string, never>, readonly ProcessDto[]];
  'plateau/runWays': [{ readonly file: string; readonly text: string | undefined; readonly offset: number | undefined; readonly root: string }, RunWaysDto];
  'plateau/testBlocks': [
    { readonly file: string; readonly text: string },
    readonly { readonly line: number; readonly offset: number; readonly label: string }[],
  ];
  'plateau/recordings': [{ readonly folder: string }, readonly RecordingDto[]];
  'plateau/recipe': [{ readonly file: string }, RecipeDto | undefined];
  'plateau/rename': [{ readonly file: string; readonly title: string }, boolean];
  'plateau/record': [RecordParams, RecordResult | Failure];
  'plateau/recordHeap': [HeapRecordParams, HeapRecordResult | Failure];
  'plateau/hunt': [HuntParams, HuntDone | Failure];
  /** The report of a bottleneck, from its file. */
  'plateau/doctor': [{ readonly file: string }, DoctorDto | Failure];
  'plateau/exportFormats': [{ readonly file: string }, readonly ExportFormatDto[]];
  /** Replaces a file that is there: whoever asks has asked the user. */
  'plateau/export': [{ readonly file: string; readonly format: string; readonly out: string }, { readonly bytes: number } | Failure];
}

/** Requests from the server to the extension. */
export interface ServerRequests {
  'plateau/runInTerminal': [
    { readonly title: string; readonly command: string; readonly args: readonly string[]; readonly cwd: string | undefined },
    Failure | undefined,
  ];
}

export interface Notifications extends HeapNotifications {
  'plateau/recordStop': { readonly token: string; readonly keep: boolean };
  'plateau/huntNext': { readonly token: string };
}

export interface ServerNotifications extends FindingNotifications, HeapServerNotifications {
  'plateau/recordEvent': RecordEventDto;
  'plateau/heapEvent': { readonly token: string; readonly text: string };
  'plateau/huntEvent': { readonly token: string; readonly event: HuntEventDto };
  'plateau/openProgress': { readonly file: string; readonly read: number; readonly size: number };
  'plateau/strips': StripsDto;
  /** Annotations of every open document may have changed. */
  'plateau/annotationsChanged': Record<string, never>;
}

export const isFailure = (value: unknown): value is Failure => typeof value === 'object' && value !== null && 'failed' in value;
