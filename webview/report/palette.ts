import { boxColours, seedOf } from '../chart/colours';

/**
 * The editor's colours as CSS variables, so that a change of the theme and the printer
 * need no drawing: `--c0-3` is the fourth tone of category 0. Labels are `LABEL` on all of them.
 */
const TONES = 12;
export const LABEL = '#101216';

export const toneOf = (category: number, name: string): string => `var(--c${category}-${seedOf(name) % TONES})`;

export function paletteStyle(categories: Iterable<number>): string {
  const list = [...new Set(categories)];
  const variables = (theme: 'light' | 'dark'): string =>
    list
      .flatMap((category) => Array.from({ length: TONES }, (_, tone) => `--c${category}-${tone}:${boxColours(theme, category, seedOf(`tone ${tone}`)).fill}`))
      .join(';');
  return `:root{${variables('light')}}@media screen and (prefers-color-scheme:dark){:root{${variables('dark')}}}`;
}
