import type { InferOutput } from 'valibot';
import { shorten } from './format';
import type { exportPathSchema, focusSchema, recipeSchema } from './schemas/recipe';

/** A value that a module exports, or a method of an exported class. */
export type ExportPath = InferOutput<typeof exportPathSchema>;
/** How a target is exercised; enough to do it again. Paths are absolute. */
export type Recipe = InferOutput<typeof recipeSchema>;
/** The function that a recording is about; line and column are 1-based, where V8 places it. */
export type FocusFunction = InferOutput<typeof focusSchema>;

/** A recipe in a few words: `node app.js --fast`, `npm run bench`. */
export function recipeTitle(recipe: Recipe): string {
  switch (recipe.kind) {
    case 'file':
      return ['node', baseName(recipe.file), ...recipe.args].join(' ');
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
