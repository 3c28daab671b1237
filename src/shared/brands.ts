/**
 * Branded numbers: the unit or the base of a number is part of its type.
 * Brands go on at function boundaries; hot loops work on the raw numbers.
 */
declare const brand: unique symbol;
type Brand<Name extends string> = number & { readonly [brand]: Name };

/** A duration or a point in time, in microseconds (V8's profiler unit). */
export type Microseconds = Brand<'Microseconds'>;
/** A row of a profile's call node table, in depth-first order. */
export type NodeIndex = Brand<'NodeIndex'>;
/** A row of a profile's function table. */
export type FunctionIndex = Brand<'FunctionIndex'>;

/** What the costs of a profile count. Time is the common one; heap profiles count bytes, other tools count events. */
export const units = ['microseconds', 'bytes', 'count'] as const;
export type Unit = (typeof units)[number];

export const microseconds = (value: number): Microseconds => value as Microseconds;
export const nodeIndex = (value: number): NodeIndex => value as NodeIndex;
export const functionIndex = (value: number): FunctionIndex => value as FunctionIndex;
