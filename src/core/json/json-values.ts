import type { ProfileIssue, ProfileWarning } from '../../shared/issue';
import { weighJson } from '../../shared/json-weight';
import { err, ok, type Result } from '../../shared/result';
import { limits } from '../profile/limits';
import { cutJson } from './cut-json';

/** A JSON object as it came from a file: any key may be missing or of any type. */
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectOf = (value: unknown): Json => (isJson(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown, fallback = ''): string => (typeof value === 'string' ? value : fallback);

/** A name, also one that is a number: tools name spans and frames by their ids. */
export const nameOf = (value: unknown): string => (typeof value === 'number' ? String(value) : textOf(value));

/** A number, also one that a tool wrote as text; beyond 2^53 neither times nor ids can be told apart, so that is none. */
export function numberOf(value: unknown, fallback = Number.NaN): number {
  const parsed = typeof value === 'string' && value.length > 0 && value.length < 40 ? Number(value) : value;
  return typeof parsed === 'number' && Math.abs(parsed) <= Number.MAX_SAFE_INTEGER ? parsed : fallback;
}

/** A row of a table of `length` rows; -1 for anything else. */
export function rowOf(value: unknown, length: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < length ? value : -1;
}

/** A line or column that fits the function table, counted from 0; -1 for none. `base` is what the file counts from. */
export function positionOf(value: unknown, base: 0 | 1): number {
  const at = Math.floor(numberOf(value)) - base;
  return at >= 0 && at < 0x7fff_fffe ? at : -1;
}

/** V8 holds no longer string (`String::kMaxLength` of 64-bit systems), so `JSON.parse` reads no longer text. */
const MAX_TEXT = 0x1fff_ffe8;

declare const TextDecoder: { new (): { decode(bytes: Uint8Array): string } };
const decoder = new TextDecoder();

/** UTF-8 as text, without its byte order mark. */
export const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes);

/** A smaller text cannot nest so deep that it matters. */
const SMALL = 8 << 20;
/** `{},` has three bytes, and takes eighty. */
const MOST_A_BYTE = 28;
/** Bytes of the heap, where the caller knows no better: V8's own limit is four gigabytes as a rule. */
export const MOST_HEAP = 3 * 2 ** 30;

/** The same bytes with blanks in place of commas that no value follows. */
function withoutCommas(bytes: Uint8Array, commas: readonly number[]): Uint8Array {
  if (commas.length === 0) return bytes;
  const copy = bytes.slice();
  for (const at of commas) if (at < copy.length) copy[at] = 0x20;
  return copy;
}

export interface ParsedJson {
  readonly value: unknown;
  /** The brackets that were open where the text was cut; empty for a whole one. */
  readonly closing: string;
  readonly warnings: readonly ProfileWarning[];
}

/** Parses a JSON text; one that ends early or is damaged gives what stands before that place. */
export function parseJson(bytes: Uint8Array, mostHeap = MOST_HEAP): Result<ParsedJson, ProfileIssue> {
  if (bytes.length > MAX_TEXT) return err({ kind: 'too-large', bytes: bytes.length, limit: MAX_TEXT, isJson: true });
  if (bytes.length > SMALL || bytes.length * MOST_A_BYTE > mostHeap) {
    const { heap, levels } = weighJson(bytes);
    if (levels > limits.levels) return err({ kind: 'too-many', of: 'levels', limit: limits.levels });
    if (heap > mostHeap) return err({ kind: 'too-heavy', needed: heap, available: mostHeap });
  }
  try {
    return ok({ value: JSON.parse(decodeText(bytes)), closing: '', warnings: [] });
  } catch {
    // Not whole: what is there may still do.
  }
  const cut = cutJson(bytes);
  const issue = { kind: 'not-json', offset: cut.stop?.offset ?? bytes.length, expected: cut.expected || 'JSON' } as const;
  if (cut.end === 0) return err(issue);
  try {
    // Raw control characters are not JSON, but tools write them; between values they mean nothing.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the purpose
    const text = decodeText(withoutCommas(bytes.subarray(0, cut.end), cut.commas)).replace(/[\u0000-\u001f]/g, ' ') + cut.closing;
    return ok({ value: JSON.parse(text), closing: cut.closing, warnings: cut.stop ? [cut.stop] : [] });
  } catch {
    return err(issue); // the scanner lets through what the parser does not
  }
}
