import type { FindingDto } from '../../src/protocol/findings';
import { plainWords } from '../../src/shared/code-text';
import { formatCost, formatCount, formatShare, formatTime, plural } from '../../src/shared/format';
import { button, el } from '../ui/dom';
import { gistOf, isNamed } from './finding-words';
import type { Store } from './store';
import { type Choice, type ProfilePicker, profilePicker } from './threads/picker';

export interface HeaderActions {
  onFinding(finding: FindingDto): void;
  onFindings(): void;
  onProfileAgain(): void;
  onChoose(choice: Choice): void;
}

export interface ProfileHeader {
  readonly element: HTMLElement;
  updateFindings(): void;
  readonly picker: ProfilePicker | undefined;
}

/** What was recorded and how long it computed in one row, and the first finding in another; the rest is behind "i". */
export function profileHeader(store: Store, actions: HeaderActions, legend: HTMLElement): ProfileHeader {
  const { profile } = store;
  const picker = profile.choices.length > 1 ? profilePicker(store, actions.onChoose) : undefined;
  const info = infoPopover(store, legend);
  const top = el(
    'div',
    { class: 'top' },
    el('h1', { title: profile.title }, profile.title),
    profile.loop === undefined ? undefined : el('p', { class: 'loop code', title: profile.loop }, profile.loop),
    el('span', { class: 'spring' }),
    ...keyFigures(store),
    picker?.element,
    profile.canRepeat ? button('Profile again (R)', actions.onProfileAgain, { class: 'again' }, 'Profile again') : undefined,
    info.button,
  );
  const list = el('ul', { class: 'findings', 'aria-label': 'Findings' });
  const said = [profile.focusMissing, profile.threads && capital(profile.threads.shown)].filter((one) => one !== undefined);
  const element = el(
    'header',
    {},
    top,
    ...said.map((text) => el('p', { class: 'said', title: text, role: 'status' }, el('span', {}, text))),
    list,
    info.element,
  );

  function updateFindings(): void {
    const [first] = store.findings.filter(({ status }) => status === 'open');
    const more = store.findings.length - (first ? 1 : 0);
    list.hidden = store.findings.length === 0;
    list.replaceChildren(
      el('li', first ? {} : { class: 'dim nothing-open' }, first ? findingChip(store, first, actions.onFinding) : 'No finding is open.'),
      ...(more > 0 ? [el('li', {}, button('List all findings (F)', actions.onFindings, { class: 'link more' }, `+${more}`))] : []),
    );
  }
  updateFindings();
  return { element, updateFindings, picker };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Active time and garbage collection; of other units the sum. */
function keyFigures({ profile }: Store): HTMLElement[] {
  const { totals, unit } = profile;
  const one = (value: string, label: string, isOdd = false): HTMLElement =>
    el('span', { class: isOdd ? 'key-figure odd' : 'key-figure' }, el('b', {}, value), ` ${label}`);
  if (unit !== 'microseconds') return [one(formatCost(totals.active, unit), unit === 'bytes' ? 'in all' : 'counted')];
  const gc = totals.active > 0 ? totals.gc / totals.active : 0;
  return [
    one(formatTime(totals.active), 'active'),
    one(
      formatShare(gc),
      'GC',
      profile.findings.some(({ rule }) => rule === 'gc'),
    ),
  ];
}

/** Everything else about the recording: how it was made, all figures, and what is to be known of it. */
function infoPopover({ profile }: Store, legend: HTMLElement): { readonly button: HTMLButtonElement; readonly element: HTMLElement } {
  const { totals, warnings } = profile;
  const share = (micros: number): string => formatShare(totals.duration > 0 ? micros / totals.duration : 0);
  const figures =
    profile.unit === 'microseconds'
      ? [
          figure(formatTime(totals.duration), profile.threads && profile.selected === 'merge' ? 'of thread time' : 'recorded'),
          figure(formatTime(totals.active), `active ${share(totals.active)}`),
          figure(formatTime(totals.gc), `GC ${formatShare(totals.active > 0 ? totals.gc / totals.active : 0)}`),
          figure(formatTime(totals.idle), `idle ${share(totals.idle)}`),
        ]
      : [figure(formatCost(totals.active, profile.unit), profile.unit === 'bytes' ? 'in all' : 'counted')];
  const element = el(
    'div',
    { class: 'about', popover: 'auto', id: 'profile-info', role: 'dialog', 'aria-label': 'About this recording' },
    el('p', { class: 'subtitle' }, profile.format ? `${profile.format} · ${profile.subtitle}` : profile.subtitle),
    el('dl', { class: 'figures' }, ...figures, figure(formatCount(totals.samples), 'samples'), figure(formatCount(totals.nodes), 'call nodes')),
    el('h3', {}, 'Colours'),
    legend,
    warnings.length > 0 ? el('ul', { class: 'notes', 'aria-label': 'Notes' }, ...warnings.map((note) => el('li', {}, note))) : undefined,
  );
  const label = warnings.length > 0 ? `About this recording: ${plural(warnings.length, 'note')}` : 'About this recording';
  const opener = button(
    label,
    () => {},
    { class: warnings.length > 0 ? 'about-button warns' : 'about-button', popovertarget: 'profile-info', 'aria-label': label },
    warnings.length > 0 ? `⚠ ${warnings.length}` : 'i',
  );
  return { button: opener, element };
}

function figure(value: string, label: string): HTMLElement {
  return el('div', {}, el('dd', {}, value), el('dt', {}, label));
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
