import { hcl, rgb } from 'd3';
import type { HeapKind } from '../../src/shared/heap-query';
import { type BoxColours, coloursOfFill, seedOf, type ThemeKind } from '../chart/colours';

/** Objects warm and loudest, as your code in a flame graph; what V8 needs for itself grey. */
const tones: Readonly<Record<HeapKind, { readonly hue: number; readonly chroma: number }>> = {
  object: { hue: 70, chroma: 52 },
  closure: { hue: 312, chroma: 32 },
  string: { hue: 135, chroma: 32 },
  array: { hue: 245, chroma: 34 },
  buffer: { hue: 195, chroma: 30 },
  code: { hue: 10, chroma: 38 },
  native: { hue: 285, chroma: 14 },
  other: { hue: 260, chroma: 4 },
};

const lightness: Readonly<Record<ThemeKind, number>> = { dark: 62, light: 80, 'hc-dark': 62, 'hc-light': 80 };

/** The colours of a kind's boxes; a name parts neighbours of one kind. */
export function kindColours(theme: ThemeKind, kind: HeapKind, name = ''): BoxColours {
  const { hue, chroma } = tones[kind];
  const seed = name === '' ? 0 : seedOf(name);
  const off = name === '' ? 0 : (((seed % 1000) / 999) * 2 - 1) * 9;
  const light = lightness[theme] + (name === '' ? 0 : ((seed >>> 10) % 7) - 3);
  return coloursOfFill(theme, rgb(hcl(hue + off, chroma * (theme.endsWith('light') ? 0.75 : 1), light)));
}

/** A plain swatch: of one colour in every theme, so that a legend and its bar agree. */
export function swatch(theme: ThemeKind, kind: HeapKind): string {
  const { hue, chroma } = tones[kind];
  return rgb(hcl(hue, chroma, theme.endsWith('light') ? 58 : 66))
    .clamp()
    .formatHex();
}
