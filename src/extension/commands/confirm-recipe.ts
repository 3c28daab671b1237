import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { RecipeDto } from '../../protocol/lsp';
import { isShownWhole } from '../../shared/plain-text';
import type { FocusFunction, Recipe } from '../../shared/recipe';
import { recipeText } from '../../shared/recipe';
import { fillRecipe } from '../../shared/secrets';
import type { Server } from '../server-client';
import { showText } from '../show-place';
import { askText, showModal, showWarning } from '../ui';

/** Recordings that came from elsewhere and were allowed for good, by hash; kept outside of every workspace. */
const CONFIRMED = 'confirmedRecipes';
const MOST_CONFIRMED = 1000;
/** A dialog shows no more so that all of it is seen. */
const MOST_IN_DIALOG = 1200;
const MOST_LINES = 25;

const NOT = 'Do Not Run';
const RUN = 'Run Once';
const ALWAYS = 'Always for This Recording';

export interface Repeatable {
  readonly recipe: Recipe;
  readonly focus: FocusFunction | undefined;
}

/**
 * What a recording is made again with. What was not recorded on this machine, or was changed
 * since, is shown whole and confirmed first. `unknown` where nothing is known of how it was made,
 * undefined where the user does not want it.
 */
export async function repeatable(context: vscode.ExtensionContext, server: Server, file: string): Promise<Repeatable | 'unknown' | undefined> {
  const known = await server.request('plateau/recipe', { file });
  if (!known) return 'unknown';
  if (known.recipe.kind === 'process') return known;
  if (!known.isOwn && !(await isAllowed(context, file, known))) return undefined;
  const recipe = known.missing > 0 ? await askSecrets(known) : known.recipe;
  return recipe && { recipe, focus: known.focus };
}

async function isAllowed(context: vscode.ExtensionContext, file: string, { recipe, hash }: RecipeDto): Promise<boolean> {
  const allowed = context.globalState.get<unknown>(CONFIRMED);
  const hashes = Array.isArray(allowed) ? allowed.filter((one) => typeof one === 'string') : [];
  if (hashes.includes(hash)) return true;
  const text = recipeText(recipe);
  const lines = text.split('\n');
  const isLong = text.length > MOST_IN_DIALOG || lines.length > MOST_LINES || !lines.every((line) => isShownWhole(line));
  const why = `${path.basename(file)} came from elsewhere, or was changed: its command was not recorded on this machine. Run it only if you know what it does.`;
  // A dialog would cover the editor in which a long command is read. The first button of a dialog is the one that Enter presses.
  if (isLong) await showText(text);
  const choice = isLong
    ? await showWarning(`Run the command of this recording? Its ${text.length} characters are in the editor. ${why}`, RUN, ALWAYS, NOT)
    : await showModal('Run the command of this recording?', [...lines, '', why], NOT, RUN, ALWAYS);
  if (choice === ALWAYS) await context.globalState.update(CONFIRMED, [...hashes, hash].slice(-MOST_CONFIRMED));
  return choice === RUN || choice === ALWAYS;
}

/** Asks for what was not written down. */
async function askSecrets({ recipe, missing }: RecipeDto): Promise<Recipe | undefined> {
  const values: string[] = [];
  for (let at = 1; at <= missing; at++) {
    const value = await askText({
      title: missing === 1 ? 'A Secret of the Command' : `A Secret of the Command (${at}/${missing})`,
      prompt: `For the ${missing === 1 ? '' : `${ordinal(at)} `}••• in: ${recipeText(recipe).slice(0, 300)}`,
      isSecret: true,
    });
    if (value === undefined) return undefined;
    values.push(value);
  }
  return fillRecipe(recipe, values);
}

const ordinal = (at: number): string => ['first', 'second', 'third'][at - 1] ?? `${at}th`;
