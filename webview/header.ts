import type { OpenedProfileDto } from '../src/protocol/lsp';
import { formatCost, formatCount, formatShare, formatTime } from '../src/shared/format';
import type { ReportedFinding } from '../src/shared/reported-finding';
import { button, el } from './dom';

/** What was recorded and for how long, and the few sentences there are to say about it. */
export function renderHeader(
  profile: OpenedProfileDto,
  actions: { onFinding(finding: ReportedFinding): void; onProfileAgain(): void; onChoose(select: number | 'merge'): void },
): HTMLElement {
  const { totals } = profile;
  const share = (micros: number): string => formatShare(totals.duration > 0 ? micros / totals.duration : 0);
  const gcShare = totals.active > 0 ? totals.gc / totals.active : 0;
  const hasGcFinding = profile.findings.some(({ rule }) => rule === 'gc');
  const isTime = profile.unit === 'microseconds';
  const figures = el(
    'dl',
    { class: 'figures' },
    ...(isTime
      ? [
          figure(formatTime(totals.duration), 'recorded'),
          figure(formatTime(totals.active), `active ${share(totals.active)}`),
          figure(formatTime(totals.gc), `GC ${formatShare(gcShare)}`, hasGcFinding),
          figure(formatTime(totals.idle), `idle ${share(totals.idle)}`),
        ]
      : [figure(formatCost(totals.active, profile.unit), profile.unit === 'bytes' ? 'in all' : 'counted')]),
    figure(formatCount(totals.samples), 'samples'),
    figure(formatCount(totals.nodes), 'call nodes'),
  );
  const again = profile.canRepeat ? button('Profile again (R)', actions.onProfileAgain, { class: 'again' }, 'Profile again') : undefined;
  const title = el(
    'div',
    { class: 'title' },
    el('h1', { title: profile.title }, profile.title),
    el('p', { class: 'subtitle', title: profile.subtitle }, profile.format ? `${profile.format} · ${profile.subtitle}` : profile.subtitle),
  );
  const choice = profile.choices.length > 1 ? choiceOf(profile, actions.onChoose) : undefined;
  const notes = [...(profile.focusMissing ? [profile.focusMissing] : []), ...profile.warnings];
  const header = el('header', {}, el('div', { class: 'top' }, title, choice, again, figures));
  if (profile.loop) header.append(el('p', { class: 'loop' }, profile.loop));
  if (profile.findings.length > 0) {
    const list = el('ul', { class: 'findings', 'aria-label': 'Findings' });
    for (const finding of profile.findings) list.append(el('li', {}, findingChip(finding, actions.onFinding)));
    header.append(list);
  }
  if (notes.length > 0) header.append(el('ul', { class: 'notes', 'aria-label': 'Notes', role: 'status' }, ...notes.map((note) => el('li', {}, note))));
  return header;
}

/** Which of a file's profiles is shown: a thread, a sample type, or all as one. */
function choiceOf({ choices, selected }: OpenedProfileDto, onChoose: (select: number | 'merge') => void): HTMLElement {
  const list = el(
    'select',
    { class: 'choice', 'aria-label': 'Profile of this file', title: 'The file holds several profiles' },
    ...choices.map(({ name, detail }, at) => el('option', { value: String(at), selected: selected === at ? '' : undefined }, `${name} · ${detail}`)),
    el('option', { value: 'merge', selected: selected === 'merge' ? '' : undefined }, 'All together'),
  );
  list.addEventListener('change', () => onChoose(list.value === 'merge' ? 'merge' : Number(list.value)));
  return list;
}

function figure(value: string, label: string, isOdd = false): HTMLElement {
  return el('div', isOdd ? { class: 'odd' } : {}, el('dd', {}, value), el('dt', {}, label));
}

function findingChip(finding: ReportedFinding, onClick: (finding: ReportedFinding) => void): HTMLButtonElement {
  const isFunction = finding.rule === 'plateau';
  const gist: Readonly<Record<string, string>> = {
    plateau: finding.level === 'error' ? 'almost certainly the bottleneck' : 'a plateau to investigate',
    focus: 'the top three hold this much',
    spread: 'look at the architecture',
    gc: 'garbage collection',
  };
  return button(
    `${finding.title}: ${finding.summary} ${finding.advice}`,
    () => onClick(finding),
    { class: `finding ${finding.level}` },
    el('span', { class: isFunction ? 'name code' : 'name' }, finding.title),
    el('span', { class: 'share' }, formatShare(finding.share)),
    el('span', { class: 'gist' }, gist[finding.rule] ?? ''),
  );
}
