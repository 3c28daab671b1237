import { expect, test } from 'vitest';
import { withEdits } from '../../src/core/findings/patterns/fixes/fixer';
import { scanText } from '../support/patterns';

/** Code that looks like a pattern and is none. */
const innocent: Readonly<Record<string, string>> = {
  'a text is searched in a loop': 'function f(text, words) { let n = 0; const all = text.trim(); for (const w of words) if (all.includes(w)) n++; return n; }',
  'nothing says that it is an array': 'function f(bag, words) { let n = 0; for (const w of words) if (bag.includes(w)) n++; return n; }',
  'a few constants are searched': "const KINDS = ['a', 'b'];\nfunction f(words) { let n = 0; for (const w of words) if (KINDS.includes(w)) n++; return n; }",
  'the array is another in each turn':
    'function f(rows) { let n = 0; for (const row of rows) { const tags = row.text.split(","); if (tags.find((t) => t.id === n)) n++; } return n; }',
  'the search is in no loop': 'function f(list, id) { const users = list.filter(Boolean); return users.find((u) => u.id === id); }',
  'the loop is around a function that runs later':
    'function f(users, buttons) { const list = users.map(String); for (const b of buttons) b.onclick = () => list.includes(b.id); }',
  'what a loop goes over is worked out once': 'function f(list) { const xs = list.map(String); for (const x of xs.filter((y) => y.k === 1)) x(); }',
  'the filter is counted': 'function f(users) { return users.filter((u) => u.on).length; }',
  'the second of the filtered is used': 'function f(users) { return users.filter((u) => u.on)[1]; }',
  'the match is used': 'function f(text) { const found = text.match(/a(b)/) || []; return found[1]; }',
  'the copy is kept': 'function f(list) { const xs = list.map(String); const copy = [...xs]; copy.sort(); return copy; }',
  'reduce gives a new object of its own': 'function f(users) { return users.reduce((best, u) => (u.age > best.age ? u : best), { age: 0 }); }',
  'another array is spread': 'function f(rows) { let out = []; for (const row of rows) out = [...row.items, 1]; return out; }',
  'awaits that need each other':
    'async function f(api) { let page = await api.first(); for (let i = 0; i < 9; i++) { page = await api.after(page); } return page; }',
  'a search that ends early': 'async function f(api, urls) { for (const url of urls) { const found = await api.look(url); if (found) return found; } }',
  'a retry': 'async function f(api) { for (let attempt = 0; attempt < 3; attempt++) { await api.send(attempt); } }',
  'waiting on purpose': 'async function f(steps) { for (const step of steps) { await sleep(step.ms); } }',
  'an asynchronous iterator': 'async function f(stream) { for await (const part of stream) { await handle(part); } }',
  'a reader': 'async function f(reader, parts) { for (const part of parts) { await reader.read(part); } }',
  'a key that is a text already': 'function f(rows, known) { for (const row of rows) { const key = row.id; if (known.has(key)) continue; known.add(key); } }',
  'a text with one value in it is a key': 'function f(rows, known) { for (const row of rows) { if (known.has("#" + row.id)) continue; } }',
  'JSON that is no key': 'function f(row) { const text = JSON.stringify(row); return text.length; }',
  'a text is cut at a fixed place': "function f(text) { return text.slice(0, 10).split('-'); }",
  'a filter by index': 'function f(rows) { return rows.filter((row, at) => at % 2 === 0 && row.name.indexOf("a") > 0); }',
  'a search whose hit is changed':
    'function f(rows, one) { const at = rows.findIndex((row) => row.id === one.id); if (at < 0) rows.push(one); else rows[at] = one; }',
  'brotli with a quality':
    "import zlib from 'node:zlib';\nfunction f(x, done) { zlib.brotliCompress(x, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }, done); }",
  'a formatter that is kept by its arguments':
    'function f(all, locale, n) { if (!all.has(locale)) all.set(locale, new Intl.NumberFormat(locale)); return all.get(locale).format(n); }',
  'a flood that colours what it reaches':
    'function fill(g, x, y) { if (g[y]?.[x] !== 0) return; g[y][x] = 1; fill(g, x + 1, y); fill(g, x - 1, y); fill(g, x, y + 1); }',
  'halves of a list': 'function sum(xs) { if (xs.length < 2) return xs[0]; return sum(xs.slice(0, xs.length / 2)) + sum(xs.slice(xs.length / 2)); }',
  'all ways are listed':
    'function list(left, coins, way, out) { if (left === 0) out.push([...way]); for (const coin of coins) { way.push(coin); list(left - coin, coins, way, out); way.pop(); } }',
  'one step for each loop, whatever its element':
    'function place(row, free) { let n = 0; for (const column of free(row)) n += place(row + 1, free); return n; }',
  'a filter by a constant': "function f(rows) { return rows.filter((row) => row.kind === 'open').length; }",
  'a slice that is another value': 'function f(rows) { let n = 0; for (const row of rows) { const rest = row.text.slice(1); n += rest.length; } return n; }',
  'JSON that is written to a file once, of a value of its own':
    "import { writeFile } from 'node:fs/promises';\nfunction f(rows) { const all = rows.map(String); return writeFile('a', JSON.stringify(all)); }",
  'a template with a cache': "import ejs from 'ejs';\nfunction f(file, data) { return ejs.renderFile(file, data, { cache: true }); }",
  'a text searched in a comparison': 'function f(words) { return words.sort((a, b) => String(a).trim().indexOf("x") - String(b).trim().indexOf("x")); }',
  'a formatter at the top of the module': "const format = new Intl.NumberFormat('de');\nexport const f = (n) => format.format(n);",
  'JSON of the turn': 'function f(rows) { for (const row of rows) row.text = JSON.stringify(row.value); }',
  'the value of the JSON changes': 'function f(rows, state) { for (const row of rows) { state.n++; send(JSON.stringify(state)); } }',
  'localeCompare without options': 'function f(words) { return words.sort((a, b) => a.localeCompare(b)); }',
  'an error that is passed on': 'function f(p) { try { return require.resolve(p); } catch (error) { throw new Error(p, { cause: error }); } }',
  'the value of the JSON may change in a call': 'function f(rows, state) { for (const row of rows) { row.add(state); send(JSON.stringify(state)); } }',
  'a cache with a limit': 'const cache = new Map();\nexport function f(k, v) { cache.set(k, v); if (cache.size > 9) cache.clear(); }',
  'a list that is handed out': 'const all = [];\nexport function f(x) { all.push(x); }\nexport function take() { return all; }',
  'a local collection': 'export function f(xs) { const seen = new Set(); for (const x of xs) seen.add(x); return seen.size; }',
  'a listener on what the function made':
    "import { EventEmitter } from 'node:events';\nexport function f() { const own = new EventEmitter(); own.on('a', () => 1); return own; }",
  'a listener that is removed':
    "const bus = new EventTarget();\nexport function f(g) { bus.addEventListener('a', g); return () => bus.removeEventListener('a', g); }",
  'a listener for one time': "const bus = new EventTarget();\nexport function f(g) { bus.addEventListener('a', g, { once: true }); }",
  'a few constants by way of a Set':
    "const KINDS = [...new Set(['a', 'b', 'c'])];\nfunction f(words) { let n = 0; for (const w of words) if (KINDS.includes(w)) n++; return n; }",
  'a few constants that are frozen':
    "const KINDS = Object.freeze(['a', 'b', 'c']);\nfunction f(words) { let n = 0; for (const w of words) if (KINDS.indexOf(w) >= 0) n++; return n; }",
  'a few constants of a class':
    "class Shape { static KINDS = ['a', 'b', 'c'];\n count(words) { let n = 0; for (const w of words) if (Shape.KINDS.includes(w)) n++; return n; } }",
  'a short table searched by key': "const RATES = [{ id: 'a', rate: 1 }, { id: 'b', rate: 2 }];\nfunction f(id) { return RATES.find((one) => one.id === id); }",
  'a list that the function made searched by key': 'function f(rows, id) { const own = rows.filter(Boolean); return own.find((one) => one.id === id); }',
  'a class of elements filtered out': "let jobs = [];\nfunction f() { jobs = jobs.filter((job) => job.state !== 'done'); return jobs.length; }",
  'the list of a reducer': 'function f(list, id) { const next = list.filter((one) => one.id !== id); return next; }',
  'a loop that runs once':
    'async function f(paths) { for (let i = 0; i < 1; i++) { await pack(paths[i]); } for (const path of [paths[0]]) { await pack(path); } }',
  'a sort of what was added by many': 'function f(list, more) { list.push(...more); list.sort((a, b) => a - b); return list; }',
  'a comparison of numbers': 'function f(list) { return list.sort((a, b) => a.at - b.at || a.id - b.id); }',
  'a date outside of a comparison': 'function f(list) { return list.map((one) => new Date(one.at)).sort((a, b) => a - b); }',
  'a text for people without options': "function f(n) { return n.toLocaleString('de-DE'); }",
  'options that vary': 'function f(n, currency) { return n.toLocaleString("de-DE", { style: "currency", currency }); }',
  'a part at a fixed place': "function f(line) { return line.split(',')[2]; }",
  'keys that are used': 'function f(all) { const keys = Object.keys(all); return keys.length > 3 ? keys : []; }',
  'a Map that is copied to be sorted': 'function f() { const m = new Map(); m.set(1, 2); return [...m.values()].sort(); }',
  'a log of plain values': "function f(logger, job) { logger.debug('job', job.id, job); return job; }",
  'a log that is asked for': 'function f(logger, job) { if (logger.isLevelEnabled("debug")) logger.debug(JSON.stringify(job)); return job; }',
  'a log behind an early return': 'function f(logger, job) { if (!logger.debugEnabled) return; logger.debug(JSON.stringify(job)); }',
  'output at the top of a module': "console.log('ready');",
  'elements cut off to the end': 'function f(list) { return list.splice(0, list.length); }',
  'a page that needs the one before':
    "async function f(api) { const all = []; let at = 0; while (all.length < 9) { const page = await fetch('/list?at=' + at); at = page.next; all.push(page); } return all; }",
  'what is got in a loop from a Map': 'async function f(cache, ids) { const all = []; for (const id of ids) all.push(cache.get(id)); return all; }',
  'rows that are fetched and used': "async function f(db) { const users = await db.query('select * from users'); return users.map((one) => one.name); }",
  'rows that are handed on': "async function f(db, send) { const users = await db('users').select(); send(users); return users.filter((one) => one.on); }",
  'a query with a condition': "async function f(db, id) { const users = await db('users').where({ id }); return users.find((one) => one.on); }",
  'a query with a limit': 'async function f(prisma) { const users = await prisma.user.findMany({ take: 10 }); return users.find((one) => one.on); }',
  'awaits of which the later needs the earlier':
    'async function f(api, id) { const user = await api.getUser(id); const orders = await api.getOrders(user.id); return orders; }',
  'awaits that change something': 'async function f(api, id) { const made = await api.create(id); const sent = await api.send(id); return [made, sent]; }',
  'awaits of one reader': 'async function f(reader) { const head = await reader.read(); const body = await reader.read(); return [head, body]; }',
  'recursion over halves': 'function f(list, from, to) { if (to - from < 2) return; const mid = (from + to) >> 1; f(list, from, mid); f(list, mid, to); }',
  'recursion over children': 'function f(node) { return node ? f(node.left) + f(node.right) : 0; }',
  'recursion that keeps its results':
    'function f(n, cache) { if (n < 2) return n; if (cache[n] === undefined) cache[n] = f(n - 1, cache) + f(n - 2, cache); return cache[n]; }',
  'recursion in one way': 'function f(n) { return n < 1 ? 1 : n * f(n - 1); }',
  'events whose listeners look at them': "function f(bus, go) { bus.on('change', (what) => go(what)); }\nfunction g(bus, x) { bus.emit('change', x); }",
  'big numbers outside of a loop': 'function f(a) { return BigInt(a) * 2n; }',
  'rows written in a transaction':
    "function f(db, rows) { const insert = db.prepare('insert'); db.transaction(() => { for (const row of rows) insert.run(row); })(); }",
  'loops over two collections': 'function f(xs, ys) { let n = 0; for (const x of xs) for (const y of ys) n += x * y; return n; }',
  'a loop over a part with the same name': 'function f(nodes) { nodes.forEach(({ nodes }) => nodes.forEach((n) => n.go())); }',
  'a text that grows and is not read': "function f(xs) { let out = ''; for (const x of xs) out += x[0]; return out; }",
  'buffers that are joined once': 'function f(parts) { return Buffer.concat([parts[0], parts[1]]); }',
  'an object with two parts by condition': 'function f(x) { return { id: x.id, ...(x.a && { a: x.a }), ...(x.b ? { b: x.b } : {}) }; }',
  'an object of parts that are always there': 'function f(x, y, z) { return { ...x, ...y, ...z, ...(x.on ? { a: 1 } : { a: 2 }) }; }',
  'a tick for another function': 'function f(jobs, done) { if (jobs.length === 0) process.nextTick(done); else process.nextTick(() => done(jobs)); }',
  'a function that goes on in another turn': 'function f(jobs) { jobs.pop(); setImmediate(f); setTimeout(() => f(jobs), 9); }',
  'an answer of a part': 'function f(request, res, all) { res.json(all.slice(0, 50)); }',
  'the split parts are used': "function f(line) { const [key, value] = line.split('='); return [key, value]; }",
};

test.each(Object.entries(innocent))('silent: %s', async (_, text) => {
  const { matches, missing } = await scanText(text);
  expect(missing).toBe(0);
  expect(matches.map(({ rule, texts }) => `${rule}: ${texts.MATCH}`)).toEqual([]);
});

test('an imported list that is searched by key is found where it is searched', async () => {
  const { matches } = await scanText("import { users } from './data.mjs';\nexport function userOf(id) {\n  return users.find((user) => user.id === id);\n}");
  expect(matches.map(({ rule, line }) => [rule, line])).toEqual([['find-by-key', 2]]);
});

test.each([
  ['another pattern in each turn', 'function f(words, text) { for (const w of words) { if (new RegExp(w).test(text)) return w; } }'],
  ['a pattern that remembers its place', "function f(texts, word) { for (const t of texts) { const p = new RegExp(word, 'g'); p.test(t); } }"],
])('a pattern that cannot be built once in front of its loop is only one that is built often: %s', async (_, text) => {
  const { matches } = await scanText(text);
  expect(matches.map(({ rule, fix }) => [rule, fix])).toEqual([['regex-built-often', undefined]]);
});

/** What a rewriting makes of a text, and how sure it is; undefined where there is none. */
async function fixed(text: string, language: 'javascript' | 'typescript' = 'javascript'): Promise<string | undefined> {
  const { matches } = await scanText(text, language);
  const fix = matches[0]?.fix;
  return fix && `${fix.safety}: ${withEdits(text, fix.edits)}`;
}

test('comments and the form of a chain are kept', async () => {
  expect(
    await fixed(`function f(users) {
  return users // all of them
    .filter((user) => user.isAdmin) // of each
    [0];
}`),
  ).toBeUndefined();
  expect(
    await fixed(`function f(users) {
  return users // all of them
    .filter(
      (user) => user.isAdmin, // of each
    )[0]; // one of them
}`),
  ).toBe(`suggest: function f(users) {
  return users // all of them
    .find(
      (user) => user.isAdmin, // of each
    ); // one of them
}`);
  expect(
    await fixed(`function f(words, list) {
  const known = list.map(String);
  let n = 0;
  // Each word once.
  for (const word of words) {
    if (known.indexOf(word) < 0) n++; // unknown
  }
  return n;
}`),
  ).toBe(`suggest: function f(words, list) {
  const known = list.map(String);
  let n = 0;
  const knownSet = new Set(known);
  // Each word once.
  for (const word of words) {
    if (!knownSet.has(word)) n++; // unknown
  }
  return n;
}`);
});

test('names that are taken are not taken again, and what is hoisted stands after imports', async () => {
  expect(
    await fixed(`import fs from 'node:fs';
/** Whether it is one. */
export function isVersion(text, pattern) {
  return pattern && new RegExp('^v[0-9]').test(text);
}`),
  ).toBe(`auto: import fs from 'node:fs';
const pattern2 = new RegExp('^v[0-9]');
/** Whether it is one. */
export function isVersion(text, pattern) {
  return pattern && pattern2.test(text);
}`);
});

test('a fix is for certain only where the meaning is', async () => {
  const first = (array: string, test = '(x) => x.id === 1'): string => `function f(text, given) { const xs = ${array}; return xs.filter(${test})[0]; }`;
  expect(await fixed(first("text.split(',')"))).toMatch(/^auto/);
  expect(await fixed(first('given'))).toMatch(/^suggest/); // there may be holes
  expect(await fixed(first("text.split(',')", '(x) => seen(x)'))).toMatch(/^suggest/); // a call may count
  expect(await fixed(first("text.split(',')"), 'typescript')).toMatch(/^suggest/);
  expect(await fixed("function f(text) { return text.split(',').filter((x) => x.on)[0](); }")).toBeUndefined();
  const match = (declared: string): string => `function f(given) { ${declared} if (text.match(/a/)) return 1; return 2; }`;
  expect(await fixed(match('const text = String(given);'))).toMatch(/^auto/);
  expect(await fixed(match('const { text } = given;'))).toMatch(/^suggest/);
  expect(await fixed("function f(t) { return new RegExp('(').test(t); }")).toMatch(/^suggest/);
});

test('windows line ends stay', async () => {
  const text =
    'function f(words, list) {\r\n  const known = list.map(String);\r\n  for (const word of words) {\r\n    if (known.includes(word)) return 1;\r\n  }\r\n}\r\n';
  expect(await fixed(text)).toBe(
    'suggest: function f(words, list) {\r\n  const known = list.map(String);\r\n  const knownSet = new Set(known);\r\n  for (const word of words) {\r\n    if (knownSet.has(word)) return 1;\r\n  }\r\n}\r\n',
  );
});
