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
/** A line counted from 0 (V8 call frames, LSP, VS Code's API). */
export type Line0 = Brand<'Line0'>;
/** A line counted from 1 (what an editor shows, V8 position ticks). */
export type Line1 = Brand<'Line1'>;

/** What the costs of a profile count. Time is the common one; heap profiles count bytes, other tools count events. */
export const units = ['microseconds', 'bytes', 'count'] as const;
export type Unit = (typeof units)[number];

export const microseconds = (value: number): Microseconds => value as Microseconds;
export const nodeIndex = (value: number): NodeIndex => value as NodeIndex;
export const functionIndex = (value: number): FunctionIndex => value as FunctionIndex;
export const line0 = (value: number): Line0 => value as Line0;
export const line1 = (value: number): Line1 => value as Line1;

export const toLine1 = (line: Line0): Line1 => (line + 1) as Line1;
export const toLine0 = (line: Line1): Line0 => (line - 1) as Line0;
