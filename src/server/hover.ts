import { baseName, frameLabel } from '../core/findings/explain';
import { shareMargin } from '../core/findings/finding';
import { Category, categoryNames } from '../core/profile/categories';
import { functionAt } from '../core/profile/tables';
import { type NeighbourCost, neighbours } from '../core/profile/views/neighbours';
import type { OpenedProfile } from '../service/profile/opened-profile';
import type { FunctionIndex } from '../shared/brands';
import { levelWords, type TrackedFinding } from '../shared/finding-status';
import { formatCost, formatShare, plural, shorten } from '../shared/format';
import { commandLink, joinMarkdown, type Markdown, markdown, markdownSentence } from '../shared/markdown';
import type { LineCost } from '../source/source-view';

/** How many callers and callees a hover lists. */
const LISTED = 4;
/** Characters of a finding's headline where there are two lines in all. */
const MAX_TITLE = 44;
/** The share of own time without lines from which that is told. */
const BLURRED = 0.01;

/**
 * Two lines over what else an editor says of the code: what the function costs; the line, the loudest that is
 * found in it, and the way to the flame graph.
 */
export function shortHover(
  profile: OpenedProfile,
  tracked: readonly TrackedFinding[],
  func: FunctionIndex,
  line: { number: number; cost: LineCost } | undefined,
): Markdown {
  const { tables, costs, totals } = profile;
  const share = (cost: number): string => formatShare(totals.active > 0 ? cost / totals.active : 0);
  const cost = (value: number): string => `${formatCost(value, tables.unit)} · ${share(value)}`;
  const first = markdown`**${frameLabel(tables, func)}** · ${cost(costs.total[func] as number)} of active time · self ${cost(costs.self[func] as number)}`;
  const loudest = tracked.find(({ finding: { place, functions }, status }) => status === 'open' && place && functions.includes(func))?.finding;
  const second = [
    ...(line ? [markdown`line ${line.number}: ${cost(line.cost.self)}`] : []),
    ...(loudest
      ? [
          markdown`● ${levelWords[loudest.level]}${loudest.functions[0] === func && loudest.origin === 'heuristic' ? '' : `: ${shorten(loudest.title, MAX_TITLE)}`}`,
        ]
      : []),
    commandLink('Flame graph', 'plateau.revealFrame', [profile.file, func], 'Open the flame graph at this function'),
  ];
  return joinMarkdown([first, joinMarkdown(second, ' · ')], '  \n');
}

/**
 * A hover in Markdown: numbers first, then what to do, then where the cost comes
 * from and goes to. `links` adds command links, which only VS Code runs.
 */
export function hoverText(
  profile: OpenedProfile,
  tracked: readonly TrackedFinding[],
  func: FunctionIndex,
  line: { number: number; cost: LineCost } | undefined,
  links: boolean,
): Markdown {
  const { tables, costs, totals } = profile;
  const view = functionAt(tables, func);
  const self = costs.self[func] as number;
  const total = costs.total[func] as number;
  const share = (micros: number): string => formatShare(totals.active > 0 ? micros / totals.active : 0);
  const blocks: Markdown[] = [];
  blocks.push(markdown`**${frameLabel(tables, func)}** · ${formatCost(total, tables.unit)} total · ${share(total)} of active time`);

  const samples = costs.hits[func] as number;
  const margin = formatShare(shareMargin(totals.active > 0 ? self / totals.active : 0, totals.effectiveSamples));
  const rows = [['self', formatCost(self, tables.unit), share(self), `${plural(samples, 'sample')} ± ${margin}`]];
  if (line) {
    const { self: own, ticks } = line.cost;
    rows.push([`line ${line.number}`, formatCost(own, tables.unit), share(own), Number.isNaN(ticks) ? '' : plural(ticks, 'sample')]);
  }
  const gc = profile.gcAfter[func] as number;
  if (gc > 0 && gc / totals.active >= 0.001) rows.push(['GC after it', formatCost(gc, tables.unit), share(gc), '']);
  const cells = rows.map(([first = '', ...rest]) => markdown`| ${first} | ${joinMarkdown(rest.map(padded), ' | ')} |`);
  blocks.push(joinMarkdown([markdown`| | | | |`, markdown`|:--|--:|--:|--:|`, ...cells], '\n'));

  for (const { finding, status } of tracked) {
    const { origin, place, functions, title, summary, advice, page } = finding;
    if (status !== 'open' || !place || !functions.includes(func)) continue;
    // The headline of a finding about this very function is its name.
    const about = origin === 'heuristic' && functions[0] === func ? '' : `${title}: `;
    const explain = links && page ? markdown` ${commandLink('Explain', 'plateau.explainFinding', [page], `What ${finding.rule} means`)}` : '';
    blocks.push(markdown`● ${about}${markdownSentence(summary)} ${markdownSentence(advice)}${explain}`);
  }
  const deopt = deoptReason(profile, func);
  if (deopt) blocks.push(markdown`V8 gave up optimising it: ${deopt}.`);

  const blurred = profile.sources.withoutLine(func);
  if (tables.lines.length > 0 && blurred > 0 && blurred / totals.active >= BLURRED)
    blocks.push(markdown`Which of its lines took the time is not known: several statements ran as one line, and no source map tells them apart.`);

  const near = neighbours(tables, func);
  const list = (title: string, found: readonly NeighbourCost[]): void => {
    if (found.length === 0) return;
    const lines = found
      .slice(0, LISTED)
      .map(
        (one) =>
          markdown`| ${link(profile, one.func, links)} | ${padded(formatCost(one.total, tables.unit))} | ${padded(formatShare(total > 0 ? one.total / total : 0))} |`,
      );
    const rest = found.length > LISTED ? [markdown`| ${plural(found.length - LISTED, 'other')} | | |`] : [];
    blocks.push(joinMarkdown([markdown`| ${title} | | |`, markdown`|:--|--:|--:|`, ...lines, ...rest], '\n'));
  };
  list('called from', near.callers);
  list('calls', near.callees);
  if (links) {
    const actions = [commandLink('Show in flame graph', 'plateau.revealFrame', [profile.file, func], 'Open the flame graph at this function')];
    if (profile.info && profile.info.recipe.kind !== 'process')
      actions.push(commandLink('Profile again', 'plateau.profileAgain', [profile.file], 'Record again as before'));
    blocks.push(joinMarkdown(actions, '   '));
  }
  if (view.category !== Category.User) blocks.push(markdown`*${categoryNames[view.category]}${view.package ? ` ${view.package}` : ''}*`);
  return joinMarkdown(blocks, '\n\n');
}

function link(profile: OpenedProfile, func: FunctionIndex, links: boolean): Markdown {
  const place = profile.sources.place(func);
  const label = frameLabel(profile.tables, func);
  const where = place ? `${baseName(place.file)}:${place.line}` : '';
  const text = where === '' || label.endsWith(where) ? label : `${label} · ${where}`;
  return links ? commandLink(text, 'plateau.revealFrame', [profile.file, func]) : markdown`${text}`;
}

/** Tables in hovers have no room between their columns. */
const padded = (text: string): Markdown => (text === '' ? markdown`` : markdown`&nbsp;&nbsp;&nbsp;${text}`);

/** The reason on the costliest node that has one. */
function deoptReason({ tables }: OpenedProfile, func: number): string | undefined {
  const { nodes, strings } = tables;
  let best = -1;
  for (let node = 0; node < nodes.length; node++) {
    if (nodes.func[node] !== func || nodes.deopt[node] === 0) continue;
    if (best < 0 || (nodes.self[node] as number) > (nodes.self[best] as number)) best = node;
  }
  if (best < 0) return undefined;
  const reason = strings.at(nodes.deopt[best] as number);
  return reason === '' || reason === 'no reason' ? undefined : reason;
}
