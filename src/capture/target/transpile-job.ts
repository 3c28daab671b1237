import type { ModuleFormat } from './module-format';
import type { TypescriptSettings } from './typescript-settings';

/** What a target asks `transpile-child.cjs` for, as JSON on its stdin. */
export interface TranspileJob {
  readonly settings: TypescriptSettings;
  readonly file: string;
  /** Where it may not be what it is. */
  readonly wanted?: ModuleFormat | undefined;
  /** The rest of the project is wanted too: one process for all is faster than one each. */
  readonly isWide: boolean;
}

/** Its answer, as JSON on stdout. */
export type TranspileOutcome =
  | { readonly kind: 'made'; readonly format: ModuleFormat; readonly code: string }
  | { readonly kind: 'failed'; readonly message: string };
