import { describe, expect, test } from 'vitest';
import { withEdits } from '../../src/core/findings/patterns/fixes/fixer';
import { scanText } from '../support/patterns';

/** What is found, by rule, text and what its fix makes of the text. */
async function found(text: string, rule: string): Promise<{ at: string; fixed: string | undefined }[]> {
  const { matches } = await scanText(text);
  return matches.filter((one) => one.rule === rule).map(({ texts, fix }) => ({ at: texts.MATCH ?? '', fixed: fix && withEdits(text, fix.edits) }));
}

describe('await of what never waits', () => {
  const rule = 'await-of-value';
  test.each([
    ['a value that is worked out', 'async function f(xs) { let n = 0; for (const x of xs) n += await (x * 2); return n; }', '(x * 2)'],
    ['a text', 'async function f(xs, go) { for (const x of xs) go(await `a`); }', '`a`'],
    ['what is parsed', 'async function f(xs, go) { for (const x of xs) go(await JSON.parse(x)); }', 'JSON.parse(x)'],
    ['a list of promises, which is none', 'async function f(xs, go) { for (const x of xs) go(await [...x].map(go)); }', '[...x].map(go)'],
    ['a function of the file', 'const net = (x) => ({ net: x });\nasync function f(xs, go) { for (const x of xs) go(await net(x)); }', 'net(x)'],
    ['a private method', 'class A { #net(x) { return x / 2; } async f(xs, go) { for (const x of xs) go(await this.#net(x)); } }', 'this.#net(x)'],
  ])('%s', async (_, text, value) => {
    expect(await found(text, rule)).toEqual([{ at: `await ${value}`, fixed: text.replace(`await ${value}`, value) }]);
  });

  test('of an async function that awaits nothing, which then need not be async', async () => {
    const text =
      'async function net(x) { const y = x / 1.19; return y; }\nasync function f(xs) { let n = 0; for (const x of xs) n += await net(x); return n; }';
    const [one, ...more] = await found(text, rule);
    expect(one).toEqual({
      at: 'await net(x)',
      fixed: 'function net(x) { const y = x / 1.19; return y; }\nasync function f(xs) { let n = 0; for (const x of xs) n += net(x); return n; }',
    });
    expect(more).toEqual([]);
  });

  test.each([
    ['is exported', 'export async function net(x) { return x / 2; }\nasync function f(xs) { let n = 0; for (const x of xs) n += await net(x); return n; }'],
    [
      'is used without await',
      'async function net(x) { return x / 2; }\nasync function f(xs) { let n = 0; for (const x of xs) n += await net(x); return [n, net(1)]; }',
    ],
    [
      'is handed on',
      'async function net(x) { return x / 2; }\nasync function f(xs, g) { let n = 0; g(net); for (const x of xs) n += await net(x); return n; }',
    ],
  ])('has no fix where the function %s', async (_, text) => {
    expect(await found(text, rule)).toEqual([{ at: 'await net(x)', fixed: undefined }]);
  });
});

describe('recursions that meet the same again', () => {
  test.each([
    ['by two steps', 'function f(n) { return n < 2 ? 1 : f(n - 1) + f(n - 2); }', 'f(n - 1)'],
    [
      'by what a loop takes away',
      'function ways(left, coins) { if (left === 0) return 1; let n = 0; for (const coin of coins) if (coin <= left) n += ways(left - coin, coins); return n; }',
      'ways(left - coin, coins)',
    ],
    [
      'by the rest of a text',
      'function ways(text, words) { let n = text === "" ? 1 : 0; for (const word of words) if (text.startsWith(word)) n += ways(text.slice(word.length), words); return n; }',
      'ways(text.slice(word.length), words)',
    ],
    [
      'with or without a thing',
      'function best(i, room, things) { if (i < 0) return 0; return Math.max(best(i - 1, room, things), things[i].worth + best(i - 1, room - things[i].size, things)); }',
      'best(i - 1, room, things)',
    ],
  ])('%s', async (_, text, call) => {
    expect((await found(text, 'overlapping-recursion')).map(({ at }) => at)).toContain(call);
  });
});

describe('the same work in each turn', () => {
  const rule = 'same-work-in-loop';
  test('a pure function of the file, with what it calls, is kept in front of all loops that leave it the same', async () => {
    const text = `const RATES = [1, 2, 3];
const half = (x) => x / 2;
function cost(rows) { let sum = 0; for (const row of rows) sum += half(row.price) * RATES[1]; return sum; }
function f(rows, xs) {
  let n = 0;
  for (const x of xs) {
    for (const y of x.parts) n += y / cost(rows);
  }
  return n;
}`;
    expect(await found(text, rule)).toEqual([
      {
        at: 'cost(rows)',
        fixed: text.replace('  for (const x of xs)', '  const unchanged = cost(rows);\n  for (const x of xs)').replace('y / cost(rows)', 'y / unchanged'),
      },
    ]);
  });

  test('the condition of a loop is a part of its turns', async () => {
    const text = 'function f(text) { let n = 0; for (let i = 0; i < text.split(",").length; i++) n++; return n; }';
    expect((await found(text, rule)).map(({ at }) => at)).toEqual(['text.split(",")']);
  });

  test('the outermost call that is the same is told, once', async () => {
    const text = 'function f(orders) { const out = []; for (const o of orders) out.push(o.total / Math.max(...orders.map((x) => x.total))); return out; }';
    expect((await found(text, rule)).map(({ at }) => at)).toEqual(['Math.max(...orders.map((x) => x.total))']);
  });

  test('what all turns would share and could change has no fix', async () => {
    const text = 'function f(xs, ys, go) { for (const x of xs) { const list = ys.filter((y) => y.on); go.push(list); } }';
    expect(await found(text, rule)).toEqual([{ at: 'ys.filter((y) => y.on)', fixed: undefined }]);
  });

  test('what may not run in a turn is not moved in front of the loop', async () => {
    const text = 'function f(xs, ys) { let n = 0; for (const x of xs) { if (x.on) n += ys.reduce((a, b) => a + b, 0); } return n; }';
    expect(await found(text, rule)).toEqual([{ at: 'ys.reduce((a, b) => a + b, 0)', fixed: undefined }]);
  });
});

describe('arrays with more gaps than elements', () => {
  test.each([
    ['wide steps', 'function f(xs) { const out = []; for (let i = 0; i < xs.length; i++) out[i * 2000] = xs[i]; return out; }'],
    ['steps by shifting', 'function f(xs) { const out = []; for (let i = 0; i < xs.length; i++) out[(i << 16) + 1] = xs[i]; return out; }'],
    ['from the end', 'const N = 100_000;\nfunction f() { const out = []; for (let i = N - 1; i >= 0; i--) out[i] = i; return out; }'],
    ['one far away', 'function f(xs) { const out = []; out[5_000_000] = 0; for (let i = 0; i < xs.length; i++) out[i] = xs[i]; return out; }'],
    ['too long to be set aside', 'function f(xs) { const out = new Array(50_000_000); for (let i = 0; i < xs.length; i++) out[i] = xs[i]; return out; }'],
  ])('%s', async (_, text) => {
    expect(await found(text, 'sparse-array')).toHaveLength(1);
  });
});

describe('fixes of older rules', () => {
  const first = async (text: string, rule: string): Promise<string | undefined> => (await found(text, rule))[0]?.fixed;

  test('push and reverse, only of an array that is empty and unseen until the end', async () => {
    const text = (begin: string, inside = ''): string =>
      `function f(xs) {\n  const out = ${begin};\n  for (const x of xs) {\n    out.unshift(x);${inside}\n  }\n  return out;\n}`;
    expect(await first(text('[]'), 'unshift-often')).toBe(
      'function f(xs) {\n  const out = [];\n  for (const x of xs) {\n    out.push(x);\n  }\n  out.reverse();\n  return out;\n}',
    );
    expect(await first(text('[1, 2]'), 'unshift-often')).toBeUndefined();
    expect(await first(text('xs.slice()'), 'unshift-often')).toBeUndefined();
    expect(await first(text('[]', ' if (out.length > 9) return 1;'), 'unshift-often')).toBeUndefined();
    expect(await first('function f(out, xs) { for (const x of xs) { out.unshift(x); } }', 'unshift-often')).toBeUndefined();
  });

  test('the first element without an array for it', async () => {
    expect(await first('function f(q) { while (q.length) { const x = q.splice(0, 1)[0]; x.go(); } }', 'splice-front')).toBe(
      'function f(q) { while (q.length) { const x = q.shift(); x.go(); } }',
    );
    expect(await first('function f(q) { for (;;) { q[0].go(); q.splice(0, 1); } }', 'splice-front')).toBe(
      'function f(q) { for (;;) { q[0].go(); q.shift(); } }',
    );
    expect(await first('function f(q, g) { for (;;) { g(q.splice(0, 1)); } }', 'splice-front')).toBeUndefined();
    expect(await first('function f(q, g) { for (;;) { g(q.splice(0, 10)); } }', 'splice-front')).toBeUndefined();
  });

  test('one sort after the loop, only where the turns do nothing else with the list', async () => {
    const text = (more = ''): string =>
      `function f(xs, list) {\n  for (const x of xs) {\n    list.push(x);\n    list.sort((a, b) => a - b);${more}\n  }\n  return list;\n}`;
    expect(await first(text(), 'sort-after-insert')).toBe(
      'function f(xs, list) {\n  for (const x of xs) {\n    list.push(x);\n  }\n  list.sort((a, b) => a - b);\n  return list;\n}',
    );
    expect(await first(text(' x.rank = list.length;'), 'sort-after-insert')).toBeUndefined();
    expect(await first(text(' if (x.last) break;'), 'sort-after-insert')).toBeUndefined();
  });

  test('a Map is asked itself, where it gives the same', async () => {
    const map = (expression: string): string => `const m = new Map([[1, 2]]);\nfunction f(x) { return ${expression}; }`;
    const set = (expression: string): string => `const m = new Set([1, 2]);\nfunction f(x) { return ${expression}; }`;
    const fixes: [string, string | undefined][] = [
      [map('Array.from(m.keys()).includes(x)'), map('m.has(x)')],
      [map('[...m.values()].length'), map('m.size')],
      [map('Array.from(m).length'), map('m.size')],
      [map('[...m.values()][0]'), map('m.values().next().value')],
      [set('[...m].includes(x)'), set('m.has(x)')],
      // A value is no key, and keys are no texts.
      [map('[...m.values()].includes(x)'), undefined],
      [map('[...m].includes(x)'), undefined],
      [map('[...m.keys()].indexOf(x)'), undefined],
      [map('Object.fromEntries(m)[x]'), undefined],
      [map('[...m.values()].find((one) => one === x)'), undefined],
    ];
    for (const [text, fixed] of fixes) expect([text, await first(text, 'map-as-array')]).toEqual([text, fixed]);
  });

  test('a formatter is kept, where it formats the same', async () => {
    const text = (call: string): string => `function f(x) { return ${call}; }`;
    const date = '{ weekday: \'long\', month: "long" }';
    expect(await first(text(`x.toLocaleDateString('de', ${date})`), 'localized-often')).toBe(
      `const dateFormat = new Intl.DateTimeFormat('de', ${date});\n${text('dateFormat.format(x)')}`,
    );
    expect(await first(text("x.toLocaleString('de', { style: 'percent' })"), 'localized-often')).toBe(
      `const numberFormat = new Intl.NumberFormat('de', { style: 'percent' });\n${text('numberFormat.format(x)')}`,
    );
    // Without a day, toLocaleDateString adds one of its own.
    expect(await first(text("x.toLocaleDateString('de', { timeZone: 'UTC' })"), 'localized-often')).toBeUndefined();
    // Whether that is a number or a date, nothing says.
    expect(await first(text("x.toLocaleString('de', { numberingSystem: 'latn' })"), 'localized-often')).toBeUndefined();
  });

  test('awaits in a row begin together', async () => {
    const text = (middle: string): string =>
      `async function f(api, id) {\n  const user = await api.getUser(id);\n  ${middle}\n  const ads = await api.getAds();\n  return [user, ads];\n}`;
    expect(await first(text('const orders = await api.getOrders(id);'), 'awaits-in-a-row')).toBe(
      'async function f(api, id) {\n  const [user, orders, ads] = await Promise.all([api.getUser(id), api.getOrders(id), api.getAds()]);\n  return [user, ads];\n}',
    );
    expect(await first(text('const orders = await api.getOrders(user);'), 'awaits-in-a-row')).not.toMatch(/\[user, orders/);
  });
});

/** Code that looks like one of these causes and is none. */
const innocent: Readonly<Record<string, string>> = {
  'a value is awaited that may be a promise': 'async function f(xs) { for (const x of xs) { const y = await x; y.go(); } }',
  'a cache of promises is awaited':
    'const cache = new Map();\nasync function get(k) { return cache.get(k); }\nasync function f(ks) { let n = 0; for (const k of ks) n += await get(k); return n; }',
  'a function that waits sometimes is awaited':
    'async function get(k) { if (k.ready) return 1; await k.load(); return 2; }\nasync function f(ks) { let n = 0; for (const k of ks) n += await get(k); return n; }',
  'a function that gives on a promise is awaited':
    'async function get(k, api) { return api.load(k); }\nasync function f(ks, api) { let n = 0; for (const k of ks) n += await get(k, api); return n; }',
  'an await that lets others have their turn': 'async function f(xs) { for (const x of xs) { x.go(); await null; await undefined; } }',
  'an await outside of loops': 'async function net(x) { return x / 1.19; }\nasync function f(x) { return 1 + (await net(x)); }',
  'work on what the turn has':
    'function f(orders) { const out = []; for (const o of orders) out.push(o.lines.reduce((all, one) => all + one.total, 0)); return out; }',
  'work on a list that the loop adds to':
    'function f(xs) { const seen = []; let n = 0; for (const x of xs) { seen.push(x.id); n += seen.map((y) => y * 2).join().length; } return n; }',
  'work on what the loop changes by another name':
    'function f(rows) { let n = 0; for (const row of rows) { row.total = 1; n += rows.reduce((all, one) => all + one.total, 0); } return n; }',
  'work on what a call in the loop may change':
    'import { settle } from "./settle.js";\nfunction f(rows) { let n = 0; for (const row of rows) { settle(row); n += rows.map((one) => one.total).join().length; } return n; }',
  'work on what another function changes':
    'let rate = [1];\nfunction next() { rate = [rate[0] + 1]; }\nfunction sum() { return rate.reduce((a, b) => a + b, 0); }\nfunction f(n) { let all = 0; for (let i = 0; i < n; i++) { next(); all += sum(); } return all; }',
  'a function that changes something':
    'const log = [];\nfunction note(x) { log.push(x); return x; }\nfunction f(xs, y) { let n = 0; for (const x of xs) n += x + note(y); return n; }',
  'a function that asks the clock':
    'function now(x) { return Date.now() + x; }\nfunction f(xs, y) { let n = 0; for (const x of xs) n += x + now(y); return n; }',
  'a function that draws lots':
    'function roll(x) { return Math.random() * x; }\nfunction f(xs, y) { let n = 0; for (const x of xs) n += x + roll(y); return n; }',
  'a function of another module': 'import { cost } from "./cost.js";\nfunction f(xs, y) { let n = 0; for (const x of xs) n += x + cost(y); return n; }',
  'a function that is given a callback': 'function each(g) { return g(); }\nfunction f(xs, g) { let n = 0; for (const x of xs) n += x + each(g); return n; }',
  'what ends the loop':
    'function fault(text) { return new Error(text); }\nfunction f(xs) { for (const x of xs) { if (!x) throw fault("no x"); if (x.last) return fault("last"); } }',
  'what a catch has': 'function said(e) { return e.message + 1; }\nfunction f(xs, go) { for (const x of xs) { try { x.go(); } catch (e) { go(said(e)); } } }',
  'a callback that is not known': 'function f(xs, ys, g) { let n = 0; for (const x of xs) n += x + ys.map(g).length; return n; }',
  'a path that is put together': 'import path from "node:path";\nfunction f(xs, dir) { for (const x of xs) x.go(path.join(dir, "a")); }',
  'what is repeated to be measured':
    'function sum(xs) { return xs.reduce((a, b) => a + b, 0); }\nfunction f(xs) { let n = 0; for (let i = 0; i < 100; i++) n += sum(xs); return n; }',
  'what is repeated and not used':
    'function sum(xs) { return xs.reduce((a, b) => a + b, 0); }\nfunction f(xs, ys) { for (const y of ys) { sum(xs); y.go(); } }',
  'a constant that is looked at': "function f(xs) { let n = 0; for (const x of xs) n += x + [1, 2, 3].indexOf(2) + 'a-b'.split('-').length; return n; }",
  'an array filled from its front': 'function f(xs) { const out = []; for (let i = 0; i < xs.length; i++) out[i] = xs[i]; return out; }',
  'an array with room for its elements': 'function f(n) { const out = new Array(n); for (let i = n - 1; i >= 0; i--) out[i] = i; return out; }',
  'an array with small steps': 'function f(xs) { const out = []; for (let i = 0; i < xs.length; i++) out[i * 4] = xs[i]; return out; }',
  'a typed array with wide steps':
    'function f(xs) { const out = new Float64Array(1e6); for (let i = 0; i < xs.length; i++) out[i * 4096] = xs[i]; return out; }',
  'a short array from its end': 'function f() { const out = []; for (let i = 99; i >= 0; i--) out[i] = i; return out; }',
};

test.each(Object.entries(innocent))('silent: %s', async (_, text) => {
  const { matches, missing } = await scanText(text);
  expect(missing).toBe(0);
  expect(
    matches.filter(({ rule }) => /^(?:await-of-value|same-work-in-loop|sparse-array)$/.test(rule)).map(({ rule, texts }) => `${rule}: ${texts.MATCH}`),
  ).toEqual([]);
});

test('an await that lets others have their turn is no wait in a loop', async () => {
  expect(await found('async function f(xs) { for (const x of xs) { x.go(); await null; await undefined; await 0; } }', 'await-in-loop')).toEqual([]);
});

test.each([
  ['once of node:events', "async function f(xs, out) { for (const x of xs) { if (!out.write(x)) await once(out, 'drain'); } }"],
  ['a function of their own', 'async function f(xs, out) { for (const x of xs) { if (!out.push(x)) await room(); } }'],
  ['writableNeedDrain', 'async function f(xs, out) { for (const x of xs) { out.write(x); if (out.writableNeedDrain) await settled(out); } }'],
  ['ready of a web stream', 'async function f(xs, writer) { for (const x of xs) { await writer.ready; writer.write(x); } }'],
  [
    'a socket that has much to send',
    'async function f(xs, socket) { for (const x of xs) { socket.send(x); while (socket.bufferedAmount > 1e6) await pause(); } }',
  ],
  ['for await', 'async function f(source, out) { for await (const part of source) await save(part); }'],
])('an await that holds a writer back is no wait in a loop: %s', async (_, text) => {
  expect(await found(text, 'await-in-loop')).toEqual([]);
});

test('an await after a condition of another kind still is', async () => {
  expect(await found('async function f(xs) { for (const x of xs) { if (x.isNew()) await save(x); } }', 'await-in-loop')).toHaveLength(1);
});
