/** Runs in a worker of the page: an expression that takes for ever can be ended with it. */
export interface RegexRequest {
  /** A string table. */
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly patterns: readonly { readonly source: string; readonly flags: string }[];
  /** Characters of a string that are looked at. */
  readonly longest: number;
}

/** For each pattern: 1 for each string that it matches. */
export type RegexAnswer = readonly Uint8Array[];

addEventListener('message', ({ data }: MessageEvent<RegexRequest>) => {
  const { bytes, offsets, patterns, longest } = data;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const compiled = patterns.map(({ source, flags }) => new RegExp(source, flags));
  const answer = compiled.map(() => new Uint8Array(offsets.length - 1));
  for (let row = 0; row + 1 < offsets.length; row++) {
    const text = decoder.decode(bytes.subarray(offsets[row], offsets[row + 1])).slice(0, longest);
    for (const [i, pattern] of compiled.entries()) if (pattern.test(text)) (answer[i] as Uint8Array)[row] = 1;
  }
  postMessage(answer satisfies RegexAnswer);
});
