import type { ProfileWarning } from '../../shared/issue';

/**
 * Protocol buffers' wire format (https://protobuf.dev/programming-guides/encoding),
 * checked before pprof's decoder sees it: the decoder trusts lengths, and would sum
 * a number of a million bytes. A field is a tag `number << 3 | type` and a value:
 * type 0 a varint of up to ten bytes, type 2 a length and as many bytes.
 */
export interface CheckedWire {
  /** Bytes from the start that are whole fields; all of them where nothing is wrong. */
  readonly end: number;
  readonly stop: Extract<ProfileWarning, { kind: 'truncated' | 'malformed' }> | undefined;
  readonly samples: number;
  readonly strings: number;
  readonly sampleTypes: number;
  /** Bytes that the decoder makes of it, at most. */
  readonly heap: number;
}

type Shape = Readonly<Record<number, 'number' | 'numbers' | 'bytes' | Message>>;
interface Message {
  readonly fields: Shape;
}

const message = (fields: Shape): Message => ({ fields });
const valueType = message({ 1: 'number', 2: 'number' });
const label = message({ 1: 'number', 2: 'number', 3: 'number', 4: 'number' });
const line = message({ 1: 'number', 2: 'number', 3: 'number' });

/** pprof's `Profile` (github.com/google/pprof, proto/profile.proto). Repeated numbers may be packed. */
const profile: Shape = {
  1: valueType,
  2: message({ 1: 'numbers', 2: 'numbers', 3: label }),
  3: message({ 1: 'number', 2: 'number', 3: 'number', 4: 'number', 5: 'number', 6: 'number', 7: 'number', 8: 'number', 9: 'number', 10: 'number' }),
  4: message({ 1: 'number', 2: 'number', 3: 'number', 4: line, 5: 'number' }),
  5: message({ 1: 'number', 2: 'number', 3: 'number', 4: 'number', 5: 'number' }),
  6: 'bytes',
  7: 'number',
  8: 'number',
  9: 'number',
  10: 'number',
  11: valueType,
  12: 'number',
  13: 'numbers',
  14: 'number',
  15: 'number',
};

/** An object with its lists; a number of one byte in a list that grows; a string. */
const OF_MESSAGE = 200;
const OF_BYTE = 16;
const OF_STRING = 32;

export function checkWire(bytes: Uint8Array): CheckedWire {
  const counts = { samples: 0, strings: 0, sampleTypes: 0, heap: 0 };
  let at = 0;
  while (at < bytes.length) {
    const next = fieldEnd(bytes, at, bytes.length, profile);
    if (next < 0) return { ...counts, end: at, stop: { kind: 'malformed', offset: -next - 1, expected: 'a field of pprof' } };
    if (next === 0) return { ...counts, end: at, stop: { kind: 'truncated', offset: bytes.length } };
    const tag = (bytes[at] as number) >> 3;
    if (tag === 1) counts.sampleTypes++;
    else if (tag === 2) counts.samples++;
    else if (tag === 6) counts.strings++;
    counts.heap += tag === 6 ? OF_STRING + 2 * (next - at) : OF_MESSAGE + OF_BYTE * (next - at);
    at = next;
  }
  return { ...counts, end: at, stop: undefined };
}

/** Behind the field at `at`; 0 where the bytes end within it, below 0 (minus its place, minus 1) where it does not fit. Messages nest three deep, no more. */
function fieldEnd(bytes: Uint8Array, at: number, end: number, shape: Shape): number {
  const tag = bytes[at] as number;
  const kind = shape[tag >> 3];
  const type = tag & 7;
  if (tag >= 0x80 || kind === undefined) return -at - 1;
  if (type === 0) {
    if (kind !== 'number' && kind !== 'numbers') return -at - 1;
    return varintEnd(bytes, at + 1, end);
  }
  if (type !== 2 || kind === 'number') return -at - 1;
  const start = varintEnd(bytes, at + 1, end);
  if (start <= 0) return start;
  let size = 0;
  for (let i = start - 1; i > at; i--) size = size * 128 + ((bytes[i] as number) & 0x7f);
  const stop = start + size;
  if (stop > end) return end === bytes.length ? 0 : -at - 1;
  if (kind === 'bytes') return stop;
  for (let inner = start; inner < stop; ) {
    const next = kind === 'numbers' ? varintEnd(bytes, inner, stop) : fieldEnd(bytes, inner, stop, kind.fields);
    if (next <= 0) return next === 0 ? -inner - 1 : next; // a part ends where its whole does not
    inner = next;
  }
  return stop;
}

function varintEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end && at < start + 10; at++) if ((bytes[at] as number) < 0x80) return at + 1;
  return start + 10 <= end ? -start - 1 : 0;
}
