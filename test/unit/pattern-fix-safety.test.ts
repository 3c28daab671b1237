import { expect, test } from 'vitest';
import { withEdits } from '../../src/core/findings/patterns/fixes/fixer';
import type { PatternRule } from '../../src/core/findings/patterns/pattern-rule';
import { builtInRules } from '../../src/core/findings/patterns/rules/built-in';
import { scanText } from '../support/patterns';

/** What a rule's rewriting makes of a text, and how sure it is; 'none' where it has none, 'silent' where the rule is. */
async function fixed(rule: string, text: string, language: 'javascript' | 'typescript' = 'javascript'): Promise<string> {
  const match = (await scanText(text, language)).matches.find((one) => one.rule === rule);
  if (!match) return 'silent';
  return match.fix ? `${match.fix.safety}: ${withEdits(text, match.fix.edits)}` : 'none';
}

test('code that is moved stays as it is written, whatever words are in it', async () => {
  expect(await fixed('constant-regex', "function f(s) { return new RegExp('^NAME_[a-z]').test(s); }")).toBe(
    "auto: const pattern = new RegExp('^NAME_[a-z]');\nfunction f(s) { return pattern.test(s); }",
  );
  expect(await fixed('constant-regex', "function f(s) { return new RegExp('a$PART|$NAME').test(s); }")).toBe(
    "auto: const pattern = new RegExp('a$PART|$NAME');\nfunction f(s) { return pattern.test(s); }",
  );
});

const finding = (callback: string): string =>
  `function f(orders, users) { const list = users.filter(Boolean); let n = 0; for (const o of orders) { if (list.find(${callback})) n++; } return n; }`;

test('a callback of find that does more than compare a key keeps its form', async () => {
  expect(await fixed('find-in-loop', finding('(u) => u.id === o.id'))).toContain('listById.get(o.id)');
  expect(await fixed('find-in-loop', finding('(u) => { return u.id === o.id; }'))).toContain('listById.get(o.id)');
  for (const callback of [
    '(u) => { if (!u.active) return false; return u.id === o.id; }',
    '(u) => { seen(u); return u.id === o.id; }',
    '(u) => u?.id === o.id',
    'function (u) { return u.id === this.id; }',
    'async (u) => u.id === o.id',
  ]) {
    expect(await fixed('find-in-loop', finding(callback)), callback).not.toMatch(/Map/);
  }
});

test('an element that is a place is not taken from find', async () => {
  const first = (use: (element: string) => string): string => `function f(text) { const xs = text.split(','); ${use('xs.filter((x) => x.a)[0]')}; }`;
  expect(
    await fixed(
      'filter-first',
      first((one) => `return ${one}`),
    ),
  ).toMatch(/^auto: .*find/);
  for (const use of [
    (one: string) => `${one}++`,
    (one: string) => `--${one}`,
    (one: string) => `${one} = 1`,
    (one: string) => `(${one}) = 1`,
    (one: string) => `${one} += 1`,
    (one: string) => `delete ${one}`,
    (one: string) => `delete (${one})`,
    (one: string) => `[${one}] = text`,
    (one: string) => `({ a: ${one} } = text)`,
    (one: string) => `[${one} = 2] = text`,
    (one: string) => `for (${one} of text);`,
    (one: string) => `(${one})()`,
  ]) {
    expect(await fixed('filter-first', first(use)), use('…')).not.toMatch(/find/);
  }
});

test('await and test are certain only where the value is', async () => {
  const awaited = (head: string): string => `async function f(given, go) { ${head} for (const x of given) go(await xs.map(go), x); }`;
  for (const head of [
    "const text = given.n + ','; const xs = text.split(',');",
    'const xs = [given, 1];',
    'const xs = Object.keys(given);',
    'const xs = Array.from(given).filter(Boolean);',
  ])
    expect(await fixed('await-of-value', awaited(head)), head).toMatch(/^suggest/);
  for (const head of [
    'const { xs } = given;',
    'const xs = given.filter(Boolean);',
    'let xs = []; xs = given;',
    'const xs = given ?? [];',
    'given.push(1); const xs = given;',
  ])
    expect(await fixed('await-of-value', awaited(head)), head).toBe('silent');
  const typed = awaited('').replace('given, go', 'xs: readonly User[], given: User[], go: Go');
  expect(await fixed('await-of-value', typed, 'typescript')).toMatch(/^suggest/);
  expect(await fixed('boolean-match', 'function f(text?: string) { if (text.match(/a/)) return 1; }', 'typescript')).toMatch(/^suggest/);
  const match = (head: string): string => `function f(given, text2 = '') { ${head} if (text.match(/a/)) return 1; return 2; }`;
  for (const head of ["const text = 'a' + given;", "let text = 'a' + given;", 'const text = String(given);'])
    expect(await fixed('boolean-match', match(head)), head).toMatch(/^auto/);
  for (const head of [
    "let text = ''; text = given;",
    "let text = ''; ({ text } = given);",
    "let text = ''; for (text of given);",
    "const text = given || '';",
    'const text = text2;',
    "let text = ''; text ??= given;",
  ])
    expect(await fixed('boolean-match', match(head)), head).toMatch(/^suggest/);
});

test('what may throw is not moved out of its try, nor out of its condition', async () => {
  const loop = (body: string): string => `function f(rows, text, word) { let n = 0; for (const row of rows) { ${body} } return n; }`;
  expect(await fixed('json-in-loop', loop('if (JSON.parse(text) === row) n++;'))).toMatch(/^suggest: .*const json = JSON.parse\(text\);/s);
  expect(await fixed('regex-in-loop', loop('if (new RegExp(word).test(row)) n++;'))).toMatch(/^suggest: .*const pattern = new RegExp\(word\);/s);
  expect(await fixed('json-in-loop', `function f(rows, text) { try { for (const row of rows) row.a = JSON.parse(text); } catch { return 1; } }`)).toMatch(
    /^suggest/,
  );
  for (const call of ['JSON.parse(text)', 'new RegExp(word)']) {
    const rule = call.startsWith('JSON') ? 'json-in-loop' : 'regex-in-loop';
    for (const body of [
      `try { row.a = ${call}; } catch { n++; }`,
      `if (row.b) row.a = ${call};`,
      `row.a = row.b ? ${call} : 1;`,
      `row.a = row.b && ${call};`,
      `row.a = row.b ?? ${call};`,
      `if (!row.b) continue; row.a = ${call};`,
      `switch (row.b) { case 1: row.a = ${call}; }`,
      `row?.set(${call});`,
    ])
      expect(await fixed(rule, loop(body)), body).toBe('none');
  }
});

test('many matches in one text cost one reading of it and not one each', async () => {
  const one = (i: number): string => `function f${i}(given) {\n  ${'step();\n  '.repeat(60)}return given.filter((x) => x.t${i})[0];\n}\n`;
  const text = Array.from({ length: 150 }, (_, i) => one(i)).join('');
  const time = async (rules: readonly PatternRule[]): Promise<number> => {
    const begun = performance.now();
    expect((await scanText(text, 'javascript', rules)).matches).toHaveLength(150);
    return performance.now() - begun;
  };
  const rule = builtInRules.filter(({ id }) => id === 'filter-first');
  const noFix = rule.map((own): PatternRule => ({ ...own, safety: 'manual' }));
  await time(noFix);
  const plain = Math.min(await time(noFix), await time(noFix));
  const withFixes = Math.min(await time(rule), await time(rule));
  expect(withFixes).toBeLessThan(plain * 8);
});

test('an array that the loop may fill behind its name is not copied to a Set or a Map', async () => {
  const lookup = (before: string, after: string, array = 'items'): string =>
    `class A { f(rows, fill) { ${before} for (const r of rows) { if (!${array}.includes(r)) { ${after} } } return 1; } add(r) { this.items.push(r); } items = []; }`;
  const known = 'const items = rows.map(String);';
  expect(await fixed('includes-in-loop', lookup(known, 'fill(r)'))).toMatch(/^suggest: .*itemsSet/s);
  expect(await fixed('includes-in-loop', lookup('', 'fill(r)', 'this.items'))).toMatch(/^suggest: .*itemsSet/s);
  for (const [before, after, array] of [
    [`${known} const add = (r) => items.push(r);`, 'add(r)'],
    [`${known} function add(r) { items.push(r); }`, 'add(r)'],
    [known, 'fill(items, r)'],
    [known, 'fill({ items })'],
    [`${known} const other = items;`, 'other.push(r)'],
    ['', 'this.add(r)', 'this.items'],
    ['', 'fill(this, r)', 'this.items'],
    ['', 'const own = this; own.add(r)', 'this.items'],
  ] as const)
    expect(await fixed('includes-in-loop', lookup(before, after, array)), after).toBe('none');
  expect(
    await fixed('includes-in-loop', 'const seen = [];\nfunction walk(n) { for (const c of n.children) { if (!seen.includes(c)) walk(c); } seen.push(n); }'),
  ).toBe('none');
  expect(
    await fixed(
      'find-in-loop',
      `function f(rows) { const items = rows.map(String); const add = (r) => items.push(r); for (const r of rows) { if (!items.find((i) => i.id === r.id)) add(r); } }`,
    ),
  ).not.toMatch(/Map/);
});

test('an accumulator that is looked at elsewhere, or has gaps, is copied as before', async () => {
  const reduce = (callback: string, initial = '[]'): string => `function f(xs) { return xs.reduce(${callback}, ${initial}); }`;
  expect(await fixed('reduce-spread', reduce('(a, x) => [...a, x, 3,]'))).toContain('a.push(x); a.push(3); return a;');
  expect(await fixed('reduce-spread', reduce('(a, x) => { const r = x.r; return [...a, r]; }'))).toContain('a.push(r); return a;');
  expect(await fixed('reduce-spread', reduce('(a, x) => ({ ...a, [x]: (a[x] ?? 0) + 1 })', '{}'))).toContain('a[x] = (a[x] ?? 0) + 1;');
  for (const callback of [
    '(a, x) => { keep(a); return [...a, x]; }',
    '(a, x) => { if (a.length > 3) return a; return [...a, x]; }',
    '(a, x) => { if (x.b) return x.list; return [...a, x]; }',
    '(a, x) => [...a, x, , 3]',
    '(a, x) => [...a, , x]',
    '(a, x) => [...a, x, ,]',
    '(a, x) => [...a, a]',
    '(a, x) => [...a, () => a.length]',
  ])
    expect(await fixed('reduce-spread', reduce(callback)), callback).toBe('none');
});

test('an array whose earlier versions may be kept is copied as before', async () => {
  const grow = (head: string, body: string, end = 'return xs;'): string => `function f(rows, given) { ${head} for (const r of rows) { ${body} } ${end} }`;
  expect(await fixed('spread-in-loop', grow('let xs = [];', 'xs = [...xs, r];'))).toContain('xs.push(r);');
  for (const [head, body, end] of [
    ['let xs = []; const all = [];', 'xs = [...xs, r]; all.push(xs);'],
    ['let xs = []; const first = xs;', 'xs = [...xs, r];', 'return first;'],
    ['let xs = []; const now = () => xs;', 'xs = [...xs, r];'],
    ['let xs = given;', 'xs = [...xs, r];'],
    ['let xs = []; given.set(xs);', 'xs = [...xs, r];'],
    ['let xs = [];', 'xs = [...xs, xs];'],
    ['let xs = []; given = { xs };', 'xs = [...xs, r];'],
  ] as const)
    expect(await fixed('spread-in-loop', grow(head, body, end)), head + body).toBe('none');
  expect(await fixed('spread-in-loop', 'function f(rows, xs) { for (const r of rows) { xs = [...xs, r]; } return xs; }')).toBe('none');
  expect(await fixed('spread-in-loop', 'class A { f(rows) { for (const r of rows) { this.xs = [...this.xs, r]; } } }')).toBe('none');
});
