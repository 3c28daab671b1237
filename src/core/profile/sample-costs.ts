/** What samples say of the nodes that they ended in: own cost, microseconds, and how many they were. */
export interface SampleCosts {
  readonly self: Float64Array;
  readonly hits: Uint32Array;
}

/**
 * A sample costs the time to the next one's start, the last one the time to `endTime`.
 * `node` is the row of each sample, one below 0 counts for `unknown`. Always summed in
 * this order, so that whoever works it out again gets the same to the last bit.
 */
export function sampleCosts(node: Int32Array | Uint32Array, start: Float64Array, endTime: number, rows: number, unknown = -1): SampleCosts {
  const self = new Float64Array(rows);
  const hits = new Uint32Array(rows);
  for (let i = 0; i < node.length; i++) {
    const row = node[i] as number;
    const at = row < 0 ? unknown : row;
    const next = i + 1 < node.length ? (start[i + 1] as number) : endTime;
    self[at] = (self[at] as number) + next - (start[i] as number);
    hits[at] = (hits[at] as number) + 1;
  }
  return { self, hits };
}
