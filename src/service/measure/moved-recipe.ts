import path from 'node:path';
import type { Recipe } from '../../shared/recipe';

/** Recipes that `measure` can run. */
export type MeasuredRecipe = Extract<Recipe, { readonly kind: 'file' | 'program' }>;

/** The same command in another checkout: its folder, and each word that is a path below the first one. */
export function movedRecipe(recipe: MeasuredRecipe, from: string, to: string): MeasuredRecipe {
  if (from === to) return recipe;
  const moved = (word: string): string => movedPath(word, from, to);
  const args = recipe.args.map(moved);
  const cwd = moved(recipe.cwd);
  return recipe.kind === 'file' ? { ...recipe, file: moved(recipe.file), args, cwd } : { ...recipe, command: moved(recipe.command), args, cwd };
}

/** `--out=/repo/x` too; a relative path means the checkout that it runs in already. */
function movedPath(word: string, from: string, to: string): string {
  const [, head = '', rest = word] = /^(--?[\w-]+=)(.*)$/s.exec(word) ?? [];
  if (!path.isAbsolute(rest)) return word;
  const own = path.relative(from, rest);
  return own.startsWith('..') || path.isAbsolute(own) ? word : head + path.join(to, own);
}
