import { isJson, type Json, nameOf, numberOf, objectOf, positionOf, textOf } from '../../json/json-values';

/** A span of a trace's events; times in microseconds. */
export interface Span {
  readonly start: number;
  end: number;
  /** As it is shown. */
  name: string;
  /** Where the file says where the function stands; lines and columns from 0, -1 for none. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
  /** Place of its event in the file. */
  readonly order: number;
  /** No event says when it ended: `end` is the last time that it may have run. */
  isOpenEnded: boolean;
}

/** What events say of the thing that was worked on, the most telling first: clang, TypeScript, Chrome, Bazel. */
const DETAILS = ['detail', 'path', 'fileName', 'filename', 'file', 'url', 'target'];
const LONGEST = 300;

/** The thing that a span worked on, as its arguments tell it; empty for none. Chrome has them below `data` or `beginData`. */
export function detailOf(args: unknown): string {
  const outer = objectOf(args);
  for (const own of [outer, outer.data, outer.beginData]) {
    if (!isJson(own)) continue;
    const key = DETAILS.find((one) => textOf(own[one]).trim() !== '');
    const parts = [textOf(own.functionName), key ? textOf(own[key]) : ''].filter((part) => part !== '');
    if (parts.length > 0) return parts.join(' ').replace(/\s+/g, ' ').slice(0, LONGEST);
  }
  return '';
}

/** A span with its own name and what it worked on. Hermes says where a function stands instead. */
export function spanOf(event: Json, start: number, end: number, order: number, detail: string): Span {
  const args = objectOf(event.args);
  const line = positionOf(args.line, 1);
  const place = textOf(args.url) !== '' && line >= 0 ? { url: textOf(args.url), line, column: positionOf(args.column, 1) } : { url: '', line: -1, column: -1 };
  const span = { start, end, name: nameOf(event.name), ...place, order, isOpenEnded: false };
  if (place.url === '') addDetail(span, detail);
  return span;
}

export function addDetail(span: Span, detail: string): void {
  if (detail !== '' && !span.name.includes(detail)) span.name = span.name === '' ? detail : `${span.name} ${detail}`;
}

/** Duration in microseconds; undefined where the event has none that can be one. */
export function durationOf({ dur, tdur }: Json): number | undefined {
  const duration = numberOf(dur ?? tdur);
  return duration >= 0 ? duration : undefined;
}
