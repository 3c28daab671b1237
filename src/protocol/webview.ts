/** What the extension and the flame graph's webview say to each other. */
import type { FindingStatus } from '../shared/finding-status';
import type { FindingDto } from './findings';
import type { FunctionLinesDto, OpenedProfileDto } from './lsp';
import type { StripsDto } from './threads';
import type { Preferences, Unfolded, ViewState } from './view-state';

/**
 * The tables: a slab of so many bytes has come before, in parts; a large one is fetched,
 * so that it never passes through the extension host.
 */
export type SlabSource = { readonly sent: number } | { readonly url: string };

export type ToWebview =
  | { readonly kind: 'loading'; readonly progress: number | undefined }
  /** The part of a slab that begins `at` so many bytes; they come in order, and one at 0 begins another slab. */
  | { readonly kind: 'slabPart'; readonly at: number; readonly bytes: ArrayBuffer }
  | {
      readonly kind: 'profile';
      readonly profile: OpenedProfileDto;
      readonly slab: SlabSource;
      readonly state?: unknown;
      readonly notMine: readonly string[];
      readonly preferences: Preferences;
      /** Folded runs of frames that were shown when this profile was looked at before. */
      readonly unfolded: Unfolded;
    }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'reveal'; readonly func: number }
  | { readonly kind: 'lines'; readonly lines: FunctionLinesDto }
  | { readonly kind: 'gone'; readonly message: string }
  | { readonly kind: 'focusSearch' }
  | { readonly kind: 'strips'; readonly strips: StripsDto['strips'] }
  /** What was chosen cannot be shown, and what was shown stays. */
  | { readonly kind: 'notChosen'; readonly message: string }
  | { readonly kind: 'findings'; readonly findings: readonly FindingDto[] }
  | { readonly kind: 'showFinding'; readonly id: string };

export type FromWebview =
  | { readonly kind: 'ready' }
  | { readonly kind: 'shown'; readonly nodes: number; readonly milliseconds: number }
  | { readonly kind: 'openSource'; readonly func: number; readonly line?: number | undefined; readonly beside: boolean }
  | { readonly kind: 'wantLines'; readonly func: number; readonly isWhole: boolean }
  /** For the page's own memory. */
  | { readonly kind: 'state'; readonly state: ViewState }
  /** To be remembered for all profiles. */
  | { readonly kind: 'preferences'; readonly preferences: Preferences }
  /** To be remembered for this profile. */
  | { readonly kind: 'unfolded'; readonly unfolded: Unfolded }
  | { readonly kind: 'openSpeedscope' }
  /** `slab` names what the rows of the state belong to. */
  | { readonly kind: 'copyLink'; readonly state: ViewState & { readonly slab?: string } }
  | { readonly kind: 'profileAgain' }
  | { readonly kind: 'choose'; readonly select: number | 'merge' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'finding'; readonly act: 'explain' | 'goTo' | 'fix' | 'fixAndProfileAgain'; readonly id: string }
  | { readonly kind: 'setFindingStatus'; readonly ids: readonly string[]; readonly status: FindingStatus }
  | { readonly kind: 'copy'; readonly text: string; readonly what: string };
