import { hcl, interpolateRgbBasis, type RGBColor, rgb } from 'd3';
import type { FlameModel } from '../../src/core/profile/views/flame-model';
import type { Colouring } from '../../src/protocol/view-state';
import { type BoxColours, boxColours, coloursOfFill, seedOf, type ThemeKind } from './colours';

/** The colours of a profile's functions, worked out as they are asked for. */
export interface Palette {
  of(func: number): BoxColours;
  /** High contrast themes draw an edge around every box: by the box's fill. */
  readonly hasEdges: boolean;
  readonly edges: ReadonlyMap<string, string | undefined>;
}

/** From cold to hot; each end is far enough from the other to be told apart without hue. */
const heat = interpolateRgbBasis(['#7d9bb5', '#c3b48a', '#d99a4e', '#d1604a']);
/** Self share from which a function is as hot as can be. */
const HOTTEST = 0.4;

/** The colour of a self share. */
export const heatColour = (share: number): RGBColor => rgb(heat(Math.min(1, Math.sqrt(share / HOTTEST))));

export function createPalette(theme: ThemeKind, colouring: Colouring, { tables, costs, width }: FlameModel): Palette {
  const { functions, strings } = tables;
  const known = new Map<number, BoxColours>();
  const edges = new Map<string, string | undefined>();
  const make = (func: number): BoxColours => {
    const category = functions.category[func] as number;
    switch (colouring) {
      case 'category':
        return boxColours(theme, category, 500);
      case 'package':
      case 'file': {
        const name = strings.at((colouring === 'package' ? functions.package[func] : functions.url[func]) as number);
        if (name === '') return boxColours(theme, category, 500);
        const seed = seedOf(name);
        const isDark = theme === 'dark';
        return coloursOfFill(theme, rgb(hcl(seed % 360, 32 + ((seed >>> 9) % 14), (isDark ? 58 : 76) + ((seed >>> 16) % 9))));
      }
      case 'heat': {
        const share = width > 0 ? (costs.self[func] ?? 0) / width : 0;
        return coloursOfFill(theme, heatColour(share));
      }
      default:
        return boxColours(theme, category, seedOf(strings.at(functions.name[func] as number) + strings.at(functions.url[func] as number)));
    }
  };
  return {
    of(func) {
      let colours = known.get(func);
      if (!colours) {
        colours = make(func);
        known.set(func, colours);
        edges.set(colours.fill, colours.edge);
      }
      return colours;
    },
    hasEdges: theme.startsWith('hc'),
    edges,
  };
}
