/** A number column that grows as it is filled; `take` gives an exact-size typed array. */
export class Column<A extends Float64Array | Int32Array | Uint32Array> {
  #array: A;
  #length = 0;
  #capacity: number;
  readonly #make: (length: number) => A;
  readonly #full: (() => never) | undefined;
  readonly #most: number;

  /** `full` is called for one more than `most`, and throws. */
  constructor(make: (length: number) => A, capacity = 16, most = Number.POSITIVE_INFINITY, full?: () => never) {
    this.#make = make;
    this.#most = most;
    this.#full = full;
    this.#capacity = Math.min(capacity, most);
    this.#array = make(this.#capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#capacity) this.#grow();
    this.#array[this.#length++] = value;
  }

  /** Many at once. */
  append(values: Float64Array | Uint32Array): void {
    const length = this.#length + values.length;
    if (length > this.#capacity) this.#grow(length);
    this.#array.set(values, this.#length);
    this.#length = length;
  }

  #grow(least = this.#length + 1): void {
    if (least > this.#most) this.#full?.();
    this.#capacity = Math.min(this.#most, Math.max(16, least, this.#capacity * 2));
    const grown = this.#make(this.#capacity);
    grown.set(this.#array);
    this.#array = grown;
  }

  at(index: number): number {
    return this.#array[index] as number;
  }

  /** What is in it now, for loops over all of it: a view, which keeps the memory from being given back. */
  get values(): A {
    return this.#array.subarray(0, this.#length) as A;
  }

  set(index: number, value: number): void {
    this.#array[index] = value;
  }

  /** Forgets everything from `length` on. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** Gives its memory back; only `length` is left. */
  release(): void {
    this.#array = this.#make(0);
  }

  take(): A {
    return this.#array.slice(0, this.#length) as A;
  }
}

export const floatColumn = (capacity?: number, most?: number, full?: () => never): Column<Float64Array> =>
  new Column((n) => new Float64Array(n), capacity, most, full);
export const intColumn = (capacity?: number): Column<Int32Array> => new Column((n) => new Int32Array(n), capacity);
export const uintColumn = (capacity?: number): Column<Uint32Array> => new Column((n) => new Uint32Array(n), capacity);
