/** The words for a cause that was derived: what is done, for each of what, and what to do instead. */
import type { LoopFact, WorkFact, WorkKind } from '../facts/work-types';

/** What a finding says besides what was measured. */
export interface Cause {
  /** After the name of the function: `searches users for each of orders`. */
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
  /** 1-based line of the work, in `file`. */
  readonly line: number;
  /** The same for causes that are one; undefined where its place and title are. */
  readonly key?: string;
}

/** Code between backticks, on one line and not too long. */
export function code(text: string | undefined, most = 60): string {
  const plain = (text ?? '…').replace(/[\s`]+/g, ' ').trim();
  return `\`${plain.length > most ? `${plain.slice(0, most - 1)}…` : plain}\``;
}

const does: Readonly<Record<WorkKind, string>> = {
  search: 'searches',
  select: 'filters all of',
  sum: 'adds up all of',
  sort: 'sorts all of',
  copy: 'copies all of',
  'add-by-copy': 'copies all of',
  move: 'moves the elements of',
  list: 'lists everything in',
  walk: 'goes through all of',
  loop: 'goes through all of',
  build: 'makes',
  write: 'writes all of',
  text: 'splits all of',
  costly: 'calls',
};

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `searches users`, `copies all of state`. */
export const deed = ({ kind, subject, code: text, words }: WorkFact): string =>
  words?.deed ?? `${does[kind]} ${code(kind === 'build' ? text : (subject ?? text), 40)}`;

/** ` to add to it`, ` as text`, and the method where it says more than the word. */
export function manner({ kind, name, code: text }: WorkFact): string {
  if (kind === 'add-by-copy') return ' to add to it';
  if (kind === 'write') return ` as text (${code(name)})`;
  if (kind === 'loop' || kind === 'build' || kind === 'costly') return '';
  return ` (${code(/^[[{]/.test(name) ? (text ?? name) : name)})`;
}

/** `for each of orders`, `in each comparison of the sort of rows`, `in each turn of the loop in line 12`. */
export function times({ kind, over, line }: LoopFact): string {
  if (kind === 'compare') return `in each comparison of the sort${over === undefined ? '' : ` of ${code(over, 40)}`}`;
  if (kind === 'each' && over !== undefined) return `for each of ${code(over, 40)}`;
  return `in each turn of the loop in line ${line + 1}`;
}

/** What the time grows with, where both collections have names. */
export function growth(work: WorkFact, loop: LoopFact): string {
  if (work.kind === 'costly') return work.words?.why === undefined ? '' : ` ${work.words.why}`;
  if (work.kind === 'build') return ' The same is made again each time.';
  const each = loop.over === undefined || loop.kind === 'compare' ? undefined : loop.over;
  if (each === undefined || work.subject === undefined) return ` The whole of it is done again each time.`;
  if (each === work.subject) return ` The time grows with the square of ${code(each, 40)}.`;
  return ` The time grows with ${code(each, 40)} times ${code(work.subject, 40)}.`;
}

/** What to do with a getter. */
export const ONE_ACCESS = 'A getter works at each access: read it once into a constant before the loop.';

/** What to do instead. */
export function remedy({ kind, subject, name, words }: WorkFact): string {
  if (words) return words.advice;
  const it = code(subject, 40);
  switch (kind) {
    case 'search':
      return `Make a Set or a Map of ${it} once, by what is searched for, keep it up to date where that changes, and ask it instead.`;
    case 'select':
      return `Group ${it} once in a Map by what is asked for, and take the group; or filter once, before the loop.`;
    case 'sum':
      return `Work it out once, before the loop, or keep a running value that changes with ${it}.`;
    case 'sort':
      return `Sort ${it} once, before or after the loop; where the order is needed meanwhile, insert in the right place or use a heap.`;
    case 'copy':
      return `Do without the copy: make what is needed of ${it} once, before the loop, or read it as it is.`;
    case 'add-by-copy':
      return name === 'Buffer.concat'
        ? 'Collect the pieces in an array, and join them once at the end.'
        : 'Add to the one that is there (push, set a property, a Map), and copy it once at the end if it must be a new one.';
    case 'move':
      return `Do not take out or put in single elements: build ${it} once with what stays, or use a Map.`;
    case 'list':
      return `Keep the count or the list beside ${it}, or use a Map, which knows its size.`;
    case 'build':
      return 'Make it once, outside of the loop and the function, and keep it.';
    case 'write':
      return 'Write it once, after the loop, or write only what has changed.';
    case 'text':
      return `Split ${it} once, before the loop, and keep the parts.`;
    default:
      return `Work out once, before the loop, what is looked for in ${it}: an index in a Map, a sorted list, a running value, or the result itself if that stays the same.`;
  }
}
