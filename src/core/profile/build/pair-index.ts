import { uintColumn } from '../growable';

/** Rows of distinct pairs of 32-bit counts. Open addressing in typed arrays: no object a pair. */
export class PairIndex {
  readonly first = uintColumn();
  readonly second = uintColumn();
  #slots = new Int32Array(1 << 7).fill(-1);

  get length(): number {
    return this.first.length;
  }

  /** Row of the pair; a new one stands at the end. */
  intern(a: number, b: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(a, b) & mask;
    for (;;) {
      const row = this.#slots[slot] as number;
      if (row < 0) break;
      if (this.first.at(row) === a && this.second.at(row) === b) return row;
      slot = (slot + 1) & mask;
    }
    const row = this.first.length;
    this.first.push(a);
    this.second.push(b);
    this.#slots[slot] = row;
    if (row * 2 > this.#slots.length) this.#rehash();
    return row;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let row = 0; row < this.length; row++) {
      let slot = hash(this.first.at(row), this.second.at(row)) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = row;
    }
    this.#slots = slots;
  }
}

function hash(a: number, b: number): number {
  let h = Math.imul(a + 0x9e3779b9, 0x85ebca6b);
  h = Math.imul((h ^ (h >>> 13)) + b, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f);
  return (h ^ (h >>> 15)) >>> 0;
}
