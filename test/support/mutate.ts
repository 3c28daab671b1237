/** mulberry32: small, and the same everywhere. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export interface MutatorOptions {
  /** Texts that the format gives a meaning. */
  readonly pieces: readonly string[];
  /** Texts in the place of a number: wrong ones keep the rest whole and go deepest. */
  readonly numbers: readonly string[];
  /** What a number looks like in the format; with the flag g. */
  readonly number: RegExp;
}

/** Makes damaged copies of a file, one to four changes each. */
export function mutator(file: Uint8Array, { pieces, numbers, number }: MutatorOptions): (random: (below: number) => number) => Buffer {
  const source = Buffer.from(file);
  const spots = Array.from(source.toString('latin1').matchAll(number), (match) => ({ at: match.index, length: match[0].length }));
  return (random) => {
    let bytes = Buffer.from(source);
    const splice = (at: number, removed: number, added: Uint8Array): void => {
      bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
    };
    for (let changes = 1 + random(4); changes > 0; changes--) {
      const at = random(bytes.length);
      const spot = spots[random(Math.max(1, spots.length))];
      const kind = random(7);
      if (kind === 0) bytes[at] = (bytes[at] as number) ^ (1 << random(8));
      else if (kind === 1) bytes[at] = random(256);
      else if (kind === 2) splice(at, 1 + random(random(4) === 0 ? 2000 : 8), Buffer.alloc(0));
      else if (kind === 3) splice(at, 0, Buffer.from(pieces[random(pieces.length)] as string));
      else if (kind === 4) {
        const from = random(bytes.length);
        splice(at, 0, Buffer.from(bytes.subarray(from, from + 1 + random(400))));
      } else if (spot) splice(spot.at, spot.length, Buffer.from(random(2) === 0 ? (numbers[random(numbers.length)] as string) : String(random(60) - 5)));
    }
    return bytes;
  };
}
