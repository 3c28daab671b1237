import type { FindingDto } from '../../src/protocol/findings';
import { plainWords } from '../../src/shared/code-text';
import { formatCost, formatCount, formatShare, formatTime } from '../../src/shared/format';
import { button, el } from '../ui/dom';
import { gistOf, isNamed } from './finding-words';
import type { Store } from './store';
import { type Choice, type ProfilePicker, profilePicker } from './threads/picker';

/** The loudest findings stand in the header; the panel has them all. */
const LOUDEST = 3;

/** What was recorded and for how long, and the few sentences there are to say about it. */
export function profileHeader(
  store: Store,
  actions: { onFinding(finding: FindingDto): void; onFindings(): void; onProfileAgain(): void; onChoose(choice: Choice): void },
): { readonly element: HTMLElement; updateFindings(): void; readonly picker: ProfilePicker | undefined } {
  const { profile } = store;
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
          figure(formatTime(totals.duration), profile.threads && profile.selected === 'merge' ? 'of thread time' : 'recorded'),
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
  const picker = profile.choices.length > 1 ? profilePicker(store, actions.onChoose) : undefined;
  const notes = [...(profile.focusMissing ? [profile.focusMissing] : []), ...profile.warnings];
  const header = el('header', {}, el('div', { class: 'top' }, title, picker?.element, again, figures));
  if (profile.loop) header.append(el('p', { class: 'loop' }, profile.loop));
  const list = el('ul', { class: 'findings', 'aria-label': 'Loudest findings' });
  header.append(list);
  const updateFindings = (): void => {
    const open = store.findings.filter(({ status }) => status === 'open');
    const shown = open.slice(0, LOUDEST);
    const rest = store.findings.length > shown.length ? `All ${store.findings.length} findings` : '';
    list.hidden = store.findings.length === 0;
    list.replaceChildren(
      ...shown.map((finding) => el('li', {}, findingChip(store, finding, actions.onFinding))),
      ...(open.length === 0 ? [el('li', { class: 'dim nothing-open' }, 'No finding is open.')] : []),
      ...(rest === '' ? [] : [el('li', {}, button('List all findings (W)', actions.onFindings, { class: 'link more' }, rest))]),
    );
  };
  updateFindings();
  if (notes.length > 0) header.append(el('ul', { class: 'notes', 'aria-label': 'Notes', role: 'status' }, ...notes.map((note) => el('li', {}, note))));
  return { element: header, updateFindings, picker };
}

function figure(value: string, label: string, isOdd = false): HTMLElement {
  return el('div', isOdd ? { class: 'odd' } : {}, el('dd', {}, value), el('dt', {}, label));
}

function findingChip({ base }: Store, finding: FindingDto, onClick: (finding: FindingDto) => void): HTMLButtonElement {
  return button(
    `${finding.title}: ${plainWords(`${finding.summary} ${finding.advice}`)}`,
    () => onClick(finding),
    { class: `finding ${finding.level}` },
    el('span', { class: isNamed(base, finding) ? 'name code' : 'name' }, finding.title),
    el('span', { class: 'share' }, formatShare(finding.share)),
    el('span', { class: 'gist' }, gistOf(finding)),
  );
}
