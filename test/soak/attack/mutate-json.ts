/** Changes to parsed JSON, one to three a case, so that what comes out is JSON again and most of it means something. */

import { hostileNumbers, hostileTexts, hostileValues } from './hostile';
import { type Below, isLarge, oneOf } from './pick';

type Container = Record<string, unknown> | unknown[];

interface Spot {
  readonly parent: Container;
  readonly key: string;
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;
const keysOf = (value: Container): string[] => Object.keys(value);
const get = ({ parent, key }: Spot): unknown => (parent as Record<string, unknown>)[key];

function put(parent: Container, key: string, value: unknown): void {
  // `__proto__` too is to be a key of its own.
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A place, found by going down at random. */
function spotIn(root: Container, below: Below): Spot | undefined {
  let parent = root;
  for (;;) {
    const keys = keysOf(parent);
    if (keys.length === 0) return undefined;
    const key = oneOf(keys, below);
    const value = (parent as Record<string, unknown>)[key];
    if (!isContainer(value) || keysOf(value).length === 0 || below(5) === 0) return { parent, key };
    parent = value;
  }
}

/** Characters that a case may have in the place of marks: what is long many times over is too long for a text. */
const MOST_RAW = 32 << 20;

/** Text that JSON.stringify cannot write: stands behind a mark until the rest is text. */
class Raw {
  readonly #texts: string[] = [];
  #left = MOST_RAW;

  mark(text: string): string {
    this.#texts.push(text);
    return `@@RAW${this.#texts.length - 1}@@`;
  }

  fill(json: string): string {
    return json.replace(/"@@RAW(\d+)@@"/g, (_, at: string) => {
      const text = this.#texts[Number(at)] as string;
      if (text.length > this.#left) return 'null';
      this.#left -= text.length;
      return this.fill(text);
    });
  }
}

function deep(mayBeLarge: boolean, below: Below): string {
  const depth = oneOf(mayBeLarge ? [20_000, 200_000] : [50, 1000], below);
  return below(2) === 0 ? '['.repeat(depth) + ']'.repeat(depth) : '{"children":['.repeat(depth) + ']}'.repeat(depth);
}

/** A list of the same, so long that the file has some megabytes at most: as text, for what is one object would be changed in all places. */
function many(value: unknown, mayBeLarge: boolean): string {
  const json = JSON.stringify(value) ?? 'null';
  const most = Math.min(100_000, Math.floor(2_000_000 / json.length));
  return `[${Array<string>(mayBeLarge ? most : Math.min(most, 300))
    .fill(json)
    .join(',')}]`;
}

function newText(old: string, mayBeLarge: boolean, below: Below): string {
  switch (below(6)) {
    case 0:
      return old.slice(0, below(old.length + 1));
    case 1:
      return old.slice(0, below(old.length + 1)) + oneOf(hostileTexts, below) + old.slice(-3);
    case 2:
      return below(10) === 0 ? 'x'.repeat(oneOf(mayBeLarge ? [20_000, 1_000_000] : [300, 5000], below)) : old + old;
    default:
      return oneOf(hostileTexts, below);
  }
}

function newNumber(old: number, root: Container, raw: Raw, below: Below): unknown {
  switch (below(5)) {
    case 0:
      return old + below(3) - 1;
    case 1:
      return below(60) - 5;
    case 2: {
      // An id or a row that is another's: circles, namesakes, ends before starts.
      const other = spotIn(root, below);
      const value = other && get(other);
      return typeof value === 'number' ? value : -old;
    }
    default:
      return raw.mark(oneOf(hostileNumbers, below));
  }
}

function change(root: Container, raw: Raw, mayBeLarge: boolean, below: Below): void {
  const spot = spotIn(root, below);
  if (!spot) return;
  const { parent, key } = spot;
  const value = get(spot);
  const kind = below(16);
  if (kind === 0) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  } else if (kind === 1) {
    if (Array.isArray(parent)) parent.splice(Number(key), 0, structuredClone(value));
    else put(parent, `${key}2`, structuredClone(value));
  } else if (kind === 2) {
    const other = oneOf(keysOf(parent), below);
    const there = (parent as Record<string, unknown>)[other];
    put(parent, other, value);
    put(parent, key, there);
  } else if (kind === 3) put(parent, key, raw.mark(oneOf(hostileValues, below)));
  else if (kind === 4 && !Array.isArray(parent)) {
    delete parent[key];
    put(parent, oneOf(hostileTexts, below), value);
  } else if (kind === 5 && !Array.isArray(parent)) put(parent, oneOf(hostileTexts, below), oneOf(hostileTexts, below));
  else if (kind === 6 && below(4) === 0) put(parent, below(2) === 0 ? key : 'unknown', raw.mark(deep(mayBeLarge, below)));
  else if (kind === 7 && below(3) === 0) put(parent, key, raw.mark(many(value, mayBeLarge)));
  else if (kind === 8) {
    const other = spotIn(root, below);
    if (other) put(parent, key, structuredClone(get(other)));
  } else if (typeof value === 'string') put(parent, key, newText(value, mayBeLarge, below));
  else if (typeof value === 'number') put(parent, key, newNumber(value, root, raw, below));
  else if (Array.isArray(value) && value.length > 0) value.splice(below(value.length), 1 + below(value.length));
  else put(parent, key, raw.mark(oneOf(hostileValues, below)));
}

/** The JSON with one to three things changed. */
export function mutateJson(text: string, below: Below): string {
  const value: unknown = JSON.parse(text);
  const raw = new Raw();
  if (!isContainer(value)) return text;
  // From outside the root is a value as any other.
  const outer = { value };
  const mayBeLarge = isLarge(below);
  for (let times = 1 + below(3); times > 0; times--) change(below(60) === 0 ? outer : value, raw, mayBeLarge, below);
  return raw.fill(JSON.stringify(outer.value) ?? 'null');
}
