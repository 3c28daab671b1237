import { frameLabel } from '../../src/core/findings/explain';
import type { ProfileTables } from '../../src/core/profile/tables';
import type { FlameModel } from '../../src/core/profile/views/flame-model';
import { firstAfter, type TimeLevel, type TimeOrder } from '../../src/core/profile/views/time-order';
import { formatShare, formatTime } from '../../src/shared/format';
import type { Chart, DrawnTrunk } from './chart';
import { layoutFlame, MIN_WIDTH, nodeAt, type Viewport } from './flame-layout';
import { trunkLabel } from './trunk-words';
import { plainRows, type Rows } from './trunks';

function labels(tables: ProfileTables): (func: number) => string {
  const known = new Map<number, string>();
  return (func) => {
    let label = known.get(func);
    if (label === undefined) {
      label = frameLabel(tables, func as never);
      known.set(func, label);
    }
    return label;
  };
}

/** Merged stacks; ids are nodes. The first `hidden` rows are left out: where they say nothing, as the root does under a title. */
export function flameChart(model: FlameModel, isFlipped: boolean, hidden = 0, rows: Rows = plainRows(model)): Chart {
  const { nodes } = model.tables;
  const shifted = (view: Viewport): Viewport => ({ ...view, firstRow: view.firstRow + hidden, lastRow: view.lastRow + hidden });
  return {
    from: 0,
    to: Math.max(model.width, 1e-9),
    rows: Math.max(0, rows.count - hidden),
    isFlipped,
    layout: (view, draw) => layoutFlame(model, shifted(view), (x, width, row, node, count, cost) => draw(x, width, row - hidden, node, count, cost), rows),
    boxAt: (view, x, row) => nodeAt(model, view, x, row + hidden, rows),
    funcOf: (node) => nodes.func[node] as number,
    place: (node) => ({ left: model.left[node] as number, size: model.span[node] as number, row: (rows.of[node] as number) - hidden }),
    label: labels(model.tables),
    ...(rows.folded.size > 0 ? { trunk: foldedTrunks(model.tables, rows) } : {}),
    note: (_, cost) => formatShare(model.width > 0 ? cost / model.width : 0),
  };
}

/** What is folded behind boxes, each worked out when it is first drawn. */
function foldedTrunks(tables: ProfileTables, { folded }: Rows): NonNullable<Chart['trunk']> {
  const known = new Map<number, DrawnTrunk>();
  return (node) => {
    const trunk = folded.get(node);
    if (!trunk) return undefined;
    let drawn = known.get(node);
    if (!drawn) {
      drawn = { label: trunkLabel(tables, trunk), funcs: trunk.frames.map((frame) => tables.nodes.func[frame] as number) };
      known.set(node, drawn);
    }
    return drawn;
  };
}

/** Stacks in time order; ids are segments. */
export function timeChart(order: TimeOrder, tables: ProfileTables, from: number, to: number): Chart {
  const { levels } = order;
  const levelOf = (id: number): { level: TimeLevel; row: number; at: number } => {
    let low = 0;
    let high = levels.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((levels[middle] as TimeLevel).first <= id) low = middle;
      else high = middle - 1;
    }
    const level = levels[low] as TimeLevel;
    return { level, row: low, at: id - level.first };
  };
  const layout: Chart['layout'] = (view, draw) => {
    for (let row = Math.max(0, view.firstRow); row <= Math.min(view.lastRow, levels.length - 1); row++) layoutLevel(levels[row] as TimeLevel, row, view, draw);
  };
  return {
    from,
    to: Math.max(to, from + 1e-9),
    rows: levels.length,
    isFlipped: false,
    layout,
    boxAt(view, x, row) {
      let found: { node: number; count: number; cost: number } | undefined;
      layout({ ...view, firstRow: row, lastRow: row }, (left, width, _row, node, count, cost) => {
        if (x >= left && x < left + Math.max(width, 1)) found = { node, count, cost };
      });
      return found;
    },
    funcOf(id) {
      const { level, at } = levelOf(id);
      return tables.nodes.func[level.node[at] as number] as number;
    },
    place(id) {
      const { level, row, at } = levelOf(id);
      const left = level.start[at] as number;
      return { left, size: (level.end[at] as number) - left, row };
    },
    label: labels(tables),
    note: (_, cost) => formatTime(cost),
  };
}

/**
 * One row of time: segments of a pixel and more are boxes; runs of smaller ones
 * become one box a run of pixels, which says how many they are and how much of
 * it they cover. Runs are skipped by binary search, so a row takes
 * O(pixels log segments) however many samples there are.
 */
function layoutLevel({ start, end, covered, first }: TimeLevel, row: number, view: Viewport, draw: Parameters<Chart['layout']>[1]): void {
  const scale = view.width / (view.to - view.from);
  const { length } = start;
  let at = firstAfter(end, view.from);
  while (at < length && (start[at] as number) < view.to) {
    const left = start[at] as number;
    const right = end[at] as number;
    if ((right - left) * scale >= MIN_WIDTH) {
      const x0 = Math.max(0, (left - view.from) * scale);
      draw(x0, Math.min(view.width, (right - view.from) * scale) - x0, row, first + at, 1, right - left);
      at++;
      continue;
    }
    // What begins within the next pixels belongs to the run, unless it is wide itself.
    let stop = at + 1;
    let edge = right;
    for (;;) {
      const reach = Math.max(edge + 0.5 / scale, left + MIN_WIDTH / scale);
      let next = firstAfter(start, reach, stop);
      // A wide one within the reach ends the run before it; it can only be the last of them.
      if (next > stop && ((end[next - 1] as number) - (start[next - 1] as number)) * scale >= MIN_WIDTH) next--;
      if (next === stop) break;
      stop = next;
      edge = end[stop - 1] as number;
      if ((edge - left) * scale >= 4) break; // a run is at most a few pixels, so that gaps stay gaps
    }
    const x0 = Math.max(0, (left - view.from) * scale);
    const x1 = Math.min(view.width, (edge - view.from) * scale);
    const cost = (covered[stop] as number) - (covered[at] as number);
    draw(x0, Math.max(x1 - x0, 0.75), row, first + at, stop - at, cost);
    at = stop;
  }
}
