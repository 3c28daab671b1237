/**
 * Changes to a pprof profile by its fields, so that most of what comes out is one again. Wire format of
 * protocol buffers: a field is a varint of `number << 3 | type`, then a varint (0), 8 bytes (1), a length
 * and so many bytes (2), or 4 bytes (5).
 */
import { hostileTexts } from './hostile';
import { type Below, isLarge, oneOf } from './pick';

interface Field {
  number: number;
  wire: 0 | 1 | 2 | 5;
  /** Of a varint. */
  value: bigint;
  bytes: Buffer;
  /** What the bytes are, where they are a message. */
  fields: Field[] | undefined;
}

/** Messages by the way to them: the numbers of their fields. */
const messages = new Set(['1', '2', '2.3', '3', '4', '4.4', '5', '11']);
const STRINGS = 6;

function varintAt(bytes: Buffer, at: number): { value: bigint; next: number } {
  let value = 0n;
  for (let shift = 0n; at < bytes.length; shift += 7n) {
    const byte = bytes[at++] as number;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) break;
  }
  return { value, next: at };
}

function decode(bytes: Buffer, way = ''): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = varintAt(bytes, at);
    const number = Number(head.value >> 3n);
    const wire = Number(head.value & 7n) as Field['wire'];
    at = head.next;
    const own = `${way}${number}`;
    if (wire === 0) {
      const { value, next } = varintAt(bytes, at);
      fields.push({ number, wire, value, bytes: Buffer.alloc(0), fields: undefined });
      at = next;
      continue;
    }
    const { value: length, next } = wire === 2 ? varintAt(bytes, at) : { value: wire === 1 ? 8n : 4n, next: at };
    const part = bytes.subarray(next, next + Number(length));
    fields.push({ number, wire, value: 0n, bytes: part, fields: wire === 2 && messages.has(own) ? decode(part, `${own}.`) : undefined });
    at = next + Number(length);
  }
  return fields;
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

function encode(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(({ number, wire, value, bytes, fields: inner }) => {
      const head = varint((BigInt(number) << 3n) | BigInt(wire));
      if (wire === 0) return [head, varint(value)];
      const body = inner ? encode(inner) : bytes;
      return wire === 2 ? [head, varint(BigInt(body.length)), body] : [head, body];
    }),
  );
}

const numbers = [0n, 1n, 2n, 3n, -1n, 127n, 128n, 1n << 31n, 1n << 32n, (1n << 53n) + 1n, 1n << 62n, 1n << 63n];

function newBytes(field: Field, mayBeLarge: boolean, below: Below): Buffer {
  if (field.number === STRINGS) return Buffer.from(below(20) === 0 ? 'x'.repeat(mayBeLarge ? 1_000_000 : 1000) : oneOf(hostileTexts, below));
  // A packed list: its numbers are varints.
  const list: Buffer[] = [];
  for (let at = 0; at < field.bytes.length; ) {
    const { value, next } = varintAt(field.bytes, at);
    list.push(varint(value));
    at = next;
  }
  const at = below(list.length + 1);
  const added = varint(oneOf(numbers, below));
  if (below(3) === 0) list.splice(at, 1);
  else if (below(2) === 0) list.splice(at, 1, added);
  else list.splice(at, 0, ...Array<Buffer>(below(10) === 0 ? (mayBeLarge ? 20_000 : 200) : 1).fill(added));
  return Buffer.concat(list);
}

function change(fields: Field[], mayBeLarge: boolean, below: Below): void {
  if (fields.length === 0) return;
  const at = below(fields.length);
  const field = fields[at] as Field;
  if (field.fields && field.fields.length > 0 && below(6) > 0) return change(field.fields, mayBeLarge, below);
  const kind = below(10);
  if (kind === 0) fields.splice(at, 1);
  else if (kind === 1) fields.splice(at, 0, ...Array<Field>(below(12) === 0 ? (mayBeLarge ? 3000 : 30) : 1).fill(field));
  else if (kind === 2) {
    const other = below(fields.length);
    fields[at] = fields[other] as Field;
    fields[other] = field;
  } else if (kind === 3 && below(3) === 0) field.number = 1 + below(16);
  else if (kind === 4 && below(4) === 0) field.wire = oneOf([0, 1, 2, 5] as const, below);
  else if (field.wire === 0) field.value = below(2) === 0 ? BigInt(below(12)) : oneOf(numbers, below);
  else if (field.wire === 2 && !field.fields) field.bytes = newBytes(field, mayBeLarge, below);
  else fields.splice(at, 0, { ...field });
}

/** The profile with one to three fields changed. */
export function mutatePprof(bytes: Uint8Array, below: Below): Buffer {
  const fields = decode(Buffer.from(bytes));
  const mayBeLarge = isLarge(below);
  for (let times = 1 + below(3); times > 0; times--) change(fields, mayBeLarge, below);
  return encode(fields);
}
