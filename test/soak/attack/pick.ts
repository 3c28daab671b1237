/** A number from 0 to below the limit, the next of a seed (`generator` of mutate.ts). */
export type Below = (limit: number) => number;

/** Of so many cases one may become large; the others take little time. */
const LARGE = 16;

/** Whether what is added to a case may have megabytes. */
export const isLarge = (below: Below): boolean => below(LARGE) === 0;

export const oneOf = <T>(from: readonly T[], below: Below): T => from[below(from.length)] as T;
