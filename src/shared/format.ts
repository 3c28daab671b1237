/**
 * Numbers as people read them: two or three significant digits and a unit.
 * Times are µs, ms, s; shares are of active time; everything is locale-free.
 */
import type { Unit } from './brands';

/** `1234567` µs -> `1.23 s`; `512300` -> `512 ms`; `14` -> `14 µs`. */
export function formatTime(micros: number): string {
  if (!Number.isFinite(micros)) return '–';
  const size = Math.abs(micros);
  if (size === 0) return '0 ms';
  if (size < 999.5) return `${significant(micros)} µs`;
  if (size < 999_500) return `${significant(micros / 1e3)} ms`;
  if (size < 99_950_000) return `${significant(micros / 1e6)} s`;
  const seconds = Math.round(micros / 1e6);
  const rest = String(Math.abs(seconds % 60)).padStart(2, '0');
  return `${Math.trunc(seconds / 60)} min ${rest} s`;
}

/** A cost in the unit of its profile: a time, a size, a count, which in some tools' files is a small fraction: `3.5`. */
export function formatCost(cost: number, unit: Unit): string {
  if (unit !== 'count') return unit === 'microseconds' ? formatTime(cost) : formatBytes(cost);
  const isFraction = Math.abs(cost) < 1000 && Math.abs(cost - Math.round(cost)) >= 0.005;
  return isFraction ? String(Number(significant(cost))) : formatCount(cost);
}

/** `0.3789` -> `37.9 %`; `0.0004` -> `<0.1 %`. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return '–';
  if (share > 0 && share < 0.0005) return '<0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

/** `18231` -> `18,231`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Decimal units: `1234567` -> `1.23 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : significant(value)} ${units[unit]}`;
}

/** `91834.2` -> `91,800`; `12.34` -> `12.3`; three significant digits, thousands grouped. */
export function formatRate(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 1000) return significant(value);
  const digits = Math.floor(Math.log10(Math.abs(value))) - 2;
  return formatCount(Math.round(value / 10 ** digits) * 10 ** digits);
}

/** `plural(1, 'sample')` -> `1 sample`; `plural(1200, 'sample')` -> `1,200 samples`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Cuts in the middle, by code point, so that both ends stay readable. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const points = Array.from(text.length > length * 4 ? text.slice(0, length * 2) + text.slice(-length * 2) : text);
  if (points.length <= length) return text;
  const head = Math.ceil((length - 1) * 0.6);
  const tail = length - 1 - head;
  return `${points.slice(0, head).join('')}…${tail > 0 ? points.slice(-tail).join('') : ''}`;
}

/** Text from a profile, safe for one line of a terminal or a label: control characters become visible. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: making them visible is the purpose
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, shownControl);
}

/** The same for text of several lines, whose line ends and tabs stay. */
export function printableLines(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: making them visible is the purpose
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, shownControl);
}

/**
 * JSON as a command line prints it: what a terminal would act on, or what turns the direction of a text, is
 * written as its number, which every reader of JSON takes for the same. JSON itself does so below U+0020 only.
 */
export const printableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function shownControl(char: string): string {
  const code = char.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}

function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}

/** A word as a shell takes it: in quotes where it needs them. */
export const inShell = (word: string): string => (/^[\w./:@+\\-]+$/.test(word) ? word : `"${word}"`);
