import { frameLabel } from '../../src/core/findings/explain';
import type { FlameModel } from '../../src/core/profile/views/flame-model';
import { functionIndex } from '../../src/shared/brands';
import { formatCost, formatShare, plural } from '../../src/shared/format';
import { el, setText } from './dom';

/**
 * The focused frame as a real element in an ARIA tree beside the canvas, so that
 * a screen reader says what the canvas shows. Only the focused frame exists; its
 * level, position and set size tell where it stands.
 */
export interface AriaTree {
  readonly element: HTMLElement;
  /** `more` is said after the frame's own numbers; what is closed stands for frames that can be shown. */
  focusNode(model: FlameModel, node: number, more?: readonly { readonly text: string }[], isClosed?: boolean): void;
}

export function ariaTree(name: string, describe = frameWords, hint = 'M lists what can be done, '): AriaTree {
  const item = el('div', { role: 'treeitem', id: 'focused-frame' });
  const element = el(
    'div',
    {
      role: 'tree',
      tabindex: '0',
      class: 'flame-tree',
      'aria-label': `${name}: arrow keys move, Enter zooms, ${hint}question mark lists all keys`,
      'aria-activedescendant': 'focused-frame',
    },
    item,
  );
  return {
    element,
    focusNode(model, node, more = [], isClosed = false) {
      const { nodes } = model.tables;
      const { position, count } = siblingPosition(model, node);
      item.setAttribute('aria-level', String((nodes.depth[node] as number) + 1));
      item.setAttribute('aria-posinset', String(position));
      item.setAttribute('aria-setsize', String(count));
      item.setAttribute('aria-selected', 'true');
      if (isClosed) item.setAttribute('aria-expanded', 'false');
      else item.removeAttribute('aria-expanded');
      setText(item, describe(model, node) + more.map(({ text }) => `, finding: ${text}`).join(''));
    },
  };
}

/** What is said of a frame. */
export function frameWords(model: FlameModel, node: number): string {
  const { nodes, unit } = model.tables;
  const total = model.span[node] as number;
  const callees = children(model, node).length;
  return `${frameLabel(model.tables, functionIndex(nodes.func[node] as number))}, ${formatCost(total, unit)} total, ${formatShare(model.width > 0 ? total / model.width : 0)}, ${formatCost(nodes.self[node] as number, unit)} self, ${plural(callees, 'callee')}`;
}

/** Children with a width, widest first, as they stand. */
export function children({ tables: { nodes }, span }: FlameModel, node: number): number[] {
  const found: number[] = [];
  const end = nodes.subtreeEnd[node] as number;
  for (let child = node + 1; child < end; child = nodes.subtreeEnd[child] as number) if ((span[child] as number) > 0) found.push(child);
  return found;
}

export function sibling(model: FlameModel, node: number, step: 1 | -1): number {
  const parent = model.tables.nodes.parent[node] as number;
  if (parent < 0) return node;
  const all = children(model, parent);
  return all[all.indexOf(node) + step] ?? node;
}

function siblingPosition(model: FlameModel, node: number): { position: number; count: number } {
  const parent = model.tables.nodes.parent[node] as number;
  if (parent < 0) return { position: 1, count: 1 };
  const all = children(model, parent);
  return { position: all.indexOf(node) + 1, count: all.length };
}
