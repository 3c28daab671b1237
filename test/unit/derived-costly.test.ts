import { describe, expect, test } from 'vitest';
import { withExplained } from '../../src/service/findings/all-findings';
import type { ReportedFinding } from '../../src/shared/reported-finding';
import { searchChain } from '../support/chain-profile';
import { patternSearch } from '../support/pattern-search';

/** Causes of work that costs by itself, and of work that the way to it repeats. */

const search = patternSearch();

let count = 0;

/** What is found in a program whose functions call each other in this order: see `Chain`. */
async function foundIn(source: string, functions: readonly string[], hot: string, beside: Readonly<Record<string, number>> = {}): Promise<ReportedFinding[]> {
  const { opened, found } = await searchChain(search.folder.path, `a${++count}`, { source, functions, hot, beside }, search.scanner);
  return withExplained([...opened.findings, ...found.explained, ...found.findings]);
}

/** The part of the first title that tells the cause; undefined where none is told. */
async function causeOf(...given: Parameters<typeof foundIn>): Promise<string | undefined> {
  const found = await foundIn(...given);
  return found.map(({ title }) => /: (.+)$/.exec(title)?.[1]).find((one) => one !== undefined);
}

describe('what costs much each time', () => {
  test.each([
    ['an environment variable', 'function f(x) {\n  return process.env.MODE === x;\n}', ['f'], 'return', 'reads process.env at each call'],
    ['by its name', 'function f(x) {\n  return process.env[x];\n}', ['f'], 'return', 'reads process.env at each call'],
    ['taken apart', 'function f() {\n  const { MODE } = process.env;\n  return MODE;\n}', ['f'], 'MODE }', 'reads process.env at each call'],
    ['of an import', "import { env } from 'node:process';\nfunction f() {\n  return env.MODE;\n}", ['f'], 'return', 'reads process.env at each call'],
    [
      'the memory of the process, in a loop',
      'function f(xs) {\n  for (const x of xs) {\n    x.used = process.memoryUsage().heapUsed;\n  }\n}',
      ['f', 'memoryUsage@node:internal/process/per_thread'],
      'memoryUsage()',
      'measures the memory of the process for each of xs',
    ],
    [
      'processors',
      "import os from 'node:os';\nfunction f() {\n  return os.cpus().length;\n}",
      ['f', 'cpus@node:os'],
      'cpus()',
      'asks the system for its processors at each call',
    ],
    [
      'a stack',
      'function f() {\n  return new Error().stack;\n}',
      ['f', 'defaultPrepareStackTrace@node:internal/errors'],
      'stack',
      'makes a stack trace at each call',
    ],
    ['a stack of a variable', "function f() {\n  const e = new TypeError('x');\n  return e.stack;\n}", ['f'], 'e.stack', 'makes a stack trace at each call'],
    ['a captured stack', 'function f(o) {\n  Error.captureStackTrace(o);\n}', ['f'], 'capture', 'makes a stack trace at each call'],
    [
      'a message to a thread',
      'function f(port, job) {\n  port.postMessage(job);\n}',
      ['f', 'postMessage@node:internal/worker'],
      'post',
      'copies job for another thread at each call',
    ],
    [
      'single bytes',
      "import fs from 'node:fs';\nfunction f(fd) {\n  const one = Buffer.alloc(1);\n  let n = 0;\n  while (fs.readSync(fd, one, 0, 1, n) > 0) n++;\n  return n;\n}",
      ['f', 'readSync@node:fs'],
      'readSync',
      'reads a file a byte or a few at a time',
    ],
    [
      'single bytes of a file that is asked about first',
      "import fs from 'node:fs';\nfunction f(fd, path) {\n  if (fs.statSync(path).size === 0) return 0;\n  const one = Buffer.alloc(1);\n  return fs.readSync(fd, one, 0, 1, 0);\n}",
      ['f', 'readSync@node:fs'],
      'return fs.readSync',
      'reads a file a byte or a few at a time',
    ],
    [
      'a formatter for one value',
      "function f(at, timeZone) {\n  return new Date(at).toLocaleString('en-US', { timeZone });\n}",
      ['f'],
      'return',
      'makes a formatter for one value (toLocaleString with options) at each call',
    ],
    [
      'small pieces that are packed one by one',
      "import zlib from 'node:zlib';\nfunction f(rows, out) {\n  for (const row of rows) out.push(zlib.gzipSync(row));\n}",
      ['f', 'zlibBufferSync@node:zlib', 'processChunkSync@node:zlib'],
      'gzipSync',
      'packs row by itself (gzipSync) for each of rows',
    ],
    [
      'a key that is made on the main thread',
      "import { pbkdf2Sync } from 'node:crypto';\nfunction f(text, salt) {\n  return pbkdf2Sync(text, salt, 100000, 32, 'sha256');\n}",
      ['f', 'pbkdf2Sync@node:internal/crypto/pbkdf2'],
      'return',
      'makes a key on the main thread (pbkdf2Sync) at each call',
    ],
    [
      'a small buffer',
      "import { readSync } from 'node:fs';\nfunction f(fd) {\n  const few = new Uint8Array(4);\n  readSync(fd, few);\n  return few;\n}",
      ['f', 'readSync@node:fs'],
      'readSync(',
      'reads a file a byte or a few at a time at each call',
    ],
    [
      'markup that is added to',
      'function f(list, text) {\n  list.innerHTML = list.innerHTML + text;\n}',
      ['f', 'set innerHTML@jsdom/lib/element.js'],
      'innerHTML',
      'writes out and parses all of the element again (innerHTML +=) at each call',
    ],
  ])('%s', async (_, source, chain, hot, cause) => {
    expect(await causeOf(source, chain, hot)).toContain(cause);
  });

  test.each([
    ['an environment variable that is set', 'function f(x) {\n  process.env.MODE = x;\n}', ['f'], 'process'],
    ['an own object of that name', 'function f(env, process) {\n  return process.env.MODE + env.MODE;\n}', ['f'], 'return'],
    ['the stack of an own class', 'class Stack { constructor() { this.stack = []; } }\nfunction f() {\n  return new Stack().stack;\n}', ['f'], 'return'],
    [
      'a block of a file',
      "import fs from 'node:fs';\nfunction f(fd, block) {\n  return fs.readSync(fd, block, 0, 65536, 0);\n}",
      ['f', 'readSync@node:fs'],
      'readSync(',
    ],
    ['markup that is set', 'function f(list, text) {\n  list.innerHTML = text;\n}', ['f', 'set innerHTML@jsdom/lib/element.js'], 'innerHTML'],
    [
      'a work that is elsewhere',
      'function f(xs) {\n  if (process.env.MODE) return 0;\n  let n = 0;\n  for (const x of xs) n += x * x;\n  return n;\n}',
      ['f'],
      'n += x',
    ],
  ])('%s is none of it', async (_, source, chain, hot) => {
    expect((await causeOf(source, chain, hot)) ?? '').not.toMatch(/reads process|stack trace|byte or a few|parses all/);
  });

  test('is told once, with what it costs in the runtime', async () => {
    const found = await foundIn('function f() {\n  return new Error().stack;\n}', ['f'], 'stack', { 'defaultPrepareStackTrace@node:internal/errors': 390 });
    expect(found.filter(({ title }) => title.includes('makes a stack trace'))).toHaveLength(1);
  });
});

describe('calls of packages', () => {
  test.each([
    [
      'texts compared by characters',
      "import { diffChars } from 'diff';\nfunction f(a, b) {\n  return diffChars(a, b);\n}",
      ['f', 'diffChars@diff/lib/character.js', 'execEditLength@diff/lib/base.js'],
      'return',
      'compares whole texts piece by piece (diffChars) at each call',
    ],
    [
      'all pairs',
      "import _ from 'lodash';\nfunction f(a, b) {\n  return _.differenceWith(a, b, _.isEqual);\n}",
      ['f', 'differenceWith@lodash/lodash.js', 'baseDifference@lodash/lodash.js'],
      'return',
      'compares all pairs (differenceWith) at each call',
    ],
    [
      'a collection without index',
      'class Books {\n  constructor(books) { this.books = books; }\n  byCode(code) {\n    return this.books.find({ code });\n  }\n}',
      ['byCode', 'Collection.find@lokijs/src/lokijs.js', 'Resultset.find@lokijs/src/lokijs.js'],
      'return',
      'searches a collection of lokijs (find) at each call',
    ],
    [
      'what is the same each time',
      "import ms from 'ms';\nfunction f(at) {\n  return at + ms('2 days');\n}",
      ['f', 'ms@ms/index.js'],
      'return',
      "makes ms('2 days') at each call",
    ],
  ])('%s', async (_, source, chain, hot, cause) => {
    expect(await causeOf(source, chain, hot)).toContain(cause);
  });

  test.each([
    [
      'a template that is compiled by a name of the import',
      "import { compile } from 'handlebars';\nfunction page(text, data) {\n  return compile(text)(data);\n}",
      ['page', 'compile@handlebars/lib/compiler.js'],
      'return',
      'compiles a template (compile) at each call',
    ],
    [
      'a list that lodash sorts for each of another',
      "import _ from 'lodash';\nfunction ranks(people, ids) {\n  const out = [];\n  for (const id of ids) out.push(_.sortBy(people, 'age').indexOf(id));\n  return out;\n}",
      ['ranks', 'sortBy@lodash/lodash.js', 'baseOrderBy@lodash/lodash.js'],
      'sortBy',
      'sorts all of people for each of ids',
    ],
    [
      'a text that is converted for each of those who read it',
      "import { marked } from 'marked';\nfunction send(text, readers) {\n  for (const reader of readers) reader.push(marked.parse(text));\n}",
      ['send', 'parse@marked/lib/marked.esm.js'],
      'marked.parse',
      'makes marked.parse(text) for each of readers',
    ],
    [
      'keys that are compared with all before them',
      "import { parse } from 'yaml';\nfunction open(text) {\n  return parse(text);\n}",
      ['open', 'parse@yaml/dist/public-api.js', 'mapIncludes@yaml/dist/compose/util-map-includes.js'],
      'return',
      'looks for each key among all before it (parse)',
    ],
    [
      'a document that is searched in a loop',
      'function names(doc, ids) {\n  const out = [];\n  for (const id of ids) out.push(doc.querySelector(id));\n  return out;\n}',
      ['names', 'querySelector@jsdom/lib/Document.js', 'first@nwsapi/src/nwsapi.js'],
      'querySelector',
      'searches the document (querySelector) for each of ids',
    ],
  ])('%s', async (_, source, chain, hot, cause) => {
    expect(await causeOf(source, chain, hot)).toContain(cause);
  });

  test.each([
    [
      'a compiled template that is filled in',
      "import { compile } from 'handlebars';\nfunction pages(text, all) {\n  const page = compile(text);\n  return all.map((one) => page(one));\n}",
      ['pages', 'ret@handlebars/lib/runtime.js'],
      'page(one)',
    ],
    [
      'a template that the package keeps',
      "import ejs from 'ejs';\nfunction page(file, data) {\n  return ejs.renderFile(file, data, { cache: true });\n}",
      ['page', 'renderFile@ejs/lib/ejs.js'],
      'return',
    ],
    [
      'YAML whose keys are no problem',
      "import { parse } from 'yaml';\nfunction open(text) {\n  return parse(text);\n}",
      ['open', 'parse@yaml/dist/public-api.js', 'next@yaml/dist/parse/lexer.js'],
      'return',
    ],
    [
      'another text for each reader',
      "import { marked } from 'marked';\nfunction send(readers) {\n  for (const reader of readers) reader.push(marked.parse(reader.text));\n}",
      ['send', 'parse@marked/lib/marked.esm.js'],
      'marked.parse',
    ],
    [
      'a callback that picks elements',
      "import { load } from 'cheerio';\nfunction open(html) {\n  const $ = load(html);\n  return $.root().children().filter((_, one) => one.name === 'li');\n}",
      ['open', 'filter@cheerio/lib/api/traversing.js'],
      'return',
    ],
  ])('%s is no news', async (_, source, chain, hot) => {
    expect(await causeOf(source, chain, hot)).toBeUndefined();
  });

  test('the development build of a package is named', async () => {
    const source = "import { renderToString } from 'react-dom/server';\nfunction page(tree) {\n  return renderToString(tree);\n}";
    const file = 'react-dom/cjs/react-dom-server.node.';
    expect(await causeOf(source, ['page', `renderElement@${file}development.js`], 'return')).toBe('the development build of react-dom');
    expect(await causeOf(source, ['page', `renderElement@${file}production.js`], 'return')).toBeUndefined();
  });

  test('the same method of another package, or of a list, is not that', async () => {
    const source = 'function f(books, code) {\n  return books.find({ code });\n}';
    expect((await causeOf(source, ['f', 'find@other/index.js'], 'return')) ?? '').not.toContain('lokijs');
    const own = "import { diffChars } from './diff.js';\nfunction f(a, b) {\n  return diffChars(a, b);\n}";
    expect((await causeOf(own, ['f', 'execEditLength@diff/lib/base.js'], 'return')) ?? '').not.toContain('piece by piece');
  });

  test('an index that is made for each question, where making it takes much', async () => {
    const source = "import Fuse from 'fuse.js';\nfunction search(list, text) {\n  const fuse = new Fuse(list, {});\n  return fuse.search(text);\n}";
    const chain = ['search', 'search@fuse.js/dist/fuse.mjs'];
    expect(await causeOf(source, chain, 'new Fuse', { 'Fuse@fuse.js/dist/fuse.mjs': 150 })).toBe('makes new Fuse(list, {}) at each call');
    expect((await causeOf(source, chain, 'new Fuse', { 'Fuse@fuse.js/dist/fuse.mjs': 10 })) ?? '').not.toContain('new Fuse');
    const looped = `${source.replace('function search', 'function one')}\nfunction all(list, texts) { const out = []; for (const text of texts) out.push(one(list, text)); return out; }`;
    expect(await causeOf(looped, ['all', 'one', 'search@fuse.js/dist/fuse.mjs'], 'new Fuse', { 'Fuse@fuse.js/dist/fuse.mjs': 150 })).toBe(
      'makes new Fuse(list, {}) for each of texts',
    );
  });
});

describe('what the way repeats', () => {
  const menu = `function childrenOf(rows, id) {
  return rows.filter((row) => row.parent === id).sort((a, b) => a.at - b.at);
}
function build(rows, id) {
  return childrenOf(rows, id).map((row) => ({ row, children: build(rows, row.id) }));
}`;

  test('a list that a recursion hands on is filtered at each step', async () => {
    expect(await causeOf(menu, ['build', 'childrenOf'], 'rows.filter')).toBe('filters all of rows at each step of a recursion');
    const straight =
      'function walk(all, id) {\n  const found = all.find((one) => one.id === id && one.isOpen);\n  return found ? walk(all, found.next) : id;\n}';
    expect(await causeOf(straight, ['walk'], 'all.find')).toBe('searches all at each step of a recursion');
  });

  test('a recursion that hands on a part of it is not that', async () => {
    const halves =
      'function sum(list) {\n  if (list.length < 2) return list[0] ?? 0;\n  const rest = list.filter((one) => one !== list[0]);\n  return list[0] + sum(rest);\n}';
    expect((await causeOf(halves, ['sum'], 'list.filter')) ?? '').not.toContain('recursion');
  });

  const plain = "function plain(text) {\n  return text.normalize('NFD').toLowerCase();\n}\n";

  test('what follows from the element alone is worked out for all of a list again', async () => {
    const kept = `${plain}class Towns {\n  constructor(towns) { this.towns = towns; }\n  suggest(typed) {\n    const wanted = plain(typed);\n    return this.towns.filter((town) => plain(town.name).includes(wanted));\n  }\n}`;
    expect(await causeOf(kept, ['suggest', 'plain'], 'normalize')).toBe('is computed again for each of this.towns, which stay the same');
    const given = `${plain}function suggest(towns, typed) {\n  return towns.filter((town) => plain(town.name).includes(typed));\n}\nfunction replay(towns, texts) { return texts.map((text) => suggest(towns, text)); }`;
    expect(await causeOf(given, ['replay', 'suggest', 'plain'], 'normalize')).toBe('is computed again for each of towns, which stay the same');
    const nested = `${plain}function match(towns, texts) {\n  const out = [];\n  for (const text of texts) {\n    for (const town of towns) if (plain(town.name).includes(text)) out.push(town);\n  }\n  return out;\n}`;
    expect(await causeOf(nested, ['match', 'plain'], 'normalize')).toBe('is computed again for each of towns, which stay the same');
  });

  test.each([
    [
      'an element that changes',
      `${plain}class Towns {\n  suggest(typed) {\n    for (const town of this.towns) town.name = typed + plain(town.name);\n  }\n}`,
      ['suggest', 'plain'],
    ],
    [
      'something else in it',
      `${plain}class Towns {\n  suggest(typed) {\n    return this.towns.filter((town) => plain(town.name + typed).includes('a'));\n  }\n}`,
      ['suggest', 'plain'],
    ],
    [
      'a list that is new each time',
      `${plain}function names(rows) {\n  const list = rows.map((row) => row.name);\n  return list.map((name) => plain(name));\n}`,
      ['names', 'plain'],
    ],
    [
      'a function that counts',
      'let n = 0;\nfunction plain(text) {\n  n++;\n  return text.normalize();\n}\nclass Towns {\n  suggest() {\n    return this.towns.filter((town) => plain(town.name).includes("a"));\n  }\n}',
      ['suggest', 'plain'],
    ],
    [
      'a list that is read in once',
      `${plain}class Towns {\n  constructor(rows) {\n    this.rows = rows;\n    this.names = this.rows.map((row) => plain(row.name));\n  }\n}`,
      ['Towns', 'plain'],
    ],
  ])('%s is not that', async (_, source, chain) => {
    expect((await causeOf(source, chain, 'normalize')) ?? '').not.toContain('computed again');
  });
});

describe('objects behind a Proxy', () => {
  const traps = `const handler = {
  get(target, key) {
    return Reflect.get(target, key);
  },
};
const wrap = (target) => new Proxy(target, handler);
function total(rows) {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += rows[i].price;
  return sum;
}`;

  test('the function that answers, and the one that asks', async () => {
    expect(await causeOf(traps, ['total', 'get'], 'Reflect.get')).toBe('answers each access to an object through a Proxy');
    const inline = 'function watch(target) {\n  return new Proxy(target, {\n    has: (one, key) => {\n      return key in one;\n    },\n  });\n}';
    expect(await causeOf(inline, ['watch', 'has'], 'key in')).toBe('answers each access to an object through a Proxy');
  });

  test('a get that is no trap', async () => {
    const own = 'const store = {\n  get(key) {\n    return key.length;\n  },\n};\nfunction f() { return store.get("a"); }';
    expect((await causeOf(own, ['f', 'get'], 'key.length')) ?? '').not.toContain('Proxy');
  });
});
