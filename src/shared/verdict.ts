/**
 * What a comparison of runs says. "No difference" is a finding of its own: the interval
 * lies inside the band. What the runs cannot tell is inconclusive.
 */
const verdicts = ['faster', 'slower', 'no difference', 'inconclusive'] as const;
export type Verdict = (typeof verdicts)[number];

/** Changes up to this share are no difference, if the whole interval is. */
export const BAND = 0.05;
