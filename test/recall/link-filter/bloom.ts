import { fnv1a } from './hash';

export class BloomFilter {
  private readonly bits: Uint8Array;
  added = 0;

  constructor(
    private readonly size: number,
    private readonly rounds: number,
  ) {
    this.bits = new Uint8Array(size >> 3);
  }

  private *places(text: string): Generator<number> {
    const hash = fnv1a(text);
    const low = Number(hash & 0xffffffffn);
    const high = Number(hash >> 32n) | 1;
    for (let round = 0; round < this.rounds; round++) yield (low + Math.imul(round, high) >>> 0) % this.size;
  }

  /** Adds a text; true if it was (probably) there before. */
  add(text: string): boolean {
    let known = true;
    for (const place of this.places(text)) {
      const bit = 1 << (place & 7);
      if ((this.bits[place >> 3] & bit) === 0) {
        known = false;
        this.bits[place >> 3] |= bit;
      }
    }
    if (!known) this.added += 1;
    return known;
  }
}
