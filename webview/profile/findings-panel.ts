import type { FindingDto } from '../../src/protocol/findings';
import { type FindingStatus, findingStatuses, levelWords } from '../../src/shared/finding-status';
import { formatCost, formatShare, plural } from '../../src/shared/format';
import { button, el, inCode } from '../ui/dom';
import { isNamed } from './finding-words';
import type { Store } from './store';

export interface FindingActions {
  /** Shows the boxes of a finding in the flame graph. */
  onShow(finding: FindingDto): void;
  onAct(act: 'explain' | 'goTo' | 'fix' | 'fixAndProfileAgain', finding: FindingDto): void;
  onStatus(findings: readonly FindingDto[], status: FindingStatus): void;
}

/** The findings as a list of what to do: open, done, ignored. */
export interface FindingsPanel {
  readonly element: HTMLElement;
  update(): void;
  focus(): void;
  /** Unfolds a finding and puts the focus on it. */
  select(id: string): void;
}

const groupNames: Readonly<Record<FindingStatus, string>> = { open: 'Open', done: 'Done', ignored: 'Ignored' };
const doneWords: Readonly<Record<FindingStatus, string>> = { open: 'Open again', done: 'Marked as done', ignored: 'Ignored' };

/** How long is told what has just been done. */
const TOLD_MS = 20_000;

export function findingsPanel(store: Store, actions: FindingActions): FindingsPanel {
  const list = el('div', { class: 'todo-list' });
  const told = el('p', { class: 'todo-told', role: 'status' });
  const element = el(
    'section',
    { class: 'todo', tabindex: '-1', 'aria-label': 'Findings: arrow keys move, Enter shows, D done, I ignore, O reopen, U undo' },
    list,
    told,
  );
  const undone: { readonly id: string; readonly status: FindingStatus }[][] = [];
  let selected: string | undefined;
  let quiet: number | undefined;

  const rows = (): FindingDto[] => findingStatuses.flatMap((status) => store.findings.filter((one) => one.status === status));
  const heads = (): HTMLButtonElement[] => [...list.querySelectorAll<HTMLButtonElement>('.todo-head')];
  const current = (): FindingDto | undefined => store.findings.find(({ id }) => id === selected);
  const canRepeat = store.profile.canRepeat;

  function setStatus(finding: FindingDto, status: FindingStatus): void {
    // A comment in the source is taken back in the source.
    if (finding.status === status) return;
    // The next one that is open is next to be looked at.
    const order = rows();
    const at = order.findIndex(({ id }) => id === finding.id);
    const next = [...order.slice(at + 1), ...order.slice(0, at).reverse()].find((one) => one.status === finding.status);
    const hadFocus = element.contains(document.activeElement);
    undone.push([{ id: finding.id, status: finding.status }]);
    apply([{ id: finding.id, status }]);
    if (status !== 'open' && next) selected = next.id;
    tell(finding, status);
    update();
    if (hadFocus) focus();
  }

  function apply(changes: readonly { readonly id: string; readonly status: FindingStatus }[]): void {
    const to = new Map(changes.map(({ id, status }) => [id, status]));
    const changed = store.findings.filter(({ id }) => to.has(id));
    for (const status of findingStatuses) {
      const those = changed.filter(({ id }) => to.get(id) === status);
      if (those.length > 0) actions.onStatus(those, status);
    }
    // Shown at once; the server's answer follows.
    store.setFindings(store.findings.map((one) => ({ ...one, status: to.get(one.id) ?? one.status, note: to.has(one.id) ? undefined : one.note })));
  }

  function undo(): boolean {
    const last = undone.pop();
    if (!last) return false;
    const hadFocus = element.contains(document.activeElement);
    selected = last[0]?.id;
    apply(last);
    say(`Undone. ${openText()}.`);
    update();
    if (hadFocus) focus();
    return true;
  }

  /** What has happened, for a while: what is undone by U stays undone by U. */
  function say(...words: (string | HTMLElement)[]): void {
    told.replaceChildren(...words);
    clearTimeout(quiet);
    quiet = window.setTimeout(() => told.replaceChildren(), TOLD_MS);
  }

  const openText = (): string => `${plural(store.findings.filter(({ status }) => status === 'open').length, 'finding')} open`;

  function tell({ title }: FindingDto, status: FindingStatus): void {
    say(
      el('span', {}, `${doneWords[status]}: `, el('span', { class: 'strong' }, title), `. ${openText()}.`),
      button('Undo (U)', () => undo(), { class: 'link' }, 'Undo'),
    );
  }

  function unfold(id: string | undefined, move: boolean): void {
    selected = id;
    for (const head of heads()) {
      const isThis = head.dataset.id === id;
      head.setAttribute('aria-expanded', String(isThis));
      head.tabIndex = isThis ? 0 : -1;
      (head.parentElement as HTMLElement).classList.toggle('selected', isThis);
      if (!isThis || !move) continue;
      head.focus({ preventScroll: true });
      head.parentElement?.scrollIntoView({ block: 'nearest' });
    }
  }

  function item(finding: FindingDto): HTMLElement {
    const { id, level, title, share, where, status } = finding;
    const head = button(
      `Show: ${title}`,
      () => {
        unfold(id, true);
        actions.onShow(finding);
      },
      {
        class: 'todo-head',
        'data-id': id,
        'aria-expanded': 'false',
        tabindex: '-1',
        title: '',
        'aria-label': `${levelWords[level]}: ${title}, ${formatShare(share)}${where ? `, ${where}` : ''}`,
      },
      el('span', { class: isNamed(store.base, finding) ? 'todo-title code' : 'todo-title' }, title),
      el('span', { class: 'number' }, formatShare(share)),
      el('span', { class: 'todo-where' }, [levelWords[level], where].filter(Boolean).join(' · ')),
    );
    return el('li', { class: `todo-item ${level} ${status}` }, head, details(finding));
  }

  function details(finding: FindingDto): HTMLElement {
    const { status, summary, advice, note, cost, samples, fix, page, where, functions } = finding;
    const link = (text: string, key: string, act: () => void): HTMLElement => button(key === '' ? text : `${text} (${key})`, act, { class: 'link' }, text);
    const act = (name: Parameters<FindingActions['onAct']>[0]) => (): void => actions.onAct(name, finding);
    const group = (...links: readonly (HTMLElement | undefined)[]): HTMLElement => el('div', { class: 'todo-actions' }, ...links);
    return el(
      'div',
      { class: 'todo-details' },
      el('p', {}, inCode(summary)),
      el('p', {}, inCode(advice)),
      note ? el('p', { class: 'dim' }, note) : undefined,
      summary.includes('sample') ? undefined : el('p', { class: 'dim' }, `${formatCost(cost, store.base.unit)} in ${plural(samples, 'sample')}.`),
      group(
        functions.length > 0 ? link('Show me', 'Enter', () => actions.onShow(finding)) : undefined,
        where ? link('Go to line', 'G', act('goTo')) : undefined,
        fix && status === 'open' ? link(fix.safety === 'auto' ? 'Fix' : 'Fix…', 'F', act('fix')) : undefined,
        fix && status === 'open' && canRepeat ? link('Fix and profile again', '', act('fixAndProfileAgain')) : undefined,
        page ? link('Explain', 'E', act('explain')) : undefined,
      ),
      status === 'open'
        ? group(
            link('Done', 'D', () => setStatus(finding, 'done')),
            link('Ignore', 'I', () => setStatus(finding, 'ignored')),
          )
        : group(link('Reopen', 'O', () => setStatus(finding, 'open'))),
    );
  }

  function update(): void {
    const hadFocus = list.contains(document.activeElement);
    const all = rows();
    if (!all.some(({ id }) => id === selected)) selected = all[0]?.id;
    const groups = findingStatuses.map((status) => ({ status, found: all.filter((one) => one.status === status) }));
    list.replaceChildren(
      ...(all.length === 0 ? [el('p', { class: 'hint' }, store.profile.silence ?? 'No findings: no hot spots in this profile.')] : []),
      ...groups.flatMap(({ status, found }) => {
        if (found.length === 0) return status === 'open' && all.length > 0 ? [el('p', { class: 'hint' }, 'Nothing is open.')] : [];
        return [
          el('h3', {}, groupNames[status], ' ', el('span', { class: 'number' }, String(found.length))),
          el('ul', { class: 'todo-items', 'aria-label': groupNames[status] }, ...found.map(item)),
        ];
      }),
    );
    unfold(selected, false);
    if (hadFocus) focus();
  }

  function focus(): void {
    const all = heads();
    const head = all.find((one) => one.dataset.id === selected) ?? all[0];
    if (head) unfold(head.dataset.id, true);
    else element.focus();
  }

  const go = (to: (at: number, count: number) => number): void => {
    const all = heads();
    const at = all.findIndex((head) => head.dataset.id === selected);
    const next = all[Math.max(0, Math.min(all.length - 1, to(at, all.length)))];
    if (next) unfold(next.dataset.id, true);
  };
  const mark = (status: FindingStatus) => (): boolean => {
    const finding = current();
    if (finding) setStatus(finding, status);
    return true;
  };
  const act = (name: Parameters<FindingActions['onAct']>[0], fits: (finding: FindingDto) => boolean) => (): boolean => {
    const finding = current();
    if (finding && fits(finding)) actions.onAct(name, finding);
    return true;
  };
  const moved = (to: (at: number, count: number) => number) => (): boolean => {
    go(to);
    return true;
  };
  const keys: Readonly<Record<string, () => boolean>> = {
    ArrowDown: moved((at) => at + 1),
    ArrowUp: moved((at) => at - 1),
    Home: moved(() => 0),
    End: moved((_, count) => count - 1),
    d: mark('done'),
    i: mark('ignored'),
    o: mark('open'),
    g: act('goTo', ({ where }) => where !== undefined),
    e: act('explain', ({ page }) => page !== undefined),
    f: act('fix', ({ fix, status }) => fix !== undefined && status === 'open'),
    u: undo,
  };
  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handled = (keys[event.key] ?? keys[event.key.toLowerCase()])?.() === true;
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    update,
    focus,
    select(id) {
      selected = id;
      update();
      focus();
    },
  };
}
