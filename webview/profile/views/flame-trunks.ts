import { frameLabel } from '../../../src/core/findings/explain';
import { pathOfNode } from '../../../src/core/profile/views/transform';
import { functionIndex } from '../../../src/shared/brands';
import { formatCost, formatShare, plural } from '../../../src/shared/format';
import { trunkSources } from '../../chart/trunk-words';
import type { Trunk } from '../../chart/trunks';
import type { MenuItem } from '../../ui/menu';
import type { TooltipLine } from '../../ui/tooltip';
import type { Store } from '../store';

/** The long runs of frames of the flame graph, which fold into a row each. */
export interface FlameTrunks {
  /** The run that a node's box stands for. */
  folded(node: number): Trunk | undefined;
  /** Shows what hides a node; a folded run's first frame is shown too. */
  reveal(node: number): void;
  /** Folds the run that a node is in, or shows it; what was selected or zoomed to in it becomes its row. False where there is none. */
  toggle(node: number): boolean;
  /** What can be done with the run that a node is in; undefined where there is none. */
  menuItem(node: number): MenuItem | undefined;
  /** First frames of folded runs in which one of these frames is. */
  holding(frames: readonly number[]): ReadonlySet<number>;
  /** `22 frames of Node.js`, and what they cost. */
  words(node: number, trunk: Trunk): { readonly name: string; readonly total: string };
  tooltip(node: number, trunk: Trunk): TooltipLine[];
}

/** `select` selects a node as a box that was walked to. */
export function flameTrunks(store: Store, zoomed: () => number, select: (node: number) => void): FlameTrunks {
  const folded = (node: number): Trunk | undefined => (store.rows.hiddenIn(node) < 0 ? store.rows.folded.get(node) : undefined);

  /** The first frame of the run that a node is in, or -1. */
  function headOf(node: number): number {
    const { parent } = store.flame.tables.nodes;
    for (let at = node; at > 0; at = parent[at] as number) {
      const trunk = store.trunks.get(at);
      if (trunk) return trunk.frames.includes(node) ? at : -1;
    }
    return -1;
  }

  function toggle(node: number): boolean {
    const head = headOf(node);
    if (head < 0) return false;
    if (folded(head)) {
      store.setTrunk(head, true);
      return true;
    }
    const isInside = store.trunks.get(head)?.frames.includes(zoomed());
    select(head);
    store.set({ isFolded: true, ...(isInside ? { zoom: pathOfNode(store.flame.tables, head) } : {}) });
    store.setTrunk(head, false);
    return true;
  }

  function words(node: number, { frames }: Trunk): { name: string; total: string } {
    const { tables, span, width } = store.flame;
    const sources = trunkSources(tables, { frames });
    const total = span[node] as number;
    return {
      name: `${plural(frames.length, 'frame')}${sources ? ` of ${sources}` : ''}`,
      total: `${formatCost(total, tables.unit)} · ${formatShare(width > 0 ? total / width : 0)}`,
    };
  }

  return {
    folded,
    reveal(node) {
      const hidden = store.rows.hiddenIn(node);
      const head = hidden >= 0 ? hidden : store.rows.folded.has(node) ? node : -1;
      if (head >= 0) store.setTrunk(head, true);
    },
    toggle,
    menuItem(node) {
      const head = headOf(node);
      if (head < 0) return undefined;
      const count = plural((store.trunks.get(head) as Trunk).frames.length, 'frame');
      return { label: folded(head) ? `Show the ${count}` : `Fold these ${count}`, key: 'Z', act: () => void toggle(head) };
    },
    holding(frames) {
      const heads = new Set<number>();
      if (store.rows.folded.size === 0) return heads;
      for (const node of frames) {
        const hidden = store.rows.hiddenIn(node);
        if (hidden >= 0) heads.add(hidden);
        else if (store.rows.folded.has(node)) heads.add(node);
      }
      return heads;
    },
    words,
    tooltip(node, trunk) {
      const { tables } = store.flame;
      const label = (of: number | undefined): string => frameLabel(tables, functionIndex(tables.nodes.func[of ?? 0] as number));
      const { name, total } = words(node, trunk);
      return [
        { text: name, style: 'strong' },
        { text: `${label(trunk.frames[0])} … ${label(trunk.frames.at(-1))}`, style: 'dim' },
        { text: `total ${total}` },
        { text: 'Each calls little but the next. Click to show them.', style: 'dim' },
      ];
    },
  };
}
