import { baseName, frameLabel, inlinedInto } from '../../src/core/findings/explain';
import { shareMargin } from '../../src/core/findings/finding';
import { Category, categoryNames } from '../../src/core/profile/categories';
import { functionAt, type ProfileTables } from '../../src/core/profile/tables';
import type { FlameModel } from '../../src/core/profile/views/flame-model';
import { type NeighbourCost, neighbours } from '../../src/core/profile/views/neighbours';
import type { FindingDto } from '../../src/protocol/findings';
import type { FunctionLinesDto, OpenedProfileDto } from '../../src/protocol/lsp';
import { type FunctionIndex, functionIndex } from '../../src/shared/brands';
import { formatCost, formatShare, plural } from '../../src/shared/format';
import { button, el, inCode } from '../ui/dom';

export interface PanelActions {
  onSelect(func: FunctionIndex): void;
  onOpenSource(func: FunctionIndex, line: number | undefined): void;
}

/** How many callers and callees are listed before "n others". */
const LISTED = 12;

/** Whether two costs are shown as the same. */
export const isAlike = (a: number, b: number): boolean => Math.abs(a - b) <= 0.001 * Math.max(a, b);

/** The numbers of the selected function: self and total, hot lines, callers, callees, findings. `path`: the total of the frame that is selected. */
export function renderPanel(
  model: FlameModel,
  findings: readonly FindingDto[],
  profile: OpenedProfileDto,
  func: FunctionIndex,
  lines: FunctionLinesDto | undefined,
  path: number | undefined,
  actions: PanelActions,
): HTMLElement {
  const { tables, costs, width } = model;
  const view = functionAt(tables, func);
  const self = costs.self[func] as number;
  const total = costs.total[func] as number;
  const share = (micros: number): number => (width > 0 ? micros / width : 0);
  const place = lines?.place;
  const where = place ? `${baseName(place.file)}:${place.line}` : view.url === '' ? '' : `${baseName(view.url)}:${view.line + 1}`;
  const category = view.package ? `${categoryNames[view.category]} ${view.package}` : categoryNames[view.category];
  const hits = costs.hits[func] as number;
  const panel = el(
    'section',
    { class: 'panel-content', 'aria-label': `Selected function ${view.name}` },
    el('h2', { class: 'code', title: view.name }, frameLabel(tables, func)),
    where && view.category !== Category.Native
      ? button(place ? `Open ${place.file}:${place.line} (O)` : view.url, () => actions.onOpenSource(func, undefined), { class: 'link' }, where)
      : undefined,
    el('p', { class: 'category' }, category),
    // The frame that is selected may be one of several: its share is not that of all of them.
    ...(path === undefined || isAlike(path, total)
      ? []
      : [el('h3', {}, 'This path'), bar('Total', formatCost(path, tables.unit), share(path)), el('h3', {}, 'All calls')]),
    bar('Self', formatCost(self, tables.unit), share(self)),
    bar('Total', formatCost(total, tables.unit), share(total)),
    costs.inlined[func] ? el('p', { class: 'samples' }, inlinedWords(tables, func, costs.inlined[func] as number)) : undefined,
    el('p', { class: 'samples' }, `${plural(hits, 'sample')} · self ± ${formatShare(shareMargin(share(self), profile.totals.effectiveSamples))}`),
  );
  const own = findings.filter(({ status, place, functions }) => status === 'open' && place && functions[0] === func);
  for (const { level, title, summary, advice } of own) {
    const heading = title === frameLabel(tables, func) ? undefined : el('p', { class: 'strong' }, title);
    panel.append(el('div', { class: `advice ${level}` }, heading, el('p', {}, inCode(summary)), el('p', {}, inCode(advice))));
  }
  if (lines && lines.rows.length > 0) panel.append(hotLines(lines, actions));
  const near = neighbours(tables, func);
  panel.append(list('Callers', near.callers, model, near.total, actions));
  panel.append(list('Callees', near.callees, model, near.total, actions, near.self));
  return panel;
}

/** `387 of them inlined into renderRow`. */
function inlinedWords(tables: ProfileTables, func: FunctionIndex, count: number): string {
  const [into] = inlinedInto(tables, func);
  return `${plural(count, 'sample')} inlined${into === undefined ? '' : ` into ${frameLabel(tables, into)}`}`;
}

function bar(label: string, cost: string, share: number): HTMLElement {
  const fill = el('span', { class: 'fill' });
  fill.style.width = `${Math.min(100, share * 100)}%`;
  return el(
    'div',
    { class: 'bar' },
    el('span', { class: 'label' }, label),
    el('span', { class: 'track' }, fill),
    el('span', { class: 'number' }, cost),
    el('span', { class: 'number' }, formatShare(share)),
  );
}

function hotLines({ func, rows }: FunctionLinesDto, actions: PanelActions): HTMLElement {
  const most = Math.max(...rows.map(({ share }) => share), 1e-9);
  const indent = Math.min(...rows.filter(({ text }) => text.trim() !== '').map(({ text }) => text.length - text.trimStart().length));
  let last = 0;
  const items = rows.map(({ line, text, share }) => {
    const heat = el('span', { class: 'heat' });
    heat.style.opacity = share > 0 ? String(0.25 + (0.75 * share) / most) : '0';
    const isGap = last > 0 && line > last + 1;
    last = line;
    return button(
      `Open line ${line}`,
      () => actions.onOpenSource(functionIndex(func), line),
      { class: isGap ? 'line gap' : 'line' },
      heat,
      el('span', { class: 'line-number' }, String(line)),
      el('code', {}, text.slice(indent) || ' '),
      el('span', { class: 'line-share' }, share > 0 ? formatShare(share) : ''),
    );
  });
  return el('div', {}, el('h3', {}, 'Own time by line'), el('div', { class: 'lines' }, ...items));
}

function list(title: string, found: readonly NeighbourCost[], model: FlameModel, total: number, actions: PanelActions, self?: number): HTMLElement {
  const row = (label: Node | string, cost: number): HTMLElement =>
    el(
      'li',
      {},
      label instanceof Node ? label : el('span', { class: 'own' }, label),
      el('span', { class: 'number' }, formatCost(cost, model.tables.unit)),
      el('span', { class: 'number dim' }, formatShare(total > 0 ? cost / total : 0)),
    );
  const items = found.slice(0, LISTED).map(({ func, total: cost }) => {
    const { url, line } = functionAt(model.tables, func);
    const label = frameLabel(model.tables, func);
    const where = url === '' || label.includes(':') ? '' : ` · ${baseName(url)}:${line + 1}`;
    return row(
      button(`Select ${label}`, () => actions.onSelect(func), { class: 'neighbour code' }, label, el('span', { class: 'dim' }, where)),
      cost,
    );
  });
  if (self !== undefined && self > 0) items.push(row('(self)', self));
  const rest = found.slice(LISTED);
  if (rest.length > 0)
    items.push(
      row(
        plural(rest.length, 'other'),
        rest.reduce((sum, one) => sum + one.total, 0),
      ),
    );
  if (items.length === 0)
    items.push(el('li', { class: 'dim' }, total === 0 ? 'not in what is shown' : title === 'Callers' ? 'none: it is where a stack begins' : 'none'));
  return el('div', {}, el('h3', {}, title), el('ul', { class: 'neighbours' }, ...items));
}
