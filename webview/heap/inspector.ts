import { baseName } from '../../src/core/findings/explain';
import { leftOutText } from '../../src/core/heap/paths/fold-path';
import { formatBytes, formatCount, formatShare, printable, shorten } from '../../src/shared/format';
import type { HeapObject, HeapPath, HeapRow, ObjectRow, PathStep } from '../../src/shared/heap-query';
import { button, el } from '../ui/dom';

export interface InspectorActions {
  onSelect(node: number): void;
  onOpenSource(node: number): void;
  onRetainers(node: number): void;
  onDominator(node: number): void;
  onClose(): void;
}

/** Fields listed; a list of its own has the rest. */
export const LISTED_FIELDS = 30;
/** A path longer than this is shown by its ends. */
const SHOWN_STEPS = 14;

/** Everything about one object: its numbers, what keeps it alive, its fields, where it comes from. */
export function renderInspector(
  object: HeapObject,
  fields: { readonly total: number; readonly rows: readonly HeapRow[] } | undefined,
  totalSize: number,
  actions: InspectorActions,
): HTMLElement {
  const { place, paths, text } = object;
  return el(
    'div',
    { class: 'panel-content inspector' },
    button('Close the panel (Ctrl+.)', actions.onClose, { class: 'close' }, '×'),
    el('h2', { class: 'code' }, shorten(object.label, 200)),
    el('p', { class: 'category' }, [object.type, `@${object.id}`, ...(object.isDetached ? ['detached'] : [])].join(' · ')),
    ...(place
      ? [
          button(
            `Go to source: ${place.url}`,
            () => actions.onOpenSource(object.node),
            { class: 'link code' },
            `${place.url === '' ? `script ${place.scriptId}` : baseName(place.url)}:${place.line}`,
          ),
        ]
      : []),
    numbers(object, totalSize),
    ...(text === undefined || text.length < 60 ? [] : [el('h3', {}, 'Text'), el('pre', { class: 'text' }, printable(text.slice(0, 2000)))]),
    ways(paths, object, actions),
    el(
      'p',
      { class: 'actions' },
      button('Show what refers to it', () => actions.onRetainers(object.node), { class: 'link' }, `All ${formatCount(object.retainers)} retainers`),
      button('Show it in the tree of dominators', () => actions.onDominator(object.node), { class: 'link' }, 'In the dominator tree'),
    ),
    fieldList(object, fields, actions),
    ...allocation(object),
  );
}

function numbers({ retained, shallow, distance }: HeapObject, totalSize: number): HTMLElement {
  const row = (label: string, value: string, share: number | undefined): HTMLElement => {
    const fill = el('span', { class: 'fill' });
    fill.style.width = `${Math.min(100, (share ?? 0) * 100)}%`;
    return el(
      'div',
      { class: 'bar' },
      el('span', { class: 'dim' }, label),
      share === undefined ? el('span', {}) : el('span', { class: 'track' }, fill),
      el('span', { class: 'number' }, value),
      el('span', { class: 'number dim' }, share === undefined ? '' : formatShare(share)),
    );
  };
  const part = (size: number): number => (totalSize > 0 ? size / totalSize : 0);
  return el(
    'div',
    { class: 'numbers' },
    row('Retained', formatBytes(retained), part(retained)),
    row('Shallow', formatBytes(shallow), part(shallow)),
    row('Distance', distance === undefined ? '–' : formatCount(distance), undefined),
  );
}

/** The shortest way from a root in full, the others folded. */
function ways(paths: readonly HeapPath[], object: HeapObject, actions: InspectorActions): HTMLElement {
  const [first, ...others] = paths;
  if (!first || first.steps.length === 0)
    return el(
      'div',
      {},
      el('h3', {}, 'Kept alive by'),
      el('p', { class: 'dim' }, object.node === 0 ? 'It is the root.' : 'Nothing but weak references: it goes with the next collection.'),
    );
  return el(
    'div',
    {},
    el('h3', {}, 'Kept alive by'),
    way(first, actions),
    ...others.map((path, at) =>
      el('details', { class: 'other-way' }, el('summary', {}, at === 0 ? 'Another way' : `Another way (${at + 1})`), way(path, actions)),
    ),
  );
}

function way({ steps: all }: HeapPath, actions: InspectorActions): HTMLElement {
  // That it begins at the root goes without saying.
  const steps = all[0]?.node === 0 ? all.slice(1) : all;
  const head = Math.ceil(SHOWN_STEPS / 2);
  const isLong = steps.length > SHOWN_STEPS + 2;
  const shown: readonly (PathStep | number)[] = isLong ? [...steps.slice(0, head), steps.length - SHOWN_STEPS, ...steps.slice(head - SHOWN_STEPS)] : steps;
  const items = (step: PathStep): HTMLElement[] => [
    item(step, step === steps.at(-1), actions),
    ...(step.leftOut ? [el('li', { class: 'gap dim' }, `… ${leftOutText(step.leftOut)}`)] : []),
  ];
  const list = el('ol', { class: 'way' });
  for (const step of shown) {
    if (typeof step === 'number') {
      list.append(
        el(
          'li',
          { class: 'gap' },
          button('Show the whole way', () => list.replaceChildren(...steps.flatMap(items)), { class: 'link' }, `… ${formatCount(step)} more`),
        ),
      );
    } else list.append(...items(step));
  }
  return list;
}

function item(step: PathStep, isLast: boolean, actions: InspectorActions): HTMLElement {
  return el(
    'li',
    isLast ? { class: 'last' } : {},
    button(
      `Select ${step.label} @${step.id}`,
      () => actions.onSelect(step.node),
      { class: 'neighbour code', 'aria-current': isLast ? 'true' : undefined },
      step.label,
      el('span', { class: 'id' }, ` @${step.id}`),
    ),
    ...(step.edge
      ? [el('span', { class: `code edge is-${step.edge.kind}` }, step.edge.kind === 'element' ? `[${step.edge.name}]` : `.${step.edge.name}`)]
      : []),
  );
}

function fieldList(
  object: HeapObject,
  fields: { readonly total: number; readonly rows: readonly HeapRow[] } | undefined,
  actions: InspectorActions,
): HTMLElement {
  const items = (fields?.rows ?? [])
    .filter((row): row is ObjectRow => row.kind === 'object')
    .map((row) =>
      el(
        'li',
        {},
        button(
          `Select ${row.label} @${row.id}`,
          () => actions.onSelect(row.node),
          { class: 'neighbour code' },
          el('span', { class: `edge is-${row.edge?.kind ?? 'property'}` }, row.edge?.name ?? ''),
          ' ',
          el('span', { class: `label is-${row.is}` }, row.label),
        ),
        el('span', { class: 'number' }, formatBytes(row.retained)),
      ),
    );
  const rest = (fields?.total ?? 0) - items.length;
  if (rest > 0) items.push(el('li', { class: 'dim' }, `${formatCount(rest)} more`));
  if (fields && items.length === 0) items.push(el('li', { class: 'dim' }, 'none'));
  if (!fields) items.push(el('li', { class: 'dim' }, 'Reading…'));
  return el(
    'div',
    {},
    el('h3', {}, `Fields${object.fields > 0 ? ` (${formatCount(object.fields)})` : ''}`),
    el('ul', { class: 'neighbours fields' }, ...items),
  );
}

function allocation({ allocated }: HeapObject): HTMLElement[] {
  if (allocated.length === 0) return [];
  return [
    el('h3', {}, 'Allocated by'),
    el(
      'ol',
      { class: 'way' },
      ...allocated.map(({ name, url, line }) =>
        el(
          'li',
          {},
          el('span', { class: 'code' }, name === '' ? '(anonymous)' : name),
          el('span', { class: 'dim code', title: url }, url === '' ? '' : ` ${baseName(url)}:${line}`),
        ),
      ),
    ),
  ];
}
