import { hcl, lab, type RGBColor, rgb } from 'd3';
import { Category } from '../../src/core/profile/categories';

export type ThemeKind = 'dark' | 'light' | 'hc-dark' | 'hc-light';

/** Colours of a box: what it is filled with, its edge where a theme has edges, and its texts. */
export interface BoxColours {
  readonly fill: string;
  readonly edge: string | undefined;
  readonly text: string;
  readonly dimText: string;
}

interface Tone {
  readonly hue: number;
  readonly chroma: number;
  /** How far a function's own hue may be off, degrees. */
  readonly shift: number;
}

/** Your code warm and loudest, dependencies cool, Node.js violet, native grey, garbage collection rose. */
const tones: Readonly<Record<number, Tone>> = {
  [Category.User]: { hue: 70, chroma: 58, shift: 14 },
  [Category.Dependency]: { hue: 240, chroma: 30, shift: 28 },
  [Category.Node]: { hue: 312, chroma: 30, shift: 8 },
  [Category.Native]: { hue: 260, chroma: 5, shift: 4 },
  [Category.RegExp]: { hue: 130, chroma: 34, shift: 8 },
  [Category.Gc]: { hue: 10, chroma: 46, shift: 2 },
  [Category.Program]: { hue: 260, chroma: 4, shift: 0 },
  [Category.Root]: { hue: 260, chroma: 3, shift: 0 },
};
const plain: Tone = { hue: 260, chroma: 3, shift: 0 };

const lightness: Readonly<Record<ThemeKind, number>> = { dark: 62, light: 80, 'hc-dark': 18, 'hc-light': 97 };

/** The colours of a function's boxes; `seed` parts neighbours of one category. */
export function boxColours(theme: ThemeKind, category: number, seed: number): BoxColours {
  const tone = tones[category] ?? plain;
  const isContrast = theme.startsWith('hc');
  const off = ((seed % 1000) / 999) * 2 - 1;
  const hue = tone.hue + off * tone.shift;
  const light = lightness[theme] + (isContrast ? 0 : ((seed >>> 10) % 7) - 3);
  const chroma = isContrast ? Math.min(tone.chroma, theme === 'hc-dark' ? 22 : 4) : tone.chroma * (theme === 'light' ? 0.75 : 1);
  const fill = rgb(hcl(hue, chroma, light));
  const text = contrast(fill, DARK_TEXT) >= contrast(fill, LIGHT_TEXT) ? DARK_TEXT : LIGHT_TEXT;
  return {
    fill: fill.clamp().formatHex(),
    edge: isContrast
      ? rgb(hcl(hue, tone.chroma, theme === 'hc-dark' ? 78 : 36))
          .clamp()
          .formatHex()
      : undefined,
    text: text.formatHex(),
    dimText: dimmed(fill.clamp(), text).formatHex(),
  };
}

/** The same of a given fill. High contrast keeps its plain ground and puts the colour into the edge. */
export function coloursOfFill(theme: ThemeKind, given: RGBColor): BoxColours {
  const isContrast = theme.startsWith('hc');
  const { h, c } = hcl(given);
  const fill = (isContrast ? rgb(hcl(h, theme === 'hc-dark' ? 18 : 4, lightness[theme])) : given).clamp();
  const text = contrast(fill, DARK_TEXT) >= contrast(fill, LIGHT_TEXT) ? DARK_TEXT : LIGHT_TEXT;
  const edge = isContrast
    ? rgb(hcl(h, c, theme === 'hc-dark' ? 78 : 36))
        .clamp()
        .formatHex()
    : undefined;
  return { fill: fill.formatHex(), edge, text: text.formatHex(), dimText: dimmed(fill, text).formatHex() };
}

const DARK_TEXT = rgb(16, 18, 22);
const LIGHT_TEXT = rgb(255, 255, 255);

/** As close to the fill as 4.5:1 allows, but never closer than a third of the way. */
function dimmed(fill: RGBColor, text: RGBColor): RGBColor {
  for (let part = 0.34; part > 0; part -= 0.04) {
    const mixed = mix(text, fill, part);
    if (contrast(fill, mixed) >= 4.6) return mixed;
  }
  return text;
}

function mix(from: RGBColor, to: RGBColor, part: number): RGBColor {
  const a = lab(from);
  const b = lab(to);
  return rgb(lab(a.l + (b.l - a.l) * part, a.a + (b.a - a.a) * part, a.b + (b.b - a.b) * part)).clamp();
}

/** Contrast ratio of two colours (WCAG 2.2, 1.4.3). */
export function contrast(a: RGBColor, b: RGBColor): number {
  const light = (colour: RGBColor): number => {
    const channel = (value: number): number => {
      const part = Math.min(255, Math.max(0, value)) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * channel(colour.r) + 0.7152 * channel(colour.g) + 0.0722 * channel(colour.b);
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** A number that is the same for the same text (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length && i < 200; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The theme that VS Code has put on the page. */
export function themeOf(body: { classList: { contains(name: string): boolean } }): ThemeKind {
  if (body.classList.contains('vscode-high-contrast-light')) return 'hc-light';
  if (body.classList.contains('vscode-high-contrast')) return 'hc-dark';
  return body.classList.contains('vscode-light') ? 'light' : 'dark';
}
