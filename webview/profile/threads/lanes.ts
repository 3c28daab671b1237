import { STRIP } from '../../../src/core/profile/views/threads';
import type { ThreadDto } from '../../../src/protocol/threads';
import { formatTime } from '../../../src/shared/format';
import { el } from '../../ui/dom';
import type { Store } from '../store';
import { stripPicture } from './strip';
import { rowsByProcess, spokenText } from './thread-words';

/** A lane a thread over the time that is seen, names at the left; one of them is shown below. */
export interface ThreadLanes {
  readonly element: HTMLElement;
  /** Whether they are of several processes, which the names say. */
  readonly hasProcesses: boolean;
  /** Microseconds. */
  seeRange(from: number, to: number): void;
  /** More strips have come. */
  update(): void;
}

/** `main of 4711`; a process is named at its first lane, where there are several. */
function shortWhere({ thread, process }: ThreadDto, isFirst: boolean): string {
  const own = thread === undefined ? '' : thread === 0 ? 'main' : `thread ${thread}`;
  return [own, isFirst && process !== undefined ? String(process) : ''].filter(Boolean).join(' of ');
}

/** Undefined where there is one thread alone. */
export function threadLanes(store: Store, onChoose: (row: number) => void): ThreadLanes | undefined {
  const { choices, selected, threads } = store.profile;
  if (!threads) return undefined;
  const rows = rowsByProcess(choices);
  const processOf = (row: number | undefined): number | undefined => (row === undefined ? undefined : choices[row]?.thread?.process);
  const isOne = new Set(rows.map(processOf)).size === 1;
  const lanes = rows.flatMap((row, at) => {
    const choice = choices[row];
    const thread = choice?.thread;
    if (!thread) return [];
    const picture = stripPicture();
    const isShown = selected === 'merge' || selected === row;
    const label = spokenText(choice);
    const element = el(
      'div',
      { class: 'thread-lane', role: 'option', id: `lane-${row}`, 'aria-selected': String(isShown), 'aria-label': label, title: label },
      el(
        'span',
        { class: 'lane-name' },
        el('span', { class: 'lane-mark', 'aria-hidden': 'true' }, isShown ? '▸' : ''),
        el('span', { class: 'name' }, thread.name),
        el('span', { class: 'dim' }, shortWhere(thread, !isOne && (at === 0 || processOf(rows[at - 1]) !== thread.process))),
        el('span', { class: 'number dim' }, thread.isMissing ? 'missing' : formatTime(thread.cpu)),
      ),
      el('span', { class: 'lane-strip' }, picture.element),
    );
    element.addEventListener('click', () => {
      go(lanes.findIndex((one) => one.row === row));
      choose();
    });
    return [{ row, element, picture }];
  });
  const element = el(
    'div',
    { class: 'thread-lanes', role: 'listbox', tabindex: '0', 'data-keep': 'lanes', 'aria-label': 'Threads over time: arrow keys walk, Enter shows one' },
    ...lanes.map((lane) => lane.element),
  );
  let active = Math.max(
    0,
    lanes.findIndex(({ row }) => row === selected),
  );
  const mark = (): void => {
    for (const [at, lane] of lanes.entries()) lane.element.classList.toggle('active', at === active);
    const one = lanes[active];
    if (one) element.setAttribute('aria-activedescendant', one.element.id);
  };
  const go = (to: number): void => {
    active = Math.max(0, Math.min(lanes.length - 1, to));
    mark();
    lanes[active]?.element.scrollIntoView({ block: 'nearest' });
  };
  const choose = (): void => {
    const row = lanes[active]?.row;
    if (row !== undefined && row !== selected) onChoose(row);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(active + 1),
    ArrowUp: () => go(active - 1),
    Home: () => go(0),
    End: () => go(lanes.length - 1),
    Enter: choose,
    ' ': choose,
  };
  element.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  mark();
  const { from, to } = threads;
  const update = (): void => {
    for (const { row, picture } of lanes) picture.show(store.strips.get(row));
  };
  update();
  // The one that is shown may be far down the list.
  requestAnimationFrame(() => lanes[active]?.element.scrollIntoView({ block: 'nearest' }));
  return {
    element,
    hasProcesses: !isOne,
    seeRange(seenFrom, seenTo) {
      const step = Math.max(to - from, 1e-9) / STRIP;
      for (const { picture } of lanes) picture.seeRange((seenFrom - from) / step, (seenTo - from) / step);
    },
    update,
  };
}
