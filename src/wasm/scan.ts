/**
 * The inner loops of reading, as WebAssembly: compiled by `npm run wasm` (AssemblyScript)
 * into `src/core/json/scan-wasm.ts`. No loop over bytes in JavaScript is as fast, and
 * this one is so from its first byte, where JavaScript has to be compiled while it runs.
 *
 * It only takes short cuts. What does not stand exactly as V8 writes it is left where it
 * stands, for the JSON scanner; every name and function is known to it only because the
 * reader, which owns both, has told it. So it allocates nothing, and nothing that a file
 * holds can make it fail: at worst it does nothing.
 */
import {
  batch,
  childrenAt,
  deoptsAt,
  FUNC_BYTES,
  FUNC_ENTRIES,
  FUNC_SLOTS,
  firstsAt,
  funcsAt,
  hitsAt,
  idsAt,
  LIST,
  LITERALS,
  listSize,
  MOST_FUNCS,
  MOST_SCRIPTS,
  MOST_STRING_BYTES,
  MOST_STRINGS,
  numbersAt,
  SCRIPTS,
  STRING_BYTES,
  STRING_ENTRIES,
  STRING_SLOTS,
  tickCountsAt,
  tickLinesAt,
  tickNodesAt,
} from './memory';

export * from './memory';

/** Slots of a table at first. It grows with what is known: memory that is not touched costs nothing. */
const SLOTS: u32 = 1 << 10;
/** Entries that are looked at for one hash. A file that is made to collide gets no further here. */
const MOST_PROBES: u32 = 32;
/** Longer strings are the reader's. */
const LONGEST: usize = 4096;

const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const MINUS: u32 = 0x2d;
const NEWLINE: u32 = 0x0a;
const CLOSE_BRACE: u32 = 0x7d;
const CLOSE_BRACKET: u32 = 0x5d;
const OPEN_BRACE: u32 = 0x7b;

/** Why `nodes` has stopped. */
const OTHER: i32 = 0;
const STRING: i32 = 1;
const FUNC: i32 = 2;
const FULL: i32 = 3;

/** Where it has stopped: at the start of a node, or of a value. */
export let position: usize = 0;
/** What stands in the columns. */
export let nodeCount: u32 = 0;
export let childCount: u32 = 0;
export let tickCount: u32 = 0;
/** The string that is not known, or the function: names as the reader knows them. */
export let from: usize = 0;
export let to: usize = 0;
export let name: u32 = 0;
export let url: u32 = 0;
export let line: i32 = 0;
export let column: i32 = 0;

let cursor: usize = 0;
let end: usize = 0;
let stringMask: u32 = SLOTS - 1;
let funcMask: u32 = SLOTS - 1;
let strings: u32 = 0;
let stringBytes: u32 = 0;
let funcs: u32 = 0;
/** Scripts up to the largest that is known. */
let scripts: u32 = 0;
let hash: u32 = 0;

/** Where the reader puts literal `index`. */
export function literalAt(index: i32): usize {
  return LITERALS + ((<usize>index) << 5);
}

/** Whether a literal of `length` bytes stands at the cursor, which is then behind it. */
function literal(index: i32, length: usize): bool {
  let at = cursor;
  let other = LITERALS + ((<usize>index) << 5);
  let left = length;
  while (left > 8) {
    if (load<u64>(at) !== load<u64>(other)) return false;
    at += 8;
    other += 8;
    left -= 8;
  }
  if ((load<u64>(at) ^ load<u64>(other)) << (64 - ((<u64>left) << 3))) return false;
  cursor += length;
  return true;
}

/** One to nine digits at the cursor, as a number; -1 for anything else. */
function digits(): i32 {
  let at = cursor;
  let value: u32 = 0;
  let digit = <u32>load<u8>(at) - 0x30;
  while (digit <= 9) {
    value = value * 10 + digit;
    at++;
    digit = <u32>load<u8>(at) - 0x30;
  }
  const count = at - cursor;
  if (count - 1 > 8) return -1;
  // Fractions and exponents are the scanner's.
  const next = digit + 0x30;
  if (next === 0x2e || (next | 0x20) === 0x65) return -1;
  cursor = at;
  return <i32>value;
}

/** A line or column: digits, or -1; -2 for anything else. */
function place(): i32 {
  if (load<u8>(cursor) === MINUS) {
    cursor++;
    return digits() === 1 ? -1 : -2;
  }
  const value = digits();
  return value < 0 ? -2 : value;
}

/** Whether known string `entry` stands at the cursor, with its quote behind it. */
function stands(entry: u32): bool {
  const at = STRING_ENTRIES + ((<usize>entry) << 4);
  const length = <usize>load<u32>(at + 8);
  return load<u8>(cursor + length) === QUOTE && equal(cursor, STRING_BYTES + load<u32>(at + 4), length);
}

function equal(a: usize, b: usize, length: usize): bool {
  let left = length;
  while (left > 8) {
    if (load<u64>(a) !== load<u64>(b)) return false;
    a += 8;
    b += 8;
    left -= 8;
  }
  return left === 0 || (load<u64>(a) ^ load<u64>(b)) << (64 - ((<u64>left) << 3)) === 0;
}

function mixed(sum: u64, value: u64): u64 {
  const product = (sum ^ value) * 0x9e3779b97f4a7c15;
  return product ^ (product >> 29);
}

/** Finds the quote that ends the string at `start`; its place, or 0. Leaves the hash of what is before it. */
function scanString(start: usize): usize {
  let sum: u64 = 0;
  let at = start;
  const most = start + LONGEST < end ? start + LONGEST : end;
  while (at < most) {
    const word = load<u64>(at);
    const quotes = word ^ 0x2222222222222222;
    const escapes = word ^ 0x5c5c5c5c5c5c5c5c;
    const found = (((quotes - 0x0101010101010101) & ~quotes) | ((escapes - 0x0101010101010101) & ~escapes)) & 0x8080808080808080;
    if (found) {
      // The lowest mark is exact; those above it may be none.
      const bits = ctz(found) & 56;
      at += <usize>(bits >> 3);
      if (at >= end || load<u8>(at) !== QUOTE) return 0;
      if (bits) sum = mixed(sum, word << (64 - bits));
      hash = <u32>mixed(sum, <u64>(at - start)) | 1;
      return at;
    }
    sum = mixed(sum, word);
    at += 8;
  }
  return 0;
}

/** The entry of the string with this hash in `[start, start + length)`; -1 for none. */
function findString(start: usize, length: usize): i32 {
  let slot = hash & stringMask;
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const entry = load<u32>(STRING_SLOTS + ((<usize>slot) << 2));
    if (entry === 0) return -1;
    const at = STRING_ENTRIES + ((<usize>(entry - 1)) << 4);
    if (load<u32>(at) === hash && load<u32>(at + 8) === <u32>length && equal(start, STRING_BYTES + load<u32>(at + 4), length)) return <i32>(entry - 1);
    slot = (slot + 1) & stringMask;
  }
  return -1;
}

/** The entry of the string at the cursor, which is then behind its quote; -1 for an unknown one (`from` and `to` tell it), -2 for what is no plain one. */
function string(): i32 {
  const start = cursor;
  const quote = scanString(start);
  if (quote === 0) return -2;
  const entry = findString(start, quote - start);
  if (entry < 0) {
    from = start;
    to = quote;
    return -1;
  }
  cursor = quote + 1;
  return entry;
}

function indexOf(entry: i32): u32 {
  return load<u32>(STRING_ENTRIES + ((<usize>entry) << 4) + 12);
}

/** Tells the string at `from`, up to `to`, which the reader knows as `index`; false where there is no room. */
export function addString(index: u32): bool {
  if (strings === MOST_STRINGS || stringBytes + <u32>(to - from) > MOST_STRING_BYTES) return false;
  if (strings * 2 > stringMask) growStrings();
  if (scanString(from) !== to) return false;
  let slot = hash & stringMask;
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const slotAt = STRING_SLOTS + ((<usize>slot) << 2);
    if (load<u32>(slotAt) === 0) {
      const at = STRING_ENTRIES + ((<usize>strings) << 4);
      store<u32>(at, hash);
      store<u32>(at + 4, stringBytes);
      store<u32>(at + 8, <u32>(to - from));
      store<u32>(at + 12, index);
      memory.copy(STRING_BYTES + stringBytes, from, to - from);
      stringBytes += <u32>(to - from);
      strings++;
      store<u32>(slotAt, strings);
      return true;
    }
    slot = (slot + 1) & stringMask;
  }
  return false;
}

/** Puts all strings into a table of twice the size. */
function growStrings(): void {
  stringMask = stringMask * 2 + 1;
  memory.fill(STRING_SLOTS, 0, (<usize>stringMask + 1) << 2);
  for (let entry: u32 = 0; entry < strings; entry++) {
    let slot = load<u32>(STRING_ENTRIES + ((<usize>entry) << 4)) & stringMask;
    while (load<u32>(STRING_SLOTS + ((<usize>slot) << 2)) !== 0) slot = (slot + 1) & stringMask;
    store<u32>(STRING_SLOTS + ((<usize>slot) << 2), entry + 1);
  }
}

/** Puts all functions into a table of twice the size; leaves the one that is asked for as it is. */
function growFuncs(): void {
  const asked = name;
  const ofUrl = url;
  const atLine = line;
  const atColumn = column;
  funcMask = funcMask * 2 + 1;
  memory.fill(FUNC_SLOTS, 0, (<usize>funcMask + 1) << 2);
  for (let entry: u32 = 0; entry < funcs; entry++) {
    const at = FUNC_ENTRIES + <usize>entry * FUNC_BYTES;
    name = load<u32>(at);
    url = load<u32>(at + 4);
    line = load<i32>(at + 8);
    column = load<i32>(at + 12);
    let slot = funcSlot();
    while (load<u32>(FUNC_SLOTS + ((<usize>slot) << 2)) !== 0) slot = (slot + 1) & funcMask;
    store<u32>(FUNC_SLOTS + ((<usize>slot) << 2), entry + 1);
  }
  name = asked;
  url = ofUrl;
  line = atLine;
  column = atColumn;
}

function funcSlot(): u32 {
  let sum: u32 = (name + 0x9e3779b9) * 0x85ebca6b;
  sum = ((sum ^ (sum >> 13)) + url) * 0xc2b2ae35;
  sum = ((sum ^ (sum >> 16)) + <u32>line) * 0x27d4eb2f;
  sum = ((sum ^ (sum >> 15)) + <u32>column) * 0x165667b1;
  return (sum ^ (sum >> 14)) & funcMask;
}

/** The row of the function that `name`, `url`, `line` and `column` are; -1 for an unknown one. */
function findFunc(): i32 {
  let slot = funcSlot();
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const entry = load<u32>(FUNC_SLOTS + ((<usize>slot) << 2));
    if (entry === 0) return -1;
    const at = FUNC_ENTRIES + <usize>(entry - 1) * FUNC_BYTES;
    if (load<u32>(at) === name && load<u32>(at + 4) === url && load<i32>(at + 8) === line && load<i32>(at + 12) === column) return load<i32>(at + 16);
    slot = (slot + 1) & funcMask;
  }
  return -1;
}

/** Tells the function that was not known, which the reader knows as `row`; false where there is no room. */
export function addFunc(row: u32): bool {
  if (funcs === MOST_FUNCS) return false;
  if (funcs * 2 > funcMask) growFuncs();
  let slot = funcSlot();
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const slotAt = FUNC_SLOTS + ((<usize>slot) << 2);
    if (load<u32>(slotAt) === 0) {
      const at = FUNC_ENTRIES + <usize>funcs * FUNC_BYTES;
      store<u32>(at, name);
      store<u32>(at + 4, url);
      store<i32>(at + 8, line);
      store<i32>(at + 12, column);
      store<u32>(at + 16, row);
      funcs++;
      store<u32>(slotAt, funcs);
      return true;
    }
    slot = (slot + 1) & funcMask;
  }
  return false;
}

/** Forgets all strings, functions and scripts. */
export function reset(): void {
  // Tables of a small file are small: to clear more would take longer than to read it.
  memory.fill(STRING_SLOTS, 0, (<usize>stringMask + 1) << 2);
  memory.fill(FUNC_SLOTS, 0, (<usize>funcMask + 1) << 2);
  memory.fill(SCRIPTS, 0, (<usize>scripts) << 2);
  stringMask = SLOTS - 1;
  funcMask = SLOTS - 1;
  strings = 0;
  stringBytes = 0;
  funcs = 0;
  scripts = 0;
}

/** The url at the cursor, of a script whose url may be known. As `string`. */
function urlOf(script: u32): i32 {
  const at = SCRIPTS + ((<usize>script) << 2);
  const isSmall = script < MOST_SCRIPTS;
  if (isSmall) {
    const known = load<u32>(at);
    if (known !== 0 && stands(known - 1)) {
      cursor += <usize>load<u32>(STRING_ENTRIES + ((<usize>(known - 1)) << 4) + 8) + 1;
      return <i32>(known - 1);
    }
  }
  const entry = string();
  if (isSmall && entry >= 0) {
    store<u32>(at, <u32>entry + 1);
    if (script >= scripts) scripts = script + 1;
  }
  return entry;
}

/** Empties the columns. */
export function clear(): void {
  nodeCount = 0;
  childCount = 0;
  tickCount = 0;
}

/**
 * Adds the nodes that stand whole in `[start, stop)` of the window, each with a comma and
 * a further node behind it, to the columns, up to a full batch. `nodeBase` and `childBase` are how many
 * nodes and children there were before those in the columns. Gives why it has stopped; `position`
 * is then at the first node that was not read.
 */
export function nodes(start: usize, stop: usize, nodeBase: u32, childBase: u32): i32 {
  cursor = start;
  end = stop;
  position = start;
  while (nodeCount < <u32>batch) {
    const outcome = node(nodeBase, childBase);
    if (outcome >= 0) return outcome;
    position = cursor;
  }
  return FULL;
}

/** Reads the node at the cursor; -1 if that went well, else why not. What it adds counts from then on. */
function node(nodeBase: u32, childBase: u32): i32 {
  if (!literal(0, 6)) return OTHER; // {"id":
  const id = digits();
  if (id < 0 || !literal(1, 30)) return OTHER; // ,"callFrame":{"functionName":"
  const nameEntry = string();
  if (nameEntry < 0) return nameEntry === -1 ? STRING : OTHER;
  if (!literal(2, 13)) return OTHER; // ,"scriptId":"
  const script = digits();
  if (script < 0 || !literal(3, 9)) return OTHER; // ","url":"
  const urlEntry = urlOf(<u32>script);
  if (urlEntry < 0) return urlEntry === -1 ? STRING : OTHER;
  if (!literal(4, 14)) return OTHER; // ,"lineNumber":
  line = place();
  if (line < -1 || !literal(5, 16)) return OTHER; // ,"columnNumber":
  column = place();
  if (column < -1 || !literal(6, 13)) return OTHER; // },"hitCount":
  const hits = digits();
  if (hits < 0) return OTHER;
  name = indexOf(nameEntry);
  url = indexOf(urlEntry);
  const func = findFunc();
  let deopt: u32 = 0;
  let children = childCount;
  let ticks = tickCount;
  let seen: u32 = 0;
  while (load<u8>(cursor) === COMMA) {
    if (cursor >= end) return OTHER;
    const key = load<u8>(cursor + 2);
    if (key === 0x63 && !(seen & 1) && literal(7, 13)) {
      // ,"children":[
      seen |= 1;
      if (load<u8>(cursor) === CLOSE_BRACKET) {
        cursor++;
        continue;
      }
      for (;;) {
        const child = digits();
        if (child < 0 || children === <u32>listSize) return OTHER;
        store<u32>(childrenAt + ((<usize>children) << 2), <u32>child);
        children++;
        const next = <u32>load<u8>(cursor);
        cursor++;
        if (next === CLOSE_BRACKET) break;
        if (next !== COMMA || cursor >= end) return OTHER;
      }
    } else if (key === 0x70 && !(seen & 2) && literal(8, 18)) {
      // ,"positionTicks":[
      seen |= 2;
      for (;;) {
        if (!literal(10, 8)) return OTHER; // {"line":
        const at = digits();
        if (at < 0 || !literal(11, 9)) return OTHER; // ,"ticks":
        const count = digits();
        if (count < 0 || ticks === <u32>listSize || load<u8>(cursor) !== CLOSE_BRACE) return OTHER;
        store<u32>(tickNodesAt + ((<usize>ticks) << 2), nodeBase + nodeCount);
        store<u32>(tickLinesAt + ((<usize>ticks) << 2), <u32>at);
        store<u32>(tickCountsAt + ((<usize>ticks) << 2), <u32>count);
        ticks++;
        const next = <u32>load<u8>(cursor + 1);
        cursor += 2;
        if (next === CLOSE_BRACKET) break;
        if (next !== COMMA || cursor >= end) return OTHER;
      }
    } else if (key === 0x64 && !(seen & 4) && literal(9, 16)) {
      // ,"deoptReason":"
      seen |= 4;
      const reason = string();
      if (reason < 0) return reason === -1 ? STRING : OTHER;
      deopt = indexOf(reason);
    } else return OTHER;
  }
  // The last node of a list, and one that goes on behind the window, are the scanner's.
  if (load<u8>(cursor) !== CLOSE_BRACE || load<u8>(cursor + 1) !== COMMA || load<u8>(cursor + 2) !== OPEN_BRACE || cursor + 2 >= end) return OTHER;
  if (func < 0) return FUNC;
  cursor += 2;
  const at = (<usize>nodeCount) << 2;
  store<u32>(idsAt + at, <u32>id);
  store<u32>(funcsAt + at, <u32>func);
  store<u32>(hitsAt + at, <u32>hits);
  store<u32>(deoptsAt + at, deopt);
  store<u32>(firstsAt + at, childBase + childCount);
  childCount = children;
  tickCount = ticks;
  nodeCount++;
  return -1;
}

/**
 * Reads whole numbers with a comma behind them from `[start, stop)` of the window, with up to
 * fifteen digits and, `withSigns`, maybe a minus, until the list at `numbersAt` is full; gives how many. `position`
 * is then at the first value that was not read. V8 wrote a newline before the comma between records for years.
 */
export function integers(start: usize, stop: usize, withSigns: bool): u32 {
  let at = start;
  let count: usize = 0;
  position = start;
  while (count < LIST) {
    const isNegative = withSigns && load<u8>(at) === MINUS;
    if (isNegative) at++;
    const first = at;
    let value: u64 = 0;
    let digit = <u32>load<u8>(at) - 0x30;
    while (digit <= 9) {
      value = value * 10 + digit;
      at++;
      digit = <u32>load<u8>(at) - 0x30;
    }
    if (at - first - 1 > 14) break;
    if (digit + 0x30 === NEWLINE) {
      at++;
      digit = <u32>load<u8>(at) - 0x30;
    }
    if (digit + 0x30 !== COMMA || at >= stop) break;
    at++;
    store<f64>(numbersAt + (count << 3), <f64>(isNegative ? -(<i64>value) : <i64>value));
    count++;
    position = at;
  }
  return <u32>count;
}
