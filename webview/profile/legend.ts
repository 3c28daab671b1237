import { Category } from '../../src/core/profile/categories';
import { type BoxColours, boxColours, coloursOfFill, themeOf } from '../chart/colours';
import { heatColour } from '../chart/palette';
import { el } from '../ui/dom';
import type { Store } from './store';

/** What the colours of boxes mean, loudest first. What is native and what V8 does itself are the same grey. */
const names: readonly (readonly [text: string, ...of: Category[]])[] = [
  ['yours', Category.User],
  ['dependencies', Category.Dependency],
  ['Node.js', Category.Node],
  ['regular expressions', Category.RegExp],
  ['garbage collection', Category.Gc],
  ['native and V8', Category.Native, Category.Program],
];

/** A middle one of the shades that functions of a category have. */
const SEED = 500;

/** Self shares that the scale of heat shows. */
const HEAT = [0, 0.02, 0.1, 0.2, 0.4] as const;

/** The legend of the boxes' colours: of what is in the profile, in the colours of the theme. `update` after another theme. */
export function colourLegend(store: Store): { readonly element: HTMLElement; update(): void } {
  const element = el('ul', { class: 'legend', 'aria-label': 'Colours' });
  const { costs, tables } = store.model;
  const present = new Set<number>();
  for (let func = 0; func < tables.functions.length; func++) if ((costs.total[func] as number) > 0) present.add(tables.functions.category[func] as number);
  const item = (text: string, ...colours: readonly BoxColours[]): HTMLElement => {
    const swatches = colours.map(({ fill, edge }) => {
      const swatch = el('span', { class: 'swatch', 'aria-hidden': 'true' });
      swatch.style.background = fill;
      if (edge !== undefined) swatch.style.border = `1px solid ${edge}`;
      return swatch;
    });
    return el('li', {}, ...swatches, text);
  };
  const items = (): HTMLElement[] => {
    const theme = themeOf(document.body);
    const { colouring } = store.state;
    const categories = (without?: Category): HTMLElement[] =>
      names
        .filter(([, first, ...more]) => first !== without && [first, ...more].some((one) => present.has(one as number)))
        .map(([text, first]) => item(text, boxColours(theme, first as number, SEED)));
    switch (colouring) {
      case 'heat':
        return [item('own time, from little to 40 % and more', ...HEAT.map((share) => coloursOfFill(theme, heatColour(share))))];
      case 'package':
        return [el('li', {}, 'a colour for each package'), ...categories(Category.Dependency)];
      case 'file':
        return [el('li', {}, 'a colour for each file')];
      default:
        return categories();
    }
  };
  const update = (): void => element.replaceChildren(...items());
  update();
  store.subscribe((changed) => {
    if (changed.has('colouring')) update();
  });
  return { element, update };
}
