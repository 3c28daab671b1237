import type { DiffSide } from './heap-diff';

/** What became of objects that both snapshots have: an array, a Map or a buffer that holds more than before is no new object. */
export interface GrownObjects {
  /** Bytes that they have more, all together; below zero where they have less. Shallow sizes. */
  readonly sizeDelta: number;
  /** Those that grew most, the first of all; of the current heap. */
  readonly largest: readonly { readonly id: number; readonly node: number; readonly name: string; readonly sizeDelta: number }[];
}

const MOST = 5;

/** Of two sides by rising id, with a byte for each object that the other has too. Linear. */
export function grownObjects(base: DiffSide, current: DiffSide, pairs: { readonly old: Uint8Array; readonly now: Uint8Array } | undefined): GrownObjects {
  let sizeDelta = 0;
  const largest: { at: number; sizeDelta: number }[] = [];
  // Both lists stand by rising id, so the objects that are in both follow each other alike.
  for (let i = 0, j = 0; pairs && i < pairs.old.length && j < pairs.now.length; ) {
    if (pairs.old[i] === 0) i++;
    else if (pairs.now[j] === 0) j++;
    else {
      const delta = (current.sizes[j] as number) - (base.sizes[i] as number);
      sizeDelta += delta;
      if (delta > (largest.length < MOST ? 0 : (largest.at(-1)?.sizeDelta ?? 0))) {
        largest.push({ at: j, sizeDelta: delta });
        largest.sort((a, b) => b.sizeDelta - a.sizeDelta).splice(MOST);
      }
      i++;
      j++;
    }
  }
  return {
    sizeDelta,
    largest: largest.map(({ at, sizeDelta: delta }) => ({
      id: current.ids[at] as number,
      node: current.nodes[at] as number,
      name: current.names[current.classOf[at] as number]?.name ?? '',
      sizeDelta: delta,
    })),
  };
}
