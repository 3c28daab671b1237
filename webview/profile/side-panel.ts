import { nodeAtPath } from '../../src/core/profile/views/transform';
import type { SideKind } from '../../src/protocol/view-state';
import { functionIndex } from '../../src/shared/brands';
import { button, el } from '../ui/dom';
import { type FindingActions, findingsPanel } from './findings-panel';
import { type PanelActions, renderPanel } from './function-panel';
import type { Store } from './store';

/** What stands beside the view: the selected function's numbers, or the list of findings. */
export interface SidePanel {
  readonly element: HTMLElement;
  update(): void;
  focusFindings(): void;
  selectFinding(id: string): void;
}

export function sidePanel(store: Store, actions: PanelActions & FindingActions & { onClose(): void }): SidePanel {
  const element = el('aside', { class: 'panel' });
  const content = el('div', { role: 'tabpanel', class: 'side-content' });
  const findings = findingsPanel(store, actions);
  const tab = (side: SideKind, label: string, title: string): HTMLButtonElement =>
    button(title, () => store.set({ side }), { role: 'tab', 'data-side': side }, label);
  const tabs = [tab('function', 'Function', 'The selected function'), tab('findings', 'Findings', 'What to do (W)')];
  const [, findingsTab] = tabs;
  const bar = el('div', { class: 'segments side-tabs', role: 'tablist', 'aria-label': 'Panel' }, ...tabs);
  bar.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    store.set({ side: store.state.side === 'function' ? 'findings' : 'function' });
    tabs.find((one) => one.dataset.side === store.state.side)?.focus();
    event.preventDefault();
    event.stopPropagation();
  });
  element.append(
    el('div', { class: 'side-bar' }, bar, button('Close the panel (P)', actions.onClose, { class: 'close', 'aria-label': 'Close the panel' }, '×')),
    content,
  );

  function showFunction(): void {
    const { selected, view } = store.state;
    if (selected === undefined) {
      content.replaceChildren(
        el('p', { class: 'hint' }, 'Select a frame to see its lines, callers and callees.'),
        el('p', { class: 'hint' }, 'Arrow keys move, Enter zooms, right-click or M lists what can be done, ? lists all keys.'),
      );
      return;
    }
    const lines = store.lines?.func === selected && view !== 'source' ? store.lines : undefined;
    const scroll = content.scrollTop;
    content.replaceChildren(renderPanel(store.model, store.findings, store.profile, functionIndex(selected), lines, pathTotal(store), actions));
    content.scrollTop = scroll;
  }

  return {
    element,
    update() {
      const { hasPanel, side, selected, view } = store.state;
      // Between callers and callees the function's panel would say the same again.
      element.hidden = !hasPanel || (view === 'sandwich' && side === 'function');
      element.classList.toggle('empty', side === 'function' && selected === undefined);
      if (element.hidden) return;
      for (const one of tabs) {
        const isSelected = one.dataset.side === side;
        one.setAttribute('aria-selected', String(isSelected));
        one.tabIndex = isSelected ? 0 : -1;
      }
      const open = store.findings.filter(({ status }) => status === 'open').length;
      findingsTab?.replaceChildren('Findings', ...(open > 0 ? [' ', el('span', { class: 'count' }, String(open))] : []));
      if (side === 'function') return showFunction();
      if (content.firstElementChild !== findings.element || content.childElementCount > 1) content.replaceChildren(findings.element);
      findings.update();
    },
    focusFindings: findings.focus,
    selectFinding: findings.select,
  };
}

/** What the frame that is selected costs with everything below it; undefined where none is, or where trees begin at the leaves. */
function pathTotal({ state, model }: Store): number | undefined {
  if (state.path.length === 0 || state.isInverted) return undefined;
  const node = nodeAtPath(model.tables, state.path);
  return node > 0 && model.tables.nodes.func[node] === state.selected ? (model.span[node] as number) : undefined;
}
