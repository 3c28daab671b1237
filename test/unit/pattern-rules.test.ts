import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { withEdits } from '../../src/core/findings/patterns/fixes/fixer';
import { builtInRules } from '../../src/core/findings/patterns/rules/built-in';
import { javascriptRules } from '../../src/core/findings/patterns/rules/javascript';
import { scanText } from '../support/patterns';
import { root } from '../support/run';

/** What stands in the examples without a declaration. */
const GLOBALS = 'declare function readUser(id: any): Promise<any>;\n';

/** TypeScript's complaints about a text, with strict off, as for JavaScript that got an extension. */
function typeErrors(text: string, strict: boolean): string[] {
  const file = '/pattern-example.ts';
  const options: ts.CompilerOptions = {
    strict,
    noImplicitAny: false,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
    typeRoots: [path.join(root, 'node_modules/@types')],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? ts.createSourceFile(name, text, target) : libraryFile(name, () => read(name, target, ...rest));
  host.fileExists = (name) => name === file || ts.sys.fileExists(name);
  host.getCurrentDirectory = () => root;
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const libraries = new Map<string, ts.SourceFile | undefined>();
function libraryFile(name: string, read: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
  if (!libraries.has(name)) libraries.set(name, read());
  return libraries.get(name);
}

describe.each(javascriptRules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test.each(['javascript', 'typescript', 'tsx'] as const)('is found in its bad example and not in its good one (%s)', async (language) => {
    const bad = await scanText(rule.examples.bad, language);
    expect(bad.missing).toBe(0);
    expect(bad.matches.map((match) => match.rule)).toContain(id);
    const good = await scanText(rule.examples.good, language);
    expect(good.matches.map((match) => match.rule)).not.toContain(id);
  });

  test('says what, why with a cost, and what to do', () => {
    expect(rule.title.length).toBeLessThan(60);
    for (const text of [rule.message, rule.why, rule.fix.advice]) expect(text).toMatch(/[.]$/);
    expect(rule.fix.plan === undefined).toBe(rule.safety === 'manual');
  });
});

describe.each(builtInRules.filter(({ safety }) => safety !== 'manual').map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('its fix takes the pattern away, parses and keeps the types', async () => {
    const text = rule.examples.bad;
    const { matches } = await scanText(text, 'javascript');
    const fix = matches.find((match) => match.rule === id)?.fix;
    if (!fix) throw new Error('no fix');
    const fixed = withEdits(text, fix.edits);
    expect((await scanText(fixed, 'javascript')).matches.map((match) => match.rule)).not.toContain(id);
    expect(typeErrors(GLOBALS + text, false)).toEqual([]);
    expect(typeErrors(GLOBALS + fixed, false)).toEqual([]);
  });
});

test('typed code keeps its types when it is fixed, and what cannot keep them has no fix', async () => {
  const text = `interface User { id: number; name: string; tags: string[]; active: boolean }
interface Order { userId: number }
export function first(users: User[], name: string): User {
  return users.filter((user) => user.name === name)[0];
}
export function has(users: readonly User[]): boolean {
  return users.filter((user) => user.active).length === 0;
}
export function join(orders: Order[], users: User[]): string[] {
  const names: string[] = [];
  for (const order of orders) {
    const user = users.find((one) => one.id === order.userId);
    if (user) names.push(user.name);
  }
  return names;
}
export function known(words: string[], list: string[]): number {
  let count = 0;
  for (const word of words) if (list.indexOf(word) !== -1) count++;
  return count;
}
export function byId(users: User[]): Record<string, User> {
  return users.reduce((all, user) => ({ ...all, [user.id]: user }), {} as Record<string, User>);
}
export function untyped(users: User[]) {
  return users.reduce((all, user) => ({ ...all, [user.name]: user.id }), {});
}
export function grow(users: User[]): string[] {
  let names: string[] = [];
  for (const user of users) {
    names = [...names, user.name];
  }
  return names;
}
export function frozen(users: User[]): readonly string[] {
  let all: readonly string[] = [];
  for (const user of users) {
    all = [...all, user.name];
  }
  return all;
}
export function walk(start: User): number {
  const queue: User[] = [start];
  let sum = 0;
  while (queue.length > 0) {
    const user = queue.shift()!;
    sum += user.id;
  }
  return sum;
}
export function sorted(users: User[]): User[] {
  return [...users].sort((a, b) => a.name.localeCompare(b.name, 'de', { numeric: true }));
}
`;
  expect(typeErrors(text, true)).toEqual([]);
  const { matches } = await scanText(text, 'typescript');
  const fixes = matches.map(({ rule, fix }) => `${rule} ${fix?.safety ?? 'none'}`).sort();
  expect(fixes).toEqual([
    'filter-first suggest',
    'filter-length suggest',
    'find-in-loop suggest',
    'includes-in-loop suggest',
    'locale-compare-sort suggest',
    'reduce-spread none',
    'reduce-spread suggest',
    'shift-in-loop suggest',
    'spread-in-loop none',
    'spread-in-loop suggest',
  ]);
  const fixed = withEdits(
    text,
    matches.flatMap(({ fix }) => fix?.edits ?? []),
  );
  expect(typeErrors(fixed, true)).toEqual([]);
  expect((await scanText(fixed, 'typescript')).matches.map(({ rule, fix }) => `${rule} ${fix?.safety ?? 'none'}`).sort()).toEqual([
    'reduce-spread none',
    'spread-in-loop none',
  ]);
});

test('the pages of the rules are there', () => {
  const pages = readdirSync(path.join(root, 'docs/rules'));
  expect(pages.sort()).toEqual(['README.md', ...builtInRules.map(({ id }) => `${id}.md`)].sort());
  for (const { id, title } of builtInRules) expect(readFileSync(path.join(root, 'docs/rules', `${id}.md`), 'utf8')).toContain(`# ${title}\n`);
});

describe('a call at the end of a chain', () => {
  const chain = (comment: string): string =>
    `function count(text) {\n  return text\n    .trim()\n    .split(' ')\n    ${comment}.reduce((all, word) => ({ ...all, [word]: 1 }), {});\n}\n`;
  test('is shown at the name of its method', async () => {
    const { matches } = await scanText(chain(''));
    expect(matches.find(({ rule }) => rule === 'reduce-spread')).toMatchObject({ line: 1, endLine: 4, shownAt: { line: 4, column: 5 } });
  });
  test('on one line it is shown where it begins', async () => {
    const { matches } = await scanText('function count(words) {\n  return words.reduce((all, word) => ({ ...all, [word]: 1 }), {});\n}\n');
    expect(matches.find(({ rule }) => rule === 'reduce-spread')?.shownAt).toBeUndefined();
  });
  test('is silenced by a comment before that line', async () => {
    const { matches, unused } = await scanText(chain('// plateau-ignore-next-line reduce-spread -- short\n    '));
    expect(matches.find(({ rule }) => rule === 'reduce-spread')?.isSuppressed).toBe(true);
    expect(unused).toEqual([]);
  });
});
