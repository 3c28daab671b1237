/**
 * Texts for user interfaces that give a meaning to characters. Names of functions, files,
 * threads and scripts come from strangers: whatever they hold, they stay text.
 *
 * VS Code makes links of `[text](command:…)` in notifications and prompts, and icons of
 * `$(name)` in labels; there is no way to escape either. A zero-width space in between ends
 * both and is not seen.
 */
import { printable, shorten } from './format';

/** A message may be as long as VS Code shows it. */
export const MAX_MESSAGE = 900;
const GAP = '\u200b';

/** One line of text without links, icons, control characters and changes of the writing direction; what is longer than `max` loses its middle. */
export function plainText(text: string, max = MAX_MESSAGE): string {
  const line = printable(shorten(text, max).replace(/[\r\n\t\u2028\u2029]+/g, ' '));
  return line.replace(/\](?=\()|\$(?=\()/g, `$&${GAP}`);
}

/** Whether nothing of a text is left out by `plainText`, as has to be where somebody decides by all of it. */
export const isShownWhole = (text: string, max = MAX_MESSAGE): boolean => shorten(text, max) === text;

/** Several lines of such text, as tooltips have. */
export const plainLines = (lines: readonly string[], max = MAX_MESSAGE): string => lines.map((line) => plainText(line, max)).join('\n');
