import { formatBytes } from '../../shared/format';
import type { HuntThread } from '../../shared/hunt';
import type { Recipe } from '../../shared/recipe';
import { type SizedThread, threadText, type WantedThread, wantedAgain } from '../../shared/thread-choice';
import { pickOne } from '../ui';

/** Asks for one of the threads that a recipe was seen to have, but for the one that was `kept`. Undefined where the user gave up. */
export async function chooseThread(title: string, recipe: Recipe, kept: HuntThread, others: readonly SizedThread[]): Promise<WantedThread | undefined> {
  const all = [kept, ...others];
  const keepsPids = recipe.kind === 'process' || recipe.kind === 'attach';
  const items = others.map((thread) => ({
    label: threadText(thread),
    ...(thread.bytes === undefined ? {} : { description: `a heap of ${formatBytes(thread.bytes)}` }),
    thread,
  }));
  const chosen = await pickOne(items, {
    title,
    placeHolder: keepsPids ? 'It is recorded once more' : 'The program runs again; the thread is found by its name',
    matchOnDescription: true,
    // The panel that asks takes the focus when it shows what was found.
    ignoreFocusOut: true,
  });
  return chosen && wantedAgain(chosen.thread, all, { keepsPids });
}
