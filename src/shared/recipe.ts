import { shorten } from './format';

/** A value that a module exports, or a method of an exported class. */
export interface ExportPath {
  /** `default` or the export's name. */
  readonly name: string;
  readonly method?: { readonly name: string; readonly isStatic: boolean; readonly isGetter: boolean };
}

/** How a target is exercised; enough to do it again. Paths are absolute. */
export type Recipe =
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
      /** The command as somebody typed it, for titles. */
      readonly typed?: string | undefined;
    }
  | { readonly kind: 'program'; readonly command: string; readonly args: readonly string[]; readonly cwd: string }
  | { readonly kind: 'script'; readonly script: string; readonly cwd: string }
  | { readonly kind: 'command'; readonly command: string; readonly cwd: string }
  | {
      readonly kind: 'loop';
      readonly file: string;
      readonly exported: ExportPath;
      /** A list of JavaScript expressions, as typed, without brackets; the same for the class's constructor. */
      readonly args: string;
      readonly constructorArgs: string;
      readonly warmupMs: number;
      readonly durationMs: number;
      readonly cwd: string;
    }
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

/** A recipe in a few words: `node app.js --fast`, `npm run bench`. */
export function recipeTitle(recipe: Recipe): string {
  switch (recipe.kind) {
    case 'file':
      return recipe.typed ?? ['node', baseName(recipe.file), ...recipe.args].join(' ');
    case 'program':
      return [baseName(recipe.command), ...recipe.args].join(' ');
    case 'script':
      return `npm run ${recipe.script}`;
    case 'command':
      return recipe.command;
    case 'loop': {
      const { name, method } = recipe.exported;
      const args = method?.isGetter ? '' : `(${shorten(recipe.args, 40)})`;
      return `${method ? `${name}.${method.name}` : name}${args} in a loop`;
    }
    case 'attach':
      return `attached to ${recipe.address}`;
    case 'process':
      return `attached to process ${recipe.pid}`;
  }
}

const baseName = (file: string): string => file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
