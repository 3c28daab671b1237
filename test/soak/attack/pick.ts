/** A number from 0 to below the limit, the next of a seed (`generator` of mutate.ts). */
export type Below = (limit: number) => number;

export const oneOf = <T>(from: readonly T[], below: Below): T => from[below(from.length)] as T;
