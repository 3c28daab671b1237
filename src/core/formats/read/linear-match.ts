/**
 * Regular expressions whose time is linear in the text, for those that a file brings: a
 * backtracking one could be made to run for hours. Thompson's construction, with all
 * states followed at once ("Regular Expression Matching Can Be Simple And Fast", R. Cox,
 * 2007). The syntax is that part of RE2's which names of functions need: literals, `.`,
 * classes, groups, `|`, `* + ? {n,m}`, `^ $ \b \B`, `\d \w \s`, and `(?i)` in front.
 */
export interface LinearMatcher {
  /** Whether the whole text matches; also false where it is longer than names are. Undefined once all texts together have taken too long. */
  matches(text: string): boolean | undefined;
}

type Ranges = readonly (readonly [number, number])[];
type Step =
  | { readonly kind: 'char'; readonly ranges: Ranges; readonly isNot: boolean; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'begin' | 'end' | 'edge' | 'no-edge'; next: number }
  | { readonly kind: 'match' };

const MOST_STEPS = 20_000;
const LONGEST = 4000;
/** Steps that all texts may take: some seconds. */
const MOST_WORK = 300_000_000;

/** Undefined for what is no expression, or is beyond this syntax. */
export function linearMatcher(pattern: string): LinearMatcher | undefined {
  const isLoose = pattern.startsWith('(?i)');
  try {
    const parser = new Parser(isLoose ? pattern.slice(4) : pattern);
    const { steps, start } = parser.program();
    const work = { left: MOST_WORK };
    return {
      matches: (text) => (work.left < 0 ? undefined : text.length <= LONGEST && run(steps, start, isLoose ? text.toLowerCase() : text, isLoose, work)),
    };
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

class Unsupported extends Error {}

const DIGITS: Ranges = [[0x30, 0x39]];
const WORDS: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const SPACES: Ranges = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
];
const classes: Readonly<Record<string, Ranges>> = { d: DIGITS, w: WORDS, s: SPACES };
const controls: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };

/** A piece of the program: where it begins, and how to lead its ends somewhere. */
interface Piece {
  readonly start: number;
  to(next: number): void;
}

class Parser {
  readonly #text: string;
  readonly #steps: Step[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  program(): { readonly steps: readonly Step[]; readonly start: number } {
    const whole = this.#alternatives();
    if (this.#at < this.#text.length) throw new Unsupported();
    whole.to(this.#add({ kind: 'match' }));
    return { steps: this.#steps, start: whole.start };
  }

  #add(step: Step): number {
    if (this.#steps.length >= MOST_STEPS) throw new Unsupported();
    return this.#steps.push(step) - 1;
  }

  #single(step: Exclude<Step, { kind: 'match' }>): Piece {
    return {
      start: this.#add(step),
      to(next) {
        step.next = next;
      },
    };
  }

  #empty(): Piece {
    const step: Step = { kind: 'split', next: -1, other: -1 };
    return this.#single(step);
  }

  #alternatives(): Piece {
    if (++this.#depth > 200) throw new Unsupported();
    const parts = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      parts.push(this.#sequence());
    }
    this.#depth--;
    const start = parts.reduceRight((other, { start: next }) => (other < 0 ? next : this.#add({ kind: 'split', next, other })), -1);
    return {
      start,
      to(next) {
        for (const part of parts) part.to(next);
      },
    };
  }

  #sequence(): Piece {
    let piece: Piece | undefined;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      const before = piece;
      const next = this.#repeated();
      before?.to(next.start);
      piece = before ? { start: before.start, to: (to) => next.to(to) } : next;
    }
    return piece ?? this.#empty();
  }

  /** An atom and what stands behind it: it is read once more for each time that it has to come. */
  #repeated(): Piece {
    const from = this.#at;
    const first = this.#atom();
    const to = this.#at;
    const [least, most] = this.#times();
    if (least === 1 && most === 1) return first;
    const after = this.#at;
    let isFirst = true;
    const again = (): Piece => {
      if (isFirst) {
        isFirst = false;
        return first;
      }
      this.#at = from;
      const piece = this.#atom();
      if (this.#at !== to) throw new Unsupported();
      return piece;
    };
    const parts: Piece[] = [];
    for (let i = 0; i < least; i++) parts.push(again());
    if (most === Number.POSITIVE_INFINITY) parts.push(this.#star(again()));
    else for (let i = least; i < most; i++) parts.push(this.#maybe(again()));
    this.#at = after;
    parts.forEach((part, i) => {
      if (i > 0) parts[i - 1]?.to(part.start);
    });
    const [head] = parts;
    return head ? { start: head.start, to: (next) => parts.at(-1)?.to(next) } : this.#empty();
  }

  #star(inner: Piece): Piece {
    const split: Step = { kind: 'split', next: inner.start, other: -1 };
    const start = this.#add(split);
    inner.to(start);
    return {
      start,
      to(next) {
        split.other = next;
      },
    };
  }

  #maybe(inner: Piece): Piece {
    const split: Step = { kind: 'split', next: inner.start, other: -1 };
    return {
      start: this.#add(split),
      to(next) {
        split.other = next;
        inner.to(next);
      },
    };
  }

  /** How often: `[least, most]`. That one is lazy makes no difference to a match of the whole. */
  #times(): readonly [number, number] {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    const match = /^(?:([*+?])|\{(\d{1,4})(?:(,)(\d{0,4}))?\})\??/.exec(rest);
    if (!match) return [1, 1];
    this.#at += match[0].length;
    if (/^[*+?{]/.test(this.#text.slice(this.#at)) && /^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.#text.slice(this.#at, this.#at + 20))) throw new Unsupported();
    const [, sign, low, comma, high] = match;
    if (sign) return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
    const least = Number(low);
    const most = comma === undefined ? least : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (most < least || least > 1000) throw new Unsupported();
    return [least, most];
  }

  #atom(): Piece {
    const char = this.#take();
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#set();
      case '.':
        return this.#char([[0x0a, 0x0a]], true);
      case '^':
        return this.#single({ kind: 'begin', next: -1 });
      case '$':
        return this.#single({ kind: 'end', next: -1 });
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
        throw new Unsupported();
      default:
        return this.#literal(char.codePointAt(0) as number);
    }
  }

  #take(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new Unsupported();
    const char = String.fromCodePoint(code);
    this.#at += char.length;
    return char;
  }

  #group(): Piece {
    const kind = /^\?(?::|P?<[A-Za-z_]\w*>)/.exec(this.#text.slice(this.#at, this.#at + 100));
    if (kind) this.#at += kind[0].length;
    else if (this.#text[this.#at] === '?') throw new Unsupported(); // flags and looks around
    const inner = this.#alternatives();
    if (this.#text[this.#at] !== ')') throw new Unsupported();
    this.#at++;
    return inner;
  }

  #char(ranges: Ranges, isNot: boolean): Piece {
    return this.#single({ kind: 'char', ranges, isNot, next: -1 });
  }

  #literal(code: number): Piece {
    return this.#char([[code, code]], false);
  }

  #escaped(): Piece {
    const char = this.#take();
    if (char === 'b' || char === 'B') return this.#single({ kind: char === 'b' ? 'edge' : 'no-edge', next: -1 });
    if (char === 'A' || char === 'z') return this.#single({ kind: char === 'A' ? 'begin' : 'end', next: -1 });
    const known = classes[char.toLowerCase()];
    if (known) return this.#char(known, char !== char.toLowerCase());
    return this.#literal(escapeOf(char));
  }

  #set(): Piece {
    const ranges: (readonly [number, number])[] = [];
    const isNot = this.#text[this.#at] === '^';
    if (isNot) this.#at++;
    for (let isFirst = true; isFirst || this.#text[this.#at] !== ']'; isFirst = false) {
      const char = this.#take();
      if (char === '[' && this.#text[this.#at] === ':') throw new Unsupported();
      if (char === '\\' && classes[this.#text[this.#at] ?? '']) {
        ranges.push(...(classes[this.#take()] as Ranges));
        continue;
      }
      const from = char === '\\' ? escapeOf(this.#take()) : (char.codePointAt(0) as number);
      if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']') {
        ranges.push([from, from]);
        continue;
      }
      this.#at++;
      const last = this.#take();
      const to = last === '\\' ? escapeOf(this.#take()) : (last.codePointAt(0) as number);
      if (to < from) throw new Unsupported();
      ranges.push([from, to]);
    }
    this.#at++;
    return this.#char(ranges, isNot);
  }
}

/** What a letter behind a backslash stands for; signs stand for themselves. */
function escapeOf(char: string): number {
  const code = controls[char];
  if (code !== undefined) return code;
  if (/[A-Za-z0-9]/.test(char)) throw new Unsupported();
  return char.codePointAt(0) as number;
}

const isWord = (code: number | undefined): boolean => code !== undefined && WORDS.some(([from, to]) => code >= from && code <= to);

function run(steps: readonly Step[], start: number, text: string, isLoose: boolean, work: { left: number }): boolean {
  work.left -= steps.length;
  const codes = Array.from(text, (char) => char.codePointAt(0) as number);
  /** For which place a step was last put on the list. */
  const seen = new Int32Array(steps.length).fill(-1);
  let now: number[] = [];
  const follow = (from: number, at: number, list: number[]): void => {
    const waiting = [from];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      work.left--;
      const step = one < 0 ? undefined : steps[one];
      if (!step || seen[one] === at) continue;
      seen[one] = at;
      if (step.kind === 'split') waiting.push(step.next, step.other);
      else if (step.kind === 'char' || step.kind === 'match') list.push(one);
      else if (holds(step.kind, codes, at)) waiting.push(step.next);
    }
  };
  follow(start, 0, now);
  for (const [at, code] of codes.entries()) {
    const next: number[] = [];
    work.left -= now.length;
    for (const one of now) {
      const step = steps[one] as Step;
      if (step.kind === 'char' && fits(step.ranges, code, isLoose) !== step.isNot) follow(step.next, at + 1, next);
    }
    if (next.length === 0) return false;
    now = next;
  }
  return now.some((one) => steps[one]?.kind === 'match');
}

function holds(kind: 'begin' | 'end' | 'edge' | 'no-edge', codes: readonly number[], at: number): boolean {
  if (kind === 'begin') return at === 0;
  if (kind === 'end') return at === codes.length;
  return (isWord(codes[at - 1]) !== isWord(codes[at])) === (kind === 'edge');
}

function fits(ranges: Ranges, code: number, isLoose: boolean): boolean {
  const has = (one: number): boolean => ranges.some(([from, to]) => one >= from && one <= to);
  return has(code) || (isLoose && code >= 0x61 && code <= 0x7a && has(code - 0x20));
}
