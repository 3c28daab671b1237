import '../ui/style/base.css';
import './style.css';
import type { Diagnosis, Figure, NextStep, Turn } from '../../src/core/doctor/diagnosis';
import type { DoctorDto, FromDoctorView, ToDoctorView } from '../../src/protocol/doctor';
import { button, el, inCode } from '../ui/dom';

declare function acquireVsCodeApi(): { postMessage(message: FromDoctorView): void };

const vscode = acquireVsCodeApi();
const app = document.getElementById('app') as HTMLElement;

window.addEventListener('message', ({ data }: MessageEvent<ToDoctorView>) => {
  if (data.kind === 'report') show(data.report, data.canHunt);
  else showFailure(data.message);
});

function show(report: DoctorDto, canHunt: boolean): void {
  const { diagnosis, notes, processes } = report;
  app.replaceChildren(
    el('header', {}, el('h1', {}, 'Where the time goes'), el('p', { class: 'subtitle' }, [report.title, report.when].filter(Boolean).join(' · '))),
    verdictCard(report, canHunt),
    el('h2', {}, 'How this was decided'),
    tree(diagnosis),
    processes.length > 1 ? processList(report) : el('span', { hidden: '' }),
    notes.length > 0 ? el('ul', { class: 'notes' }, ...notes.map((text) => el('li', {}, text))) : el('span', { hidden: '' }),
  );
}

function verdictCard(report: DoctorDto, canHunt: boolean): HTMLElement {
  const { verdict } = report.diagnosis;
  const { place, pattern } = report;
  const steps = stepsOf(report, canHunt);
  const tone = verdict.level ?? (verdict.branch === 'inconclusive' ? 'open' : 'good');
  return el(
    'section',
    { class: `verdict ${tone}`, 'aria-labelledby': 'verdict' },
    verdict.area === 'none' ? undefined : el('p', { class: 'area' }, verdict.area),
    el('h2', { id: 'verdict' }, verdict.title),
    el('p', {}, inCode(verdict.summary)),
    place &&
      el(
        'p',
        { class: 'place' },
        button(`${place.shown}:${place.line}`, () => vscode.postMessage({ kind: 'line' }), { class: 'link code' }),
        place.name === '' ? undefined : el('span', { class: 'dim code' }, ` ${place.name}`),
      ),
    pattern && el('p', {}, el('strong', {}, pattern.title), '. ', inCode(pattern.summary)),
    el('p', { class: 'advice' }, inCode((pattern ?? verdict).advice)),
    el(
      'div',
      { class: 'steps' },
      ...steps.map(({ label, kind }, at) => button(label, () => vscode.postMessage({ kind }), { class: at === 0 ? 'primary' : 'secondary' })),
    ),
  );
}

interface Step {
  readonly label: string;
  readonly kind: FromDoctorView['kind'];
}

/** The next step first, then what else can be done from here. */
function stepsOf({ diagnosis, place, profile, func }: DoctorDto, canHunt: boolean): Step[] {
  const all: Readonly<Record<NextStep, Step | undefined>> = {
    flame: profile === undefined ? undefined : { label: func === undefined ? 'Open the flame graph' : 'Show it in the flame graph', kind: 'flame' },
    line: place && { label: 'Go to the line', kind: 'line' },
    leak: canHunt ? { label: 'Hunt the leak', kind: 'hunt' } : undefined,
    longer: { label: diagnosis.verdict.next === 'longer' ? 'Record again, for longer' : 'Measure again', kind: 'again' },
    again: { label: 'Measure again', kind: 'again' },
  };
  const { next } = diagnosis.verdict;
  const others = (['line', 'flame', 'longer'] as const).filter((one) => one !== next && !(one === 'longer' && next === 'again'));
  return [next, ...others].flatMap((one) => all[one] ?? []);
}

function tree({ turns, verdict }: Diagnosis): HTMLElement {
  return el('ol', { class: 'tree' }, ...turns.map(turnItem), el('li', { class: `leaf ${verdict.level ?? ''}` }, el('p', { class: 'question' }, verdict.title)));
}

function turnItem(turn: Turn): HTMLElement {
  const figures = turn.figures.map(figureItem);
  const answers = turn.answers.map(({ label, isTaken }) =>
    el(
      'li',
      { class: isTaken ? 'taken' : 'other', 'aria-current': isTaken ? 'step' : undefined },
      label,
      isTaken ? el('span', { class: 'visually-hidden' }, ' (taken)') : undefined,
    ),
  );
  return el(
    'li',
    { class: 'turn' },
    el('p', { class: 'question' }, turn.question),
    el('ul', { class: 'answers', 'aria-label': 'Ways' }, ...answers),
    el('p', { class: 'reason' }, turn.reason),
    el('dl', { class: 'measured' }, ...figures),
  );
}

function figureItem({ label, value, limit, isOver }: Figure): HTMLElement {
  return el(
    'div',
    { class: isOver ? 'over' : undefined },
    el('dt', {}, label),
    el('dd', {}, value),
    limit === undefined ? undefined : el('dd', { class: 'limit' }, el('span', { class: 'visually-hidden' }, isOver ? 'over the limit of ' : 'limit '), limit),
  );
}

function processList({ processes }: DoctorDto): HTMLElement {
  const rows = processes.map(({ pid, command, cpu }, at) =>
    el(
      'tr',
      {},
      el('td', { class: 'number' }, String(pid)),
      el('td', { class: 'number' }, cpu),
      el('td', {}, command, at === 0 ? el('span', { class: 'dim' }, ' (judged)') : undefined),
    ),
  );
  const head = el('tr', {}, ...['Process', 'CPU time', 'Command'].map((name) => el('th', { scope: 'col' }, name)));
  return el('table', { class: 'processes' }, el('caption', {}, 'Processes'), el('thead', {}, head), el('tbody', {}, ...rows));
}

function showFailure(message: string): void {
  app.replaceChildren(
    el(
      'div',
      { class: 'failure', role: 'alert' },
      el('h1', {}, 'This report cannot be shown'),
      el('p', {}, message),
      button('Try again', () => vscode.postMessage({ kind: 'retry' }), { class: 'primary' }),
    ),
  );
}

vscode.postMessage({ kind: 'ready' });
