/** The panel of a leak hunt: how far it is, a chart and buttons while it runs, then what was found. */
import type { FromHuntPanel, HuntEventDto, ToHuntPanel } from '../../src/protocol/heap-record';
import { formatBytes, formatCount, formatTime } from '../../src/shared/format';
import { goneLeaks, type HuntLeak, type HuntResult, huntRemark } from '../../src/shared/hunt';
import { describeWatched } from '../../src/shared/thread-choice';
import { button, el, inCode, setText } from '../ui/dom';
import { lacksFocus, watchPage } from '../ui/page';
import { huntChart } from './chart';
import { leakCard } from './leak-card';
import '../ui/style/base.css';
import './style.css';

declare function acquireVsCodeApi(): { postMessage(message: FromHuntPanel): void };
const vscode = acquireVsCodeApi();
const tell = (message: FromHuntPanel): void => vscode.postMessage(message);
const app = document.getElementById('app') as HTMLElement;

const stages = ['Warm-up', 'Snapshot 1', 'Round 1', 'Snapshot 2', 'Round 2', 'Snapshot 3', 'Comparing'] as const;
const heading = el('h1');
const steps = el('ol', { class: 'stages', 'aria-label': 'Stages of the hunt' });
const status = el('p', { class: 'status', role: 'status', 'aria-live': 'polite' });
const chart = huntChart(el('div', { class: 'chart' }));
const body = el('div', { class: 'found' });
const actions = el('div', { class: 'actions' });
const next = button('Next', () => pressNext(), { class: 'primary' });
const cancel = button('Cancel', () => tell({ kind: 'cancel' }));
const again = button('Hunt Again', () => tell({ kind: 'again' }), { class: 'primary' });
app.append(el('header', {}, heading, actions), steps, status, chart.element, body);

let isByHand = false;
/** Row of `stages`; -1 before the first. */
let stage = -1;
let detail = '';

window.addEventListener('message', ({ data }: MessageEvent<ToHuntPanel>) => receive(data));
window.addEventListener('resize', () => chart.draw());
watchPage(() => ({ takeFocus, themeChanged: () => {} }));
tell({ kind: 'ready' });

function takeFocus(): void {
  const first = [next, again, cancel].find((one) => one.isConnected && !one.disabled);
  if (lacksFocus()) first?.focus();
}

/** Buttons stay what they are as long as they are the same ones, and so keep the focus. */
function setActions(...wanted: readonly HTMLButtonElement[]): void {
  const isSame = wanted.length === actions.childElementCount && wanted.every((one, at) => one === actions.children[at]);
  if (!isSame) actions.replaceChildren(...wanted);
  takeFocus();
}

function receive(message: ToHuntPanel): void {
  switch (message.kind) {
    case 'begin':
      ({ isByHand } = message);
      stage = -1;
      detail = '';
      chart.clear();
      body.replaceChildren();
      setText(heading, message.title);
      next.disabled = true;
      return showRunning();
    case 'event':
      return take(message.event);
    case 'result':
      return showResult(message.result, message.before);
    case 'failed':
      return showEnd('bad', message.message, 'Hunt Again');
  }
}

function take(event: HuntEventDto): void {
  switch (event.kind) {
    case 'phase':
      next.disabled = true;
      stage = { starting: -1, 'warming-up': 0, snapshot: event.round * 2 - 1, exercising: event.round * 2, ranking: 6 }[event.phase];
      detail = '';
      if (event.phase === 'snapshot') chart.mark();
      break;
    case 'exercised':
      detail = `${formatCount(event.done)} of ${formatCount(event.of)}`;
      break;
    case 'pausing':
      detail = `${formatBytes(event.heapUsed)}; the program will be paused for about ${formatTime(event.pauseMs * 1000)}`;
      break;
    case 'progress':
      detail = `${Math.floor(event.share * 100)} %`;
      break;
    case 'remark':
      detail = event.text;
      break;
    case 'your-turn':
      next.disabled = false;
      detail = 'use the program now, the same way each time, then press Next';
      break;
    case 'sample':
      return chart.add(event);
  }
  showRunning();
}

/** Once: what is pressed twice would count for the round after it. */
function pressNext(): void {
  next.disabled = true;
  detail = '';
  showRunning();
  tell({ kind: 'next' });
}

function showRunning(): void {
  showStages();
  status.className = 'status';
  const name = stages[stage] ?? 'Starting';
  setText(status, detail ? `${name}: ${detail}` : name);
  setActions(...(isByHand ? [next] : []), cancel);
}

function showStages(): void {
  steps.hidden = false;
  steps.replaceChildren(
    ...stages.map((name, at) =>
      el(
        'li',
        { class: at < stage ? 'done' : at === stage ? 'now' : '', 'aria-current': at === stage ? 'step' : undefined },
        name,
        at < stage ? el('span', { class: 'visually-hidden' }, ' (done)') : undefined,
      ),
    ),
  );
}

function showEnd(tone: 'good' | 'warn' | 'bad', text: string, label: string): void {
  steps.hidden = true;
  status.className = `status ${tone}`;
  setText(status, text);
  setText(again, label);
  again.title = label;
  setActions(again);
}

function showResult(result: HuntResult, before: readonly HuntLeak[] | undefined): void {
  setText(heading, result.title);
  const leaks = result.leaks.filter(({ verdict }) => verdict === 'leak');
  const sizes = result.snapshots.map(({ heapBytes }) => formatBytes(heapBytes)).join(' → ');
  const gone = goneLeaks(before ?? [], result.leaks);
  body.replaceChildren(
    ...gone.map(({ summary }) => el('p', { class: 'gone' }, el('strong', {}, 'Gone: '), inCode(summary))),
    ...(result.leaks.length > 0
      ? [el('ol', { class: 'ranking', 'aria-label': 'Leaks, the worst first' }, ...result.leaks.map((leak, at) => leakCard(leak, at + 1, result, tell)))]
      : []),
    ...watchedNote(result),
    ...result.warnings.map((warning) => el('p', { class: 'dim' }, warning)),
    ...settledNote(result),
  );
  const tone = result.verdict === 'leak' ? 'bad' : result.verdict === 'clean' ? 'good' : 'warn';
  showEnd(tone, `${verdictText(result, leaks.length)} Heap ${sizes}.`, leaks.length > 0 ? 'Fix and Hunt Again' : 'Hunt Again');
  chart.draw();
}

/** Which of several threads it is about, and the way to another. */
function watchedNote(result: HuntResult): HTMLElement[] {
  const text = describeWatched(result);
  if (text === undefined) return [];
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return [
    el(
      'p',
      { class: 'watched dim' },
      sentence,
      ' ',
      button('Hunt in Another Thread…', () => tell({ kind: 'other-thread' })),
    ),
  ];
}

function settledNote({ settled }: HuntResult): HTMLElement[] {
  if (settled === 0) return [];
  return [el('p', { class: 'dim' }, `${formatCount(settled)} ${settled === 1 ? 'group' : 'groups'} of objects grew and levelled off, as caches do.`)];
}

function verdictText(result: HuntResult, count: number): string {
  const { verdict, leaks } = result;
  const remark = leaks.length === 0 ? huntRemark(result) : undefined;
  if (remark !== undefined) return remark;
  if (verdict === 'growth')
    return `${formatCount(leaks.length)} ${leaks.length === 1 ? 'group of objects' : 'groups of objects'} grew, but not as a leak does. Hunt with more warm-up to be sure.`;
  return count === 1 ? 'One leak.' : `${formatCount(count)} leaks.`;
}
