import type { FlameModel } from '../../src/core/profile/views/flame-model';
import { plainRows, type Rows } from './trunks';

/** What is to be seen: a range of the time axis on so many pixels, and a range of rows. */
export interface Viewport {
  /** Microseconds. */
  readonly from: number;
  readonly to: number;
  /** CSS pixels. */
  readonly width: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/** Called for each box: `node` is the frame, or the first of `count` frames that are merged for being small. */
export type DrawBox = (x: number, width: number, row: number, node: number, count: number, cost: number) => void;

/** Boxes narrower than this are merged with their neighbours. */
export const MIN_WIDTH = 1.5;

/**
 * Walks what is visible. A subtree that is too narrow, and all its siblings after
 * it (they are narrower still), become one box that says how many they are, so no
 * cost vanishes. O(boxes drawn + frames above the view).
 */
export function layoutFlame(model: FlameModel, view: Viewport, draw: DrawBox, { of: rows, skip }: Rows = plainRows(model)): void {
  const { left, span, tables } = model;
  const { parent, subtreeEnd, length } = tables.nodes;
  const scale = view.width / (view.to - view.from);
  let node = 0;
  while (node < length) {
    const next = skip === undefined ? 0 : (skip[node] as number);
    if (next !== 0) {
      node = next;
      continue;
    }
    const start = left[node] as number;
    const size = span[node] as number;
    const row = rows[node] as number;
    const up = parent[node] as number;
    if (start + size <= view.from && size > 0) {
      node = subtreeEnd[node] as number;
      continue;
    }
    const restEnd = up < 0 ? length : (subtreeEnd[up] as number);
    if (start >= view.to || size <= 0) {
      // Siblings after it lie further right or have no width either; idle has none but may stand first.
      node = start >= view.to ? restEnd : (subtreeEnd[node] as number);
      continue;
    }
    if (size * scale < MIN_WIDTH && up >= 0 && !model.isRanked) {
      // By name, what follows may be wide again: only the run of narrow ones becomes one box.
      let end = start + size;
      let after = subtreeEnd[node] as number;
      while (after < restEnd && (span[after] as number) * scale < MIN_WIDTH) {
        end = (left[after] as number) + (span[after] as number);
        after = subtreeEnd[after] as number;
      }
      const x0 = Math.max(0, (start - view.from) * scale);
      const x1 = Math.min(view.width, (end - view.from) * scale);
      if (row >= view.firstRow && row <= view.lastRow && x1 > x0) draw(x0, Math.max(x1 - x0, 0.5), row, node, after - node, end - start);
      node = after;
      continue;
    }
    if (size * scale < MIN_WIDTH && up >= 0) {
      const end = Math.max(start + size, childrenEnd(model, up));
      const x0 = Math.max(0, (start - view.from) * scale);
      const x1 = Math.min(view.width, (end - view.from) * scale);
      if (row >= view.firstRow && row <= view.lastRow && x1 > x0) draw(x0, Math.max(x1 - x0, 0.5), row, node, restEnd - node, end - start);
      node = restEnd;
      continue;
    }
    if (row > view.lastRow) {
      // Siblings stand on the same row.
      node = up < 0 ? length : restEnd;
      continue;
    }
    if (row >= view.firstRow) {
      const x0 = Math.max(0, (start - view.from) * scale);
      const x1 = Math.min(view.width, (start + size - view.from) * scale);
      draw(x0, x1 - x0, row, node, 1, size);
    }
    node++;
  }
}

/** The right edge of a node's children: they stand from its left, its own time is what remains. */
function childrenEnd({ left, span, tables }: FlameModel, parent: number): number {
  return (left[parent] as number) + (span[parent] as number) - (tables.nodes.self[parent] as number);
}

/** The node under a point, or -1; the same walk, for one pixel. */
export function nodeAt(model: FlameModel, view: Viewport, x: number, row: number, rows?: Rows): { node: number; count: number; cost: number } | undefined {
  let found: { node: number; count: number; cost: number } | undefined;
  const meet: DrawBox = (left, width, _row, node, count, cost) => {
    if (x >= left && x < left + width) found = { node, count, cost };
  };
  layoutFlame(model, { ...view, firstRow: row, lastRow: row }, meet, rows);
  return found;
}
