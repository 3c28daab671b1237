import type { InferOutput } from 'valibot';
import { shorten } from './format';
import type { exportPathSchema, focusSchema, recipeSchema } from './schemas/recipe';
import { maskRecipe } from './secrets';

/** A value that a module exports, or a method of an exported class. */
export type ExportPath = InferOutput<typeof exportPathSchema>;
/** How a target is exercised; enough to do it again. Paths are absolute. */
export type Recipe = InferOutput<typeof recipeSchema>;
/** The function that a recording is about; line and column are 1-based, where V8 places it. */
export type FocusFunction = InferOutput<typeof focusSchema>;

/** A recipe in a few words: `node app.js --fast`, `npm run bench`; without what looks like a secret. */
export function recipeTitle(given: Recipe): string {
  const recipe = maskRecipe(given).masked;
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

/**
 * All of what a recipe runs, for somebody who is to decide whether it may: nothing is left out, and
 * what would not be seen, or would be seen elsewhere, is written as its number. Nothing is masked either:
 * what a stranger calls a password may be `$(rm -rf x)`. Secrets of the user's own are no part of a recipe that was written down.
 */
export function recipeText(recipe: Recipe): string {
  const words = (list: readonly string[]): string => list.map((word) => (/^[\w./:=@%+,•-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
  const lines = ((): string[] => {
    switch (recipe.kind) {
      case 'file':
        return [...Object.entries(recipe.env).map(([name, value]) => `${name}=${JSON.stringify(value)}`), `node ${words([recipe.file, ...recipe.args])}`];
      case 'program':
        return [words([recipe.command, ...recipe.args])];
      case 'script':
        return [`npm run ${words([recipe.script])}`];
      case 'command':
        return [recipe.command];
      case 'loop': {
        const { name, method } = recipe.exported;
        const made = method && !method.isStatic ? (recipe.instance ?? `new ${name}(${recipe.constructorArgs})`) : name;
        return [
          ...(recipe.setup ? [`first ${recipe.setup}`] : []),
          `${recipe.file}: ${method ? `${made}.${method.name}` : name}${method?.isGetter ? '' : `(${recipe.args})`}`,
        ];
      }
      case 'attach':
        return [`attach to ${recipe.address}`];
      case 'process':
        return [`attach to process ${recipe.pid}: ${recipe.command}`];
    }
  })();
  return [...lines, ...('cwd' in recipe ? [`in ${recipe.cwd}`] : [])].map(unhidden).join('\n');
}

/** Line ends, other control and format characters, and blanks that are none, by their number. */
const unhidden = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]|(?! )\p{Zs}| {2,}/gu, (found) =>
    found.startsWith('  ') ? `\\u{20}×${found.length} ` : `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
  );
