import type { ProfileWarning } from '../../shared/issue';

type Stop = Extract<ProfileWarning, { kind: 'truncated' | 'malformed' }>;

/** Where a JSON text can be cut so that it is whole with `closing` behind it. */
export interface CutJson {
  /** Bytes to keep; 0 where there is nothing to keep. */
  readonly end: number;
  readonly closing: string;
  /** Places of commas that no value follows: writers of lists leave them, and they mean nothing. */
  readonly commas: readonly number[];
  /** Why there is a cut; undefined where the text is whole but for such commas and control characters in strings. */
  readonly stop: Stop | undefined;
  /** What should stand where the text stops. */
  readonly expected: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const BRACKET = 0x5b;

type State = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'after';

/**
 * Finds the last place of a damaged JSON text behind a whole value. One pass over
 * the bytes, no recursion: `open` holds the brackets, and those that were open at
 * the last good place are still its first ones, for closing one makes a good place.
 */
export function cutJson(bytes: Uint8Array): CutJson {
  const open: number[] = [];
  const commas: number[] = [];
  let comma = -1;
  let state: State = 'value';
  let end = 0;
  let depth = 0;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const good = (position: number): void => {
    end = position;
    depth = open.length;
  };
  const cut = (kind: Stop['kind'], offset: number, expected: string): CutJson => {
    let closing = '';
    for (let i = depth - 1; i >= 0; i--) closing += open[i] === BRACE ? '}' : ']';
    return { end, closing, commas, expected, stop: kind === 'truncated' ? { kind, offset } : { kind, offset, expected } };
  };
  for (; at < bytes.length; ) {
    const byte = bytes[at] as number;
    if (byte <= 0x20) {
      at++;
      continue;
    }
    if (open.length === 0 && state === 'after') return cut('malformed', at, 'the end of the file');
    const isEnd = byte === 0x7d || byte === 0x5d;
    if (isEnd && comma >= 0 && (state === 'value' || state === 'key')) {
      commas.push(comma);
      state = 'after';
    }
    if (isEnd && (state === 'after' || state === 'value-or-end' || state === 'key-or-end')) {
      if ((open.at(-1) as number) + 2 !== byte) return cut('malformed', at, 'a matching bracket');
      open.pop();
      at++;
      state = 'after';
      good(at);
    } else if (state === 'after') {
      if (byte !== 0x2c) return cut('malformed', at, ', or the end');
      state = open.at(-1) === BRACE ? 'key' : 'value';
      comma = at++;
    } else if (state === 'colon') {
      if (byte !== 0x3a) return cut('malformed', at, ':');
      state = 'value';
      comma = -1;
      at++;
    } else if (byte === QUOTE) {
      const close = stringEnd(bytes, at);
      if (close === 0) return cut('truncated', bytes.length, '"');
      if (close < 0) return cut('malformed', -close, 'a string');
      at = close;
      if (state === 'key' || state === 'key-or-end') state = 'colon';
      else {
        state = 'after';
        good(at);
      }
    } else if (state === 'key' || state === 'key-or-end') return cut('malformed', at, 'a key');
    else if (byte === BRACE || byte === BRACKET) {
      open.push(byte);
      state = byte === BRACE ? 'key-or-end' : 'value-or-end';
      at++;
      good(at);
    } else {
      const start = at;
      while (at < bytes.length && isWordByte(bytes[at] as number)) at++;
      if (at === start) return cut('malformed', at, 'a value');
      if (at === bytes.length) return cut('truncated', at, 'a value'); // the rest of the number may be missing
      if (!isScalar(bytes.subarray(start, at))) return cut('malformed', start, 'a value');
      state = 'after';
      good(at);
    }
  }
  if (open.length === 0 && state === 'after') return { end, closing: '', commas, stop: undefined, expected: '' };
  return cut('truncated', bytes.length, 'a value');
}

/** Behind the string's last quote; 0 where the bytes end first, minus the place of a bad escape. */
function stringEnd(bytes: Uint8Array, quote: number): number {
  for (let at = quote + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) continue;
    const escaped = bytes[++at];
    if (escaped === undefined) return 0;
    if (escaped === 0x75) {
      for (let i = 1; i <= 4; i++) {
        const digit = bytes[at + i];
        if (digit === undefined) return 0;
        if (!/[0-9a-fA-F]/.test(String.fromCharCode(digit))) return -(at - 1);
      }
      at += 4;
    } else if (!'"\\/bfnrt'.includes(String.fromCharCode(escaped))) return -(at - 1);
  }
  return 0;
}

const isWordByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x2d || byte === 0x2b || byte === 0x2e;

function isScalar(word: Uint8Array): boolean {
  if (word.length > 1000) return false;
  const text = String.fromCharCode(...word);
  return text === 'true' || text === 'false' || text === 'null' || /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text);
}
