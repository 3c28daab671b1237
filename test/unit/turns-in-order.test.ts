import { expect, test } from 'vitest';
import { areTurnsInOrder } from '../../src/source/parse/turns-in-order';

/** The verdict on the call that a text marks with `@`. */
function judged(text: string): boolean {
  const lines = text.slice(0, text.indexOf('@')).split('\n');
  return areTurnsInOrder(text.replace('@', ''), 'a.mjs', lines.length, (lines.at(-1) as string).length + 1);
}

test.each([
  ['a cursor', 'let cursor = 0; while (n < 60) { const { items, next } = await @page(cursor); n += items.length; cursor = next; }'],
  ['a cursor of an object', 'for (let i = 0; i < 9; i++) { const one = await @page(state.next); state.next = one.next; }'],
  ['a cursor by way of another name', 'let at; do { const got = await @page(at); const [last] = got.rows.slice(-1); at = last.id; } while (n++ < 9);'],
  ['a chain', 'for (let node = head; node; ) { node = await @load(node.next); }'],
  ['pages up to the last, which says so', 'let page; do { page = await @load(n++); } while (page.hasNext);'],
  ['pages up to one that is empty', 'for (let n = 0; ; n++) { const rows = await @load(n); if (rows.length === 0) break; all.push(...rows); }'],
  ['what is tried until it works', 'async function f(urls) { for (const url of urls) { const got = await @load(url); if (got.ok) return got; } }'],
])('in order: %s', (_, text) => {
  expect(judged(text)).toBe(true);
});

test.each([
  ['a list', 'for (const id of ids) { all.push(await @load(id)); }'],
  ['numbers', 'for (let i = 0; i < 9; i++) { const rows = await @load(i); all.push(...rows); }'],
  ['a sum', 'let sum = 0; for (const id of ids) { sum += (await @load(id)).size; }'],
  ['the last of all', 'let last; for (const id of ids) { last = await @load(id); }'],
  ['a queue that answers fill', 'while (queue.length) { const url = queue.shift(); queue.push(...(await @links(url))); }'],
  ['an object whose method is called', 'for (const id of ids) { this.last = await @this.load(id); }'],
  ['two steps of one turn', 'for (const id of ids) { const user = await load(id); const orders = await @load(user.orders); all.push(orders); }'],
  ['no loop', 'let page = await first(); page = await @load(page.next);'],
  ['a function that runs later', 'while (page) { page = page.next; later(async () => { await @load(page); }); }'],
  ['a text that does not parse', 'while ( { await @load(page'],
])('not in order: %s', (_, text) => {
  expect(judged(text)).toBe(false);
});
