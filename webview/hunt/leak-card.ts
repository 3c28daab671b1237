import type { FromHuntPanel } from '../../src/protocol/heap-record';
import { formatBytes, formatCount } from '../../src/shared/format';
import { type HuntLeak, type HuntPlace, type HuntResult, leakAmount } from '../../src/shared/hunt';
import { button, el, inCode } from '../ui/dom';

/** Steps of a path that are shown; the middle of a longer one is left out. */
const MAX_STEPS = 10;

type Tell = (message: FromHuntPanel) => void;

/** One leak of the ranking: how much, what keeps it, where, and the way from the root. */
export function leakCard(leak: HuntLeak, rank: number, { times, snapshots }: HuntResult, tell: Tell): HTMLElement {
  const links: HTMLElement[] = [];
  if (leak.retainedAt) links.push(placeButton('Kept at', leak.retainedAt, tell));
  if (leak.allocatedAt) links.push(placeButton('Allocated in the function at', leak.allocatedAt, tell));
  for (const { place } of leak.alsoKeptBy) if (place) links.push(placeButton('Also kept at', place, tell));
  const last = snapshots.at(-1);
  if (last) links.push(button('Open the object in the snapshot', () => tell({ kind: 'snapshot', file: last.file, id: leak.objectId }), { class: 'link' }));
  return el(
    'li',
    { class: `leak ${leak.verdict}`, 'aria-label': `${rank}: ${leak.verdict === 'leak' ? 'leak' : 'growth'} of ${leak.className}` },
    el(
      'h2',
      {},
      el('span', { class: 'kind' }, leak.verdict === 'leak' ? 'Leak' : 'Growth'),
      ' ',
      el('span', { class: 'code' }, leak.className),
      el('span', { class: 'size number' }, formatBytes(leak.retainedSize)),
    ),
    el('p', { class: 'figures' }, figures(leak, times)),
    el('p', {}, inCode(leak.summary)),
    leak.withIt ? el('p', { class: 'figures' }, 'With it pile up: ', inCode(leak.withIt.map(({ className }) => className).join(', '))) : undefined,
    el('p', { class: 'links' }, ...links),
    el('details', {}, el('summary', {}, 'Retaining path'), pathList(leak, tell)),
  );
}

/** `31 → 62 → 93 objects at the three snapshots · each time 1 more, 147 B`. */
function figures(leak: HuntLeak, times: number | undefined): HTMLElement {
  const { counts, isMultiple, measure, perExercise, bytesPerExercise } = leak;
  const number = (text: string): HTMLElement => el('span', { class: 'number' }, text);
  const each = isMultiple ? formatCount(perExercise) : perExercise.toPrecision(2);
  // Where bytes are counted, the size says it.
  const noun = measure === 'bytes' ? '' : measure === 'elements' ? ' elements' : ' objects';
  const more = measure === 'bytes' ? [] : [number(each), ' more, '];
  return el(
    'span',
    {},
    number(counts.map(leakAmount(leak)).join(' → ')),
    `${noun} at the three snapshots`,
    ...(times === undefined || times < 2 ? [] : [' · each time ', ...more, number(formatBytes(bytesPerExercise))]),
  );
}

function pathList({ path }: HuntLeak, tell: Tell): HTMLElement {
  const half = MAX_STEPS / 2;
  const shown = path.length > MAX_STEPS ? [...path.slice(0, half - 1), undefined, ...path.slice(-half)] : path;
  return el(
    'ol',
    { class: 'path', 'aria-label': 'What keeps it alive, from the root' },
    ...shown.map((step, at) => {
      if (!step) return el('li', { class: 'dim left-out' }, `… ${formatCount(path.length - MAX_STEPS + 1)} more`);
      // Steps keep their number: those that are left out count too.
      return el(
        'li',
        { value: String((at < half ? 0 : path.length - shown.length) + at + 1) },
        inCode(step.text),
        step.place ? placeButton('', step.place, tell) : undefined,
      );
    }),
  );
}

function placeButton(text: string, { file, line, column }: HuntPlace, tell: Tell): HTMLElement {
  const name = `${file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)}:${line}`;
  return button(
    [text, `${file}:${line}`].filter(Boolean).join(' '),
    () => tell({ kind: 'place', file, line, column }),
    { class: 'link' },
    text ? `${text} ${name}` : name,
  );
}
