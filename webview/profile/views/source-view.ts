import { frameLabel } from '../../../src/core/findings/explain';
import { functionIndex } from '../../../src/shared/brands';
import { formatCost, formatShare } from '../../../src/shared/format';
import { button, el } from '../../ui/dom';
import type { View, ViewContext } from './view';

/** The selected function's lines, all of them, with what each costs. */
export function sourceView(context: ViewContext): View {
  const { store } = context;
  const head = el('div', { class: 'view-bar' });
  const list = el('div', { class: 'source-lines', role: 'list', tabindex: '0', 'aria-label': 'Source lines with their self cost' });
  const element = el('div', { class: 'view source-view' }, head, list);
  let focused = -1;

  function render(): void {
    const { selected } = store.state;
    const { lines } = store;
    if (selected === undefined) {
      head.replaceChildren(el('span', { class: 'dim' }, 'Select a function in another view to see its lines here.'));
      list.replaceChildren();
      return;
    }
    const label = frameLabel(store.shown.tables, functionIndex(selected));
    const { place, rows } = lines?.func === selected ? lines : { place: undefined, rows: [] };
    // A collapsed package or file is no function with lines.
    const known = lines?.func === selected || selected >= store.base.functions.length;
    const note = !known
      ? 'Reading…'
      : rows.length === 0
        ? place
          ? place.exists
            ? 'No line of it can be shown: the function is not in the text of the file as it is now.'
            : `${place.file} is not on this machine.`
          : 'No source: it is part of V8, Node.js or native code.'
        : '';
    head.replaceChildren(
      el('strong', { class: 'code' }, label),
      ...(place ? [button(`Open ${place.file}:${place.line}`, () => context.openSource(selected), { class: 'link' }, `${place.file}:${place.line}`)] : []),
      el('span', { class: 'dim' }, note),
    );
    const most = Math.max(1e-9, ...rows.map(({ share }) => share));
    let last = 0;
    list.replaceChildren(
      ...rows.map(({ line, text, self, share }, at) => {
        const heat = el('span', { class: 'heat' });
        heat.style.opacity = share > 0 ? String(0.25 + (0.75 * share) / most) : '0';
        const isGap = last > 0 && line > last + 1;
        last = line;
        return button(
          `Open line ${line}`,
          () => context.openSource(selected, line),
          { class: `source-line${isGap ? ' gap' : ''}${at === focused ? ' focused' : ''}`, role: 'listitem', tabindex: '-1' },
          heat,
          el('span', { class: 'number' }, share > 0 ? formatCost(self, store.base.unit) : ''),
          el('span', { class: 'number share' }, share > 0 ? formatShare(share) : ''),
          el('span', { class: 'line-number' }, String(line)),
          el('code', {}, text || ' '),
        );
      }),
    );
    context.showStatus([label, ...(place ? [`${place.file}:${place.line}`] : [])]);
  }

  return {
    element,
    update(changed) {
      if (changed === undefined || changed.has('selected') || changed.has('lines')) {
        if (changed === undefined || changed.has('selected')) focused = -1;
        render();
      }
    },
    onKey(event) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step === 0 || list.children.length === 0) return false;
      focused = Math.max(0, Math.min(list.children.length - 1, focused + step));
      (list.children[focused] as HTMLElement).focus();
      return true;
    },
    focus: () => list.focus({ preventScroll: true }),
  };
}
