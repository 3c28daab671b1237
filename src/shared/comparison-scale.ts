/**
 * What costs of two sides are compared as. Nothing is scaled but by the one that is
 * named: a share can grow because the rest has shrunk, and twice the runs cost twice as much.
 */
export const scalings = ['raw', 'run', 'call', 'request', 'share'] as const;
export type Scaling = (typeof scalings)[number];

/** Of a profile's functions on the two sides. */
export type FunctionState = 'both' | 'new' | 'gone' | 'moved';
