import { linearMatcher } from './linear-match';

/** What is left of a stack at one of its locations. */
export type Keep =
  /** All of it. */
  | 'whole'
  /** The location itself, and nothing that it calls. */
  | 'end'
  /** Neither. */
  | 'none';

export interface DroppedFrames<Id, Frame> {
  readonly frames: ReadonlyMap<Id, readonly Frame[]>;
  readonly keepOf: (id: Id) => Keep;
  /** The file's expression cannot be read, or takes too long: nothing is left out. */
  readonly isUnread: boolean;
}

/**
 * pprof's `drop_frames` and `keep_frames` (proto/profile.proto, profile/prune.go): an
 * allocator or a lock in a stack, and all that it calls, is left out, so that the cost
 * is its caller's. A frame is dropped whose name, without its arguments, the first
 * expression matches as a whole and the second does not. `frames` stand outermost first.
 */
export function dropFrames<Id, Frame extends { readonly name: string }>(
  frames: ReadonlyMap<Id, readonly Frame[]>,
  dropText: string,
  keepText: string,
): DroppedFrames<Id, Frame> {
  const all = { frames, keepOf: (): Keep => 'whole', isUnread: false };
  if (dropText === '') return all;
  const drop = linearMatcher(dropText);
  const keep = keepText === '' ? undefined : linearMatcher(keepText);
  if (!drop || (keepText !== '' && !keep)) return { ...all, isUnread: true };
  const known = new Map<string, boolean | undefined>();
  const isDropped = (name: string): boolean | undefined => {
    if (name === '') return false;
    if (!known.has(name)) {
      const plain = withoutArguments(name);
      const isNamed = drop.matches(plain);
      const isKept = isNamed && keep ? keep.matches(plain) : false;
      known.set(name, isKept === undefined ? undefined : isNamed && !isKept);
    }
    return known.get(name);
  };
  const left = new Map<Id, readonly Frame[]>();
  const keeps = new Map<Id, Keep>();
  for (const [id, list] of frames) {
    let at = -1;
    for (const [i, { name }] of list.entries()) {
      const isGone = isDropped(name);
      if (isGone === undefined) return { ...all, isUnread: true };
      if (!isGone) continue;
      at = i;
      break;
    }
    if (at >= 0) keeps.set(id, at === 0 ? 'none' : 'end');
    left.set(id, at > 0 ? list.slice(0, at) : list);
  }
  return { frames: left, keepOf: (id) => keeps.get(id) ?? 'whole', isUnread: false };
}

/** `operator()(int)` is `operator()`: what follows the first bracket that is no part of a name is arguments. */
function withoutArguments(name: string): string {
  const text = name.startsWith('.') ? name.slice(1) : name;
  for (const { index, 0: found } of text.matchAll(/\(anonymous namespace\)|operator\(\)|\(/g)) if (found === '(') return text.slice(0, index);
  return text;
}
