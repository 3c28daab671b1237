/**
 * What a comparison of runs says. "No difference" is a finding of its own: the interval
 * lies inside the band. What the runs cannot tell is inconclusive.
 */
export type Verdict = 'faster' | 'slower' | 'no difference' | 'inconclusive';

/** Changes up to this share are no difference, if the whole interval is. */
export const BAND = 0.05;
