import { generator } from './mutate';

type Place = readonly (string | number)[];

/** Places of every value within a value, the whole included. */
function places(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...at, Array.isArray(value) ? Number(key) : key]))];
}

/** Stands for a text that no object could give: it is put in when the rest is text. */
const HOLE = '@hole@';

/** Texts in the place of a value: other types, numbers that no field has, what is deeper or longer than anything, keys with a meaning. */
const others: readonly string[] = [
  'null',
  'true',
  '0',
  '-1',
  '0.5',
  '1e999',
  '-1e999',
  '9007199254740993',
  '1e308',
  '""',
  '"x"',
  '"__proto__"',
  '"2026-13-45T99:99:99Z"',
  '"\\u0000\\u001b[31m\\u202e"',
  '"../../../../etc/passwd"',
  '[]',
  '[null]',
  '[[],{},1,"x",null]',
  '{}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":null,"length":-1,"then":1}',
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  `"${'x'.repeat(20_000)}"`,
  `[${'0,'.repeat(5000)}0]`,
];

/**
 * Texts that differ from a value's JSON in one to three places: keys that are gone or added,
 * values of another type, lists that are none; now and then a text that is cut, or has a byte
 * that does not belong. The same for the same seed.
 */
export function* mutations(value: unknown, count: number, seed: number): Generator<string> {
  const random = generator(seed);
  for (let i = 0; i < count; i++) {
    let text = JSON.stringify(value);
    for (let changes = 1 + random(3); changes > 0; changes--) text = mutated(text, random);
    yield text;
  }
}

function mutated(text: string, random: (below: number) => number): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  // What has been made deep is not walked again.
  if (text.length > 100_000 || text.includes('[[[[') || text.includes('{"a":{"a":{"a"')) return text;
  const all = places(value);
  const place = all[random(all.length)] as Place;
  const other = others[random(others.length)] as string;
  if (place.length === 0) return random(4) === 0 ? other : damaged(text, random);
  const parent = place.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], value) as Record<string | number, unknown>;
  const key = place.at(-1) as string | number;
  const kind = random(6);
  if (kind === 0) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
    return JSON.stringify(value);
  }
  if (kind === 1 && Array.isArray(parent)) parent.push(parent[Number(key)], HOLE);
  else if (kind === 1) return JSON.stringify(value).replace('{', () => `{"${['__proto__', 'constructor', 'toString', 'extra'][random(4)]}":${other},`);
  else parent[key] = HOLE;
  return JSON.stringify(value).replace(`"${HOLE}"`, () => other);
}

/** Cut, or with a byte too many. */
function damaged(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1);
  return random(2) === 0 ? text.slice(0, at) : text.slice(0, at) + ',:{}[]"\\\n\ufeff\0'[random(11)] + text.slice(at);
}
