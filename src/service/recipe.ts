import type { LoopRate } from '../core/compare/statistics';
import type { ExportPath } from '../capture/loop';

/** How a target is exercised; enough to do it again. Paths are absolute. */
export type Recipe =
  | { readonly kind: 'file'; readonly file: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>>; readonly cwd: string }
  | { readonly kind: 'program'; readonly command: string; readonly args: readonly string[]; readonly cwd: string }
  | { readonly kind: 'script'; readonly script: string; readonly cwd: string }
  | { readonly kind: 'command'; readonly command: string; readonly cwd: string }
  | { readonly kind: 'loop'; readonly file: string; readonly exported: ExportPath; readonly args: string; readonly constructorArgs: string; readonly warmupMs: number; readonly durationMs: number; readonly cwd: string }
  | { readonly kind: 'attach'; readonly address: string; readonly seconds?: number | undefined }
  | { readonly kind: 'process'; readonly pid: number; readonly command: string; readonly seconds?: number | undefined };

/** The function that a recording is about. */
export interface FocusFunction {
  readonly file: string;
  /** V8's name; empty for an anonymous one. */
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based; where V8 places the function. */
  readonly column: number;
}

/**
 * What stands beside a recorded `.cpuprofile`, as `<name>.plateau.json`. The
 * profile can be read without it.
 */
export interface RecordingInfo {
  readonly version: 1;
  /** What the user calls it. */
  readonly title: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  readonly recipe: Recipe;
  readonly focus?: FocusFunction | undefined;
  readonly node: string;
  readonly pid: number;
  readonly commit?: string | undefined;
  readonly isDirty?: boolean | undefined;
  /** Microseconds. */
  readonly interval: number;
  readonly exit?: { readonly code: number | null; readonly signal: string | null } | undefined;
  readonly headline: Headline;
  readonly loop?: LoopRate | undefined;
  /** Other processes that ran and were not kept. */
  readonly otherProcesses?: number;
  /** Line fingerprints of the hot sources as they were, by path. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** What a list of recordings shows. Times in microseconds, shares of active time. */
export interface Headline {
  readonly duration: number;
  readonly active: number;
  readonly samples: number;
  readonly top?: { readonly name: string; readonly selfShare: number } | undefined;
}

/** A recipe in a few words: `node app.js --fast`, `npm run bench`. */
export function recipeTitle(recipe: Recipe): string {
  switch (recipe.kind) {
    case 'file':
      return ['node', baseName(recipe.file), ...recipe.args].join(' ');
    case 'program':
      return [recipe.command, ...recipe.args].join(' ');
    case 'script':
      return `npm run ${recipe.script}`;
    case 'command':
      return recipe.command;
    case 'loop': {
      const { name, method } = recipe.exported;
      return `${method ? `${name}.${method.name}` : name}(${recipe.args}) in a loop`;
    }
    case 'attach':
      return `attached to ${recipe.address}`;
    case 'process':
      return `attached to process ${recipe.pid}`;
  }
}

const baseName = (file: string): string => file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
