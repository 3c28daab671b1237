import { describe, expect, test } from 'vitest';
import { findInProfile } from '../../src/core/findings/find';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { calledAs, isComparator, lineOfPackageCall, localNames, madeNames } from '../../src/source/parse/call-words';
import { profileFromText } from '../support/raw-profile';

const found = (text: string) => findInProfile(profileFromText(text).tables, defaultThresholds);
const rules = (text: string) => found(text).map(({ rule }) => rule);
/** A package's functions below a call, none of which stands out. */
const spread = (stack: string, each: number) =>
  Array.from(
    { length: 10 },
    (_, i) => `${stack} > hooks@file:///app/node_modules/moment/moment.js:1 > part${i}@file:///app/node_modules/moment/moment.js:${i + 2} x${each}`,
  ).join('\n');

describe('own code that calls what is costly', () => {
  test('is named with what it calls, where no function of that stands out', () => {
    const [first, ...more] = found(`${spread('main > byDate', 40)}\nmain x50`).filter(({ rule }) => rule !== 'spread');
    expect(first).toMatchObject({ rule: 'costly-call', level: 'error', cost: 400_000, samples: 400, title: 'byDate calls hooks of moment' });
    expect(first?.summary).toMatch(/^Your byDate leads to 88\.9 % of active time .*nearly all of it in hooks of moment\./);
    expect(more).toEqual([]);
  });

  test('says it for the plateaus of the package, and gives way to one that is most of it', () => {
    const inner = `main > byDate > hooks@file:///app/node_modules/moment/moment.js:1 > big@file:///app/node_modules/moment/moment.js:50`;
    expect(rules(`${spread('main > byDate', 20)}\n${inner} x150\nmain x50`)).toEqual(['costly-call']);
    expect(rules(`${spread('main > byDate', 10)}\n${inner} x300\nmain x50`)).toContain('plateau');
    expect(rules(`${spread('main > byDate', 10)}\n${inner} x300\nmain x50`)).not.toContain('costly-call');
  });

  test('is a note where the program mostly waits', () => {
    expect(found(`${spread('main > byDate', 40)}\nmain x50\n(idle) x4000`).find(({ rule }) => rule === 'costly-call')?.level).toBe('info');
  });

  test('is silent where its calls go to several packages, and below 100 ms', () => {
    const other = spread('main > build', 20).replaceAll('moment', 'luxon');
    expect(rules(`${spread('main > build', 20)}\n${other}`)).not.toContain('costly-call');
    expect(rules(`${spread('main > byDate', 9)}`)).not.toContain('costly-call');
  });
});

describe('work of the runtime', () => {
  test('what the console does is console output, no file access', () => {
    const log = 'main > item > consoleCall@- > log@node:internal/console/constructor:377';
    const text = `${log} > writeSync@node:fs:900 > writeBuffer@- x80\n${log} > inspect@node:internal/util/inspect:300 x60\nmain x20`;
    expect(rules(text)).toContain('console');
    expect(rules(text)).not.toContain('sync-fs');
  });

  test('a program of one script loads no modules, nor is what Node.js compiles for itself loading', () => {
    const load = 'load@node:internal/modules/esm/loader:1 x200\nmain x300';
    expect(rules(load)).not.toContain('module-loading');
    expect(rules(`${load}\nmain > used@file:///app/other.js:1 x5`)).toContain('module-loading');
    const lazy =
      'main > compileForInternalLoader@node:internal/bootstrap/realm:380 > (anonymous)@node:internal/modules/esm/worker:1 x200\nmain > used@file:///app/other.js:1 x300';
    expect(rules(lazy)).not.toContain('module-loading');
  });
});

describe('cryptography', () => {
  test('in the main thread is told, and in the threads of the pool it is not', () => {
    const run = (name: string) => `main > login > ${name}@node:internal/crypto/pbkdf2:60 > run@- x200\nmain x200`;
    expect(rules(run('pbkdf2Sync'))).toContain('crypto');
    expect(rules(run('pbkdf2'))).not.toContain('crypto');
    const later = 'job.ondone@node:internal/crypto/pbkdf2:58 > check@node:internal/crypto/util:90 x200\nmain x200';
    expect(rules(later)).not.toContain('crypto');
    expect(rules('main > digest > update@node:internal/crypto/hash:120 x200\nmain x200')).toContain('crypto');
  });
});

describe('the line of a call into a package', () => {
  const text = `import moment, { utc } from 'moment';
const _ = require('lodash/fp');
function byDate(a, b) {
  const first = moment(a.date);
  const second = moment(b.date);
  return first - second;
}
rows.sort(byDate);
`;
  test('is found by what the text calls the package', () => {
    expect(localNames(text, 'moment')).toEqual(['moment']);
    expect(localNames(text, 'lodash')).toEqual(['_']);
    const place = { line: 3, column: 16 };
    expect(lineOfPackageCall(text, 'a.js', place, { callee: 'hooks', pkg: 'moment', costOf: () => 0 })).toBe(4);
    expect(lineOfPackageCall(text, 'a.js', place, { callee: 'hooks', pkg: 'luxon', costOf: () => 0 })).toBeUndefined();
  });
  test('a callee has the name by which the text calls it, where that is another than V8 gives it', () => {
    const place = { line: 3, column: 16 };
    expect(calledAs(text, 'a.js', place, { callee: 'hooks', pkg: 'moment' })).toBe('moment');
    expect(calledAs(text, 'a.js', place, { callee: 'moment', pkg: 'moment' })).toBeUndefined();
    expect(calledAs(text, 'a.js', place, { callee: 'hooks', pkg: 'luxon' })).toBeUndefined();
    const named = "import { parse as read, format } from 'date-fns';\nfunction f(x) {\n  return read(x);\n}\nfunction g(x) {\n  return format(read(x));\n}\n";
    expect(calledAs(named, 'a.js', { line: 2, column: 11 }, { callee: 'parseDate', pkg: 'date-fns' })).toBe('read');
    expect(calledAs(named, 'a.js', { line: 5, column: 11 }, { callee: 'parseDate', pkg: 'date-fns' })).toBe('date-fns');
    const required = "const { parse } = require('date-fns');\nfunction f(x) {\n  return parse(x);\n}\n";
    expect(calledAs(required, 'a.js', { line: 2, column: 11 }, { callee: 'read', pkg: 'date-fns' })).toBe('parse');
  });
  test('is found by what the text made with the package', () => {
    const made = `import { load as read } from 'cheerio';
const { Ajv } = require('ajv');
const ajv = new Ajv();
function rows(html) {
  const $ = read(html);
  return $('tr').length;
}
`;
    expect(madeNames(made, 'cheerio')).toEqual(['$']);
    expect(madeNames(made, 'ajv')).toEqual(['ajv']);
    expect(lineOfPackageCall(made, 'a.js', { line: 4, column: 14 }, { callee: 'initialize', pkg: 'cheerio', costOf: () => 0 })).toBe(6);
  });
  test('a comparator is known by its name in a sort, or by standing in one', () => {
    expect(isComparator(text, 'byDate', 3)).toBe(true);
    expect(isComparator('const sorted = rows.toSorted((a, b) => f(a) - f(b));', '', 1)).toBe(true);
    expect(isComparator(text, 'other', 3)).toBe(false);
  });
});

describe('garbage collection', () => {
  const busy = 'main > build x400\n(garbage collector) x300';
  test('that takes much of the time is a warning, and a note where the program waited for most of it', () => {
    const level = (text: string) => found(text).find(({ rule }) => rule === 'gc')?.level;
    expect(level(busy)).toBe('warning');
    expect(level(`${busy}\n(idle) x1000`)).toBe('warning');
    expect(level(`${busy}\n(idle) x2500`)).toBe('info');
  });
});
