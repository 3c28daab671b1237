import { STRIP } from '../../src/core/profile/threads';
import { formatTime } from '../../src/shared/format';
import { el } from '../dom';
import type { Store } from '../store';
import { stripPicture } from './strip';
import { rowsByProcess, spokenText, whereText } from './thread-words';

/** A lane a thread over the time that is seen, names at the left; one of them is shown below. */
export interface ThreadLanes {
  readonly element: HTMLElement;
  /** Microseconds. */
  seeRange(from: number, to: number): void;
  /** More strips have come. */
  update(): void;
}

/** Undefined where there is one thread alone. */
export function threadLanes(store: Store, onChoose: (row: number) => void): ThreadLanes | undefined {
  const { choices, selected, threads } = store.profile;
  if (!threads) return undefined;
  const lanes = rowsByProcess(choices).flatMap((row) => {
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
        el('span', { class: 'dim' }, thread.thread === 0 ? 'main' : whereText({ thread: thread.thread, process: undefined })),
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
    seeRange(seenFrom, seenTo) {
      const step = Math.max(to - from, 1e-9) / STRIP;
      for (const { picture } of lanes) picture.seeRange((seenFrom - from) / step, (seenTo - from) / step);
    },
    update,
  };
}
