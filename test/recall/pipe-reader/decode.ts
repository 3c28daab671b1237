import type { ByteSource } from './source';

export type Value = number | string | Value[] | { [key: string]: Value };

const [INTEGER, LIST, DICTIONARY, END, COLON, MINUS, ZERO] = Array.from('ilde:-0', (letter) => letter.charCodeAt(0));

function digits(source: ByteSource, end: number): number {
  let sign = 1;
  if (source.peek() === MINUS) {
    source.next();
    sign = -1;
  }
  let value = 0;
  for (let byte = source.next(); byte !== end; byte = source.next()) {
    if (byte < ZERO || byte > ZERO + 9) throw new SyntaxError(`no digit at ${source.position}`);
    value = value * 10 + byte - ZERO;
  }
  return sign * value;
}

function text(source: ByteSource): string {
  const length = digits(source, COLON);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = source.next();
  return new TextDecoder().decode(bytes);
}

/** One bencoded value. */
export function decode(source: ByteSource): Value {
  const start = source.peek();
  if (start === INTEGER) {
    source.next();
    return digits(source, END);
  }
  if (start === LIST) {
    source.next();
    const list: Value[] = [];
    while (source.peek() !== END) list.push(decode(source));
    source.next();
    return list;
  }
  if (start === DICTIONARY) {
    source.next();
    const entries: { [key: string]: Value } = {};
    while (source.peek() !== END) entries[text(source)] = decode(source);
    source.next();
    return entries;
  }
  return text(source);
}
