import { button, el } from './dom';

/** What a trail shows of one frame. */
export interface Crumb {
  readonly label: string;
  readonly isCurrent: boolean;
  onChoose(): void;
}

/** Frames between the first and the last of a path that a trail names; the others are a number. */
const NAMED_AT_END = 3;

export const crumbMark = (): HTMLElement => el('span', { class: 'dim', 'aria-hidden': 'true' }, '›');

export function crumbButton({ label, isCurrent, onChoose }: Crumb): HTMLElement {
  return button(`Zoom to ${label}`, onChoose, { class: 'crumb code', ...(isCurrent ? { 'aria-current': 'true' } : {}) }, label);
}

/** The frames of a path, outermost first, each after a mark; what is in the middle of a long path is counted. */
export function crumbTrail(path: readonly number[], crumbOf: (frame: number) => Crumb, leftOut?: (count: number) => string): readonly HTMLElement[] {
  const left = path.length - 1 - NAMED_AT_END;
  const shown = left > 1 ? [...path.slice(0, 1), undefined, ...path.slice(-NAMED_AT_END)] : path;
  return shown.flatMap((frame) => [
    crumbMark(),
    frame === undefined ? el('span', { class: 'dim', title: leftOut?.(left) }, `… ${left}`) : crumbButton(crumbOf(frame)),
  ]);
}
