/** The report's script: draws the flame graph from the page's JSON, and makes search, highlights and sorting work. */
import { formatShare } from '../../src/shared/format';
import type { ReportData } from '../../src/shared/report-data';
import { button, el, setText } from '../ui/dom';
import { type Chart, drawChart } from './chart';
import { boxTotals, findFunctions, matchFunctions, matchText } from './frames';
import { paletteStyle, toneOf } from './palette';
import { makeSortable } from './sort-table';
import './style.css';
import './print.css';
import { tip } from './tip';

const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as ReportData;
const place = document.getElementById('chart');
for (const table of document.querySelectorAll('table')) makeSortable(table);
if (place) showFlame(place);

function showFlame(chartElement: HTMLElement): void {
  document.head.append(el('style', {}, paletteStyle([...data.functions.category, ...data.categories.map(({ category }) => category)])));
  const totals = boxTotals(data);
  const input = el('input', {
    type: 'search',
    placeholder: 'Search functions, files, /regex/',
    'aria-label': 'Search in the flame graph',
    spellcheck: 'false',
  });
  const status = el('output', { class: 'status', 'aria-live': 'polite' });
  const reset = button('Show everything (Escape)', () => chart.reset(), { class: 'reset', disabled: '' }, 'Reset zoom');
  const clear = button('Show all functions alike', () => select(undefined), { class: 'clear', hidden: '' }, 'Clear');
  chartElement.before(el('div', { class: 'tools' }, input, status, clear, reset), legend());
  const chart: Chart = drawChart(
    chartElement,
    data,
    totals,
    () => {
      reset.disabled = !chart.isZoomed;
    },
    tip(data, totals),
  );

  /** The function that was picked in a table or a finding. */
  let picked: number | undefined;
  const select = (func: number | undefined): void => {
    picked = func;
    input.value = '';
    show();
  };
  const show = (): void => {
    const query = input.value.trim();
    const found = picked !== undefined ? new Set([picked]) : query === '' ? undefined : findFunctions(data, query);
    const isBad = found !== undefined && 'error' in found;
    input.setAttribute('aria-invalid', String(isBad));
    clear.hidden = found === undefined;
    for (const name of document.querySelectorAll('button[data-f]')) name.setAttribute('aria-pressed', String(Number(name.getAttribute('data-f')) === picked));
    if (isBad) {
      status.textContent = 'not a valid expression';
      return chart.mark(undefined);
    }
    chart.mark(found);
    status.title = found === undefined || picked !== undefined ? '' : `Stacks with a matching function; functions below 0.1 % of ${data.whole} may be missing`;
    setText(status, found === undefined ? '' : picked === undefined ? matchText(matchFunctions(data, totals, found)) : pickedText(picked));
  };
  const pickedText = (func: number): string => {
    const { share } = matchFunctions(data, totals, new Set([func]));
    const isDrawn = data.boxes.func.includes(func);
    return `${data.functions.name[func]}: ${formatShare(share)} in total${isDrawn ? '' : ', all of it in frames too small to be drawn apart'}`;
  };
  input.addEventListener('input', () => {
    picked = undefined;
    show();
  });
  for (const name of document.querySelectorAll<HTMLElement>('.name[data-f]')) {
    const func = Number(name.dataset.f);
    const label = name.textContent ?? '';
    name.replaceChildren(
      button(
        `Show ${label} in the flame graph`,
        () => {
          select(picked === func ? undefined : func);
          if (picked !== undefined) document.getElementById('flame')?.scrollIntoView({ block: 'start', behavior: 'auto' });
        },
        { class: 'pick', 'data-f': String(func), 'aria-pressed': 'false' },
        label,
      ),
    );
  }
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      if (chart.isZoomed) chart.reset();
      else select(undefined);
    } else if (event.key === '/' && !event.ctrlKey && !event.metaKey && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    }
  });
}

/** What the colours mean, and how much each kind of code costs by itself. */
function legend(): HTMLElement {
  const items = data.categories.map(({ category, name, cost }) => {
    const swatch = el('i', {});
    swatch.style.background = toneOf(category, '');
    return el('li', {}, swatch, `${name} ${formatShare(data.active > 0 ? cost / data.active : 0)}`);
  });
  return el('ul', { class: 'legend', 'aria-label': 'Colours' }, ...items);
}
