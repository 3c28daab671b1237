import type { FindingLevel } from '../../src/shared/reported-finding';
import type { DrawBox, Viewport } from './flame-layout';

/** What a chart draws: boxes in rows over an axis of cost or of time. Boxes go by an id of the chart's own. */
export interface Chart {
  /** The axis, in the profile's unit. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Whether row 0 is at the bottom. */
  readonly isFlipped: boolean;
  layout(view: Viewport, draw: DrawBox): void;
  boxAt(view: Viewport, x: number, row: number): HoveredBox | undefined;
  funcOf(id: number): number;
  place(id: number): { readonly left: number; readonly size: number; readonly row: number };
  label(func: number): string;
  /** The frames that are folded behind a box; absent where nothing is folded. */
  trunk?(id: number): DrawnTrunk | undefined;
  /** What stands in a box of several that are merged; by default how many smaller frames they are. */
  merged?(count: number): string;
  /** What stands after the label where there is room. */
  note(id: number, cost: number): string;
}

export interface DrawnTrunk {
  readonly label: string;
  readonly funcs: readonly number[];
}

/** Functions that carry a mark, by its level. */
export type Marks = ReadonlyMap<number, FindingLevel>;

export interface HoveredBox {
  readonly node: number;
  /** More than 1 for a merged box. */
  readonly count: number;
  readonly cost: number;
}

/** What of a chart stands out. Ids are the chart's, functions the profile's; -1 for none. */
export interface Highlight {
  readonly selected: number;
  readonly func: number;
  /** By function: 1 where the search matches. */
  readonly matches: Uint8Array | undefined;
  readonly marks: Marks;
  /** Boxes of folded frames in which the search matches something. */
  readonly trunks?: ReadonlySet<number> | undefined;
}

export const noHighlight: Highlight = { selected: -1, func: -1, matches: undefined, marks: new Map() };
