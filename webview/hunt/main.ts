/** The panel of a leak hunt: a chart and buttons while it runs, then what was found. */
import { line, max, scaleLinear } from 'd3';
import type { FromHuntPanel, HuntEventDto, ToHuntPanel } from '../../src/protocol/heap-record';
import { formatBytes, formatCount, formatTime } from '../../src/shared/format';
import { goneLeaks, type HuntLeak, type HuntPlace, type HuntResult, huntRemark, leakAmount } from '../../src/shared/hunt';
import { button, el, inCode } from '../dom';
import '../style/base.css';
import './style.css';

declare function acquireVsCodeApi(): { postMessage(message: FromHuntPanel): void };
const vscode = acquireVsCodeApi();
const tell = (message: FromHuntPanel): void => vscode.postMessage(message);
const app = document.getElementById('app') as HTMLElement;

interface Sample {
  readonly at: number;
  readonly heapUsed: number;
  readonly rss: number | undefined;
}

let title = '';
let isByHand = false;
let samples: Sample[] = [];
/** Times of the snapshots, for the chart's marks. */
let marks: number[] = [];
let phase = 'Starting';
let detail = '';
let isTurn = false;

const heading = el('h1');
const status = el('p', { class: 'status', role: 'status', 'aria-live': 'polite' });
const chart = el('div', { class: 'chart' });
const body = el('div', { class: 'body' });
const actions = el('div', { class: 'actions' });
app.append(el('header', {}, heading, actions), status, chart, body);

window.addEventListener('message', ({ data }: MessageEvent<ToHuntPanel>) => receive(data));
window.addEventListener('resize', () => drawChart());
tell({ kind: 'ready' });

function receive(message: ToHuntPanel): void {
  switch (message.kind) {
    case 'begin':
      ({ title, isByHand } = message);
      samples = [];
      marks = [];
      isTurn = false;
      phase = 'Starting';
      detail = '';
      body.replaceChildren();
      heading.textContent = title;
      return showRunning();
    case 'event':
      return take(message.event);
    case 'result':
      return showResult(message.result, message.before);
    case 'failed':
      status.className = 'status bad';
      status.textContent = message.message;
      return actions.replaceChildren(button('Hunt Again', () => tell({ kind: 'again' }), { class: 'primary' }));
  }
}

function take(event: HuntEventDto): void {
  switch (event.kind) {
    case 'phase':
      isTurn = false;
      phase = {
        starting: 'Starting',
        'warming-up': 'Warming up',
        exercising: `Round ${event.round} of 2`,
        snapshot: `Snapshot ${event.round} of 3`,
        ranking: 'Comparing the snapshots',
      }[event.phase];
      detail = '';
      if (event.phase === 'snapshot') marks.push(samples.at(-1)?.at ?? 0);
      break;
    case 'exercised':
      detail = `${formatCount(event.done)} of ${formatCount(event.of)}`;
      break;
    case 'pausing':
      detail = `${formatBytes(event.heapUsed)}; the program stands still for about ${formatTime(event.pauseMs * 1000)}`;
      break;
    case 'progress':
      detail = `${Math.floor(event.share * 100)} %`;
      break;
    case 'your-turn':
      isTurn = true;
      detail = 'use the program now, the same way each round, then press Next';
      break;
    case 'sample':
      samples.push(event);
      drawChart();
      return;
  }
  showRunning();
}

function showRunning(): void {
  status.className = 'status';
  status.textContent = detail ? `${phase}: ${detail}` : phase;
  const next = button('Next', () => tell({ kind: 'next' }), { class: 'primary' });
  next.disabled = !isTurn;
  const hadFocus = actions.contains(document.activeElement);
  actions.replaceChildren(
    ...(isByHand ? [next] : []),
    button('Cancel', () => tell({ kind: 'cancel' })),
  );
  if (isTurn || hadFocus) (isTurn ? next : (actions.lastElementChild as HTMLElement)).focus();
}

const NS = 'http://www.w3.org/2000/svg';
function svg(name: string, attributes: Readonly<Record<string, string | number>>, text?: string): SVGElement {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

const HEIGHT = 120;

/** Heap in use and memory of the process over time, with a mark at each snapshot. */
function drawChart(): void {
  if (samples.length < 2) return chart.replaceChildren();
  const width = Math.max(200, chart.clientWidth);
  const top = max(samples, (sample) => Math.max(sample.heapUsed, sample.rss ?? 0)) ?? 1;
  const x = scaleLinear([0, samples.at(-1)?.at ?? 1], [0, width - 96]);
  const y = scaleLinear([0, top * 1.1], [HEIGHT, 8]);
  const last = samples.at(-1) as Sample;
  const picture = svg('svg', {
    width,
    height: HEIGHT + 4,
    role: 'img',
    'aria-label': `Heap in use ${formatBytes(last.heapUsed)}${last.rss ? `, memory of the process ${formatBytes(last.rss)}` : ''}`,
  });
  for (const at of marks) picture.append(svg('line', { class: 'mark', x1: x(at), x2: x(at), y1: 4, y2: HEIGHT }));
  picture.append(svg('line', { class: 'axis', x1: 0, x2: width - 96, y1: HEIGHT, y2: HEIGHT }));
  const known = samples.filter((sample) => sample.rss !== undefined);
  const draw = (rows: readonly Sample[], value: (sample: Sample) => number, name: string, label: string): void => {
    const path = line<Sample>(
      (sample) => x(sample.at),
      (sample) => y(value(sample)),
    )(rows as Sample[]);
    const end = rows.at(-1);
    if (!path || !end) return;
    picture.append(
      svg('path', { class: name, d: path, fill: 'none' }),
      svg('text', { class: name, x: x(end.at) + 6, y: y(value(end)) + 4 }, `${label} ${formatBytes(value(end))}`),
    );
  };
  draw(known, (sample) => sample.rss ?? 0, 'rss', 'RSS');
  draw(samples, (sample) => sample.heapUsed, 'heap', 'heap');
  chart.replaceChildren(picture);
}

function showResult(result: HuntResult, before: readonly HuntLeak[] | undefined): void {
  heading.textContent = result.title;
  const leaks = result.leaks.filter(({ verdict }) => verdict === 'leak');
  const sizes = result.snapshots.map(({ heapBytes }) => formatBytes(heapBytes)).join(' → ');
  status.className = result.verdict === 'clean' ? 'status good' : 'status bad';
  status.textContent = [verdictText(result, leaks.length), `Heap ${sizes}.`].join(' ');
  actions.replaceChildren(button(leaks.length > 0 ? 'Fix and Hunt Again' : 'Hunt Again', () => tell({ kind: 'again' }), { class: 'primary' }));
  drawChart();
  const gone = goneLeaks(before ?? [], result.leaks);
  body.replaceChildren(
    ...gone.map(({ summary }) => el('p', { class: 'gone' }, el('strong', {}, 'Gone: '), inCode(summary))),
    ...result.leaks.map((leak) => leakCard(leak, result)),
    ...result.warnings.map((warning) => el('p', { class: 'dim' }, warning)),
    ...(result.settled > 0
      ? [
          el(
            'p',
            { class: 'dim' },
            `${formatCount(result.settled)} ${result.settled === 1 ? 'group' : 'groups'} of objects grew and levelled off, as caches do.`,
          ),
        ]
      : []),
  );
}

function verdictText(result: HuntResult, count: number): string {
  const { verdict, leaks } = result;
  const remark = leaks.length === 0 ? huntRemark(result) : undefined;
  if (remark !== undefined) return remark;
  if (verdict === 'growth')
    return `${formatCount(leaks.length)} ${leaks.length === 1 ? 'group of objects' : 'groups of objects'} grew, but not as a leak does. Hunt with more warm-up to be sure.`;
  return count === 1 ? 'One leak.' : `${formatCount(count)} leaks.`;
}

function leakCard(leak: HuntLeak, { times, snapshots }: HuntResult): HTMLElement {
  const amount = leakAmount(leak);
  const each =
    times === undefined || leak.measure === 'bytes' ? '' : ` · ${leak.isMultiple ? formatCount(leak.perExercise) : leak.perExercise.toPrecision(2)} each time`;
  const figures = `${leak.counts.map(amount).join(' → ')}${each} · ${formatBytes(leak.retainedSize)} kept${times === undefined ? '' : `, ${formatBytes(leak.bytesPerExercise)} each time`}`;
  const links: HTMLElement[] = [];
  if (leak.retainedAt) links.push(placeButton('Kept at', leak.retainedAt));
  if (leak.allocatedAt) links.push(placeButton('Allocated in the function at', leak.allocatedAt));
  for (const { place } of leak.alsoKeptBy) if (place) links.push(placeButton('Also kept at', place));
  const last = snapshots.at(-1);
  if (last) links.push(button('Open the object in the snapshot', () => tell({ kind: 'snapshot', file: last.file, id: leak.objectId }), { class: 'link' }));
  const steps = el('ol', { class: 'path', 'aria-label': 'What keeps it alive, from the root' });
  const shown = leak.path.length > 10 ? [...leak.path.slice(0, 4), undefined, ...leak.path.slice(-5)] : leak.path;
  for (const step of shown) {
    if (!step) steps.append(el('li', { class: 'dim' }, '…'));
    else {
      const { place } = step;
      steps.append(el('li', {}, inCode(step.text), place ? placeButton('', place) : undefined));
    }
  }
  return el(
    'section',
    { class: `leak ${leak.verdict}` },
    el('h2', {}, leak.verdict === 'leak' ? '' : 'Growth: ', el('span', { class: 'code' }, leak.className)),
    el('p', { class: 'number' }, figures),
    el('p', {}, inCode(leak.summary)),
    el('p', { class: 'links' }, ...links),
    el('details', {}, el('summary', {}, 'Retaining path'), steps),
  );
}

function placeButton(text: string, { file, line: row, column }: HuntPlace): HTMLElement {
  const name = `${file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)}:${row}`;
  return button(`${file}:${row}`, () => tell({ kind: 'place', file, line: row, column }), { class: 'link' }, text ? `${text} ${name}` : name);
}
