import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import schema from '../../schema/rules.schema.json';
import { checkRule, conditionFields, requiredFields, ruleFields } from '../../src/core/findings/patterns/check-rule';
import { patternLanguages } from '../../src/core/findings/patterns/pattern-rule';
import { builtInRules } from '../../src/core/findings/patterns/rules/built-in';
import { describeRuleIssue } from '../../src/service/patterns/describe-rule-issue';
import { isRulesFile, loadOwnRules, type OwnRules, rulesFolder } from '../../src/service/patterns/own-rules';
import { parseRules } from '../../src/service/patterns/parse-rules';
import { type PatternScanner, patternScanner } from '../../src/service/patterns/pattern-scanner';
import { testRule } from '../../src/service/patterns/test-rules';
import { dist } from '../support/patterns';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';

/** The example of the documentation. */
const example = /```yaml\n([\s\S]*?)```/.exec(fs.readFileSync(path.join(root, 'docs/own-rules.md'), 'utf8'))?.[1] as string;
const small = (id: string, more = ''): string =>
  `id: ${id}\nlanguages: [javascript]\nmessage: It is slow.\ngate: { minSelfPct: 1 }\nast: { pattern: slow($X) }\n${more}`;

let scanner: PatternScanner;
let folder: Folder;
beforeAll(() => {
  scanner = patternScanner(dist);
});
afterAll(() => scanner.dispose());
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

async function load(): Promise<OwnRules> {
  const own = await loadOwnRules(rulesFolder(folder.path), scanner);
  if (!own) throw new Error('the folder cannot be read');
  return own;
}
/** `file:line:column-endLine:endColumn kind` */
const told = ({ mistakes }: Pick<OwnRules, 'mistakes'>): string[] =>
  mistakes.map(({ file, line, column, endLine, endColumn, issue }) => `${path.basename(file)}:${line}:${column}-${endLine}:${endColumn} ${issue.kind}`);
const ids = ({ rules }: OwnRules): string[] => rules.map(({ rule }) => rule.id);

describe('the format', () => {
  test('the schema has the fields, values and conditions that are read', () => {
    expect(Object.keys(schema.properties)).toEqual(Object.keys(ruleFields));
    expect(schema.required).toEqual([...requiredFields]);
    expect(schema.properties.languages.items.enum).toEqual([...patternLanguages]);
    const listed = schema.properties.where.items.oneOf.flatMap((one) => one.properties.is.enum.map((name) => [name, one.required.slice(1)] as const));
    expect(Object.fromEntries(listed)).toEqual(
      Object.fromEntries(Object.entries(conditionFields).map(([name, { fields }]) => [name, fields.filter((field) => field !== 'not')])),
    );
    expect(path.join(root, 'schema/rules.schema.json')).toSatisfy(fs.existsSync);
  });

  test('the schema takes what is read, and refuses what is not', () => {
    const takes = new Ajv({ allErrors: true, formats: { regex: true } }).compile(schema);
    expect([takes(parse(example)), takes.errors]).toEqual([true, null]);
    for (const { autoWhen: _, ...rule } of builtInRules) expect(takes({ ...rule, fix: { advice: rule.fix.advice } }), rule.id).toBe(true);
    for (const wrong of [
      { patern: 1 },
      { gate: {} },
      { gate: { minSelfPct: 101 } },
      { languages: ['cobol'] },
      { id: 'Own' },
      { where: [{ is: 'text', capture: 'A' }] },
      { message: '' },
    ])
      expect(takes({ ...parse(small('own')), ...wrong }), JSON.stringify(wrong)).toBe(false);
  });

  test("Plateau's own rules are in it, and every pattern of theirs is code", async () => {
    for (const { autoWhen: _, ...rule } of builtInRules) {
      const plan = rule.fix.plan?.kind === 'template' || !rule.fix.plan ? rule.fix : { advice: rule.fix.advice };
      expect(checkRule({ ...rule, fix: plan }).problems, rule.id).toEqual([]);
    }
    expect((await scanner.check(builtInRules)).map((problems, i) => [builtInRules[i]?.id, problems])).toEqual(builtInRules.map(({ id }) => [id, []]));
  });

  test('the example of the documentation is found, and its better form is not', async () => {
    folder.file('.plateau/rules/price.yml', example);
    const own = await load();
    expect([told(own), ids(own)]).toEqual([[], ['no-price-in-loop']]);
    const [one] = own.rules;
    expect(one?.line).toBe(2);
    expect(one && (await testRule(one.rule, scanner))).toEqual([
      { kind: 'bad', index: 0, isFine: true, warning: undefined },
      { kind: 'good', index: 0, isFine: true, warning: undefined },
    ]);
  });

  test('only files of rules are taken for such', () => {
    expect(['/a/.plateau/rules/x.yml', 'C:\\a\\.plateau\\rules\\x.YAML'].map(isRulesFile)).toEqual([true, true]);
    expect(['/a/.plateau/rules/b/x.yml', '/a/rules/x.yml', '/a/.plateau/rules/x.json', ''].map(isRulesFile)).toEqual([false, false, false, false]);
  });
});

describe('mistakes', () => {
  const head = 'id: own\nlanguages: [javascript]\nmessage: Slow.\ngate: { minSelfPct: 1 }\n';
  const table: readonly [name: string, text: string, mistakes: readonly string[]][] = [
    ['an unknown field', `${head}ast: { pattern: a }\npatern: x\n`, ['6:1-6:7 unknown-field']],
    [
      'an unknown language',
      'id: own\nlanguages: [javascript, cobol]\nmessage: M.\ngate: { minSelfPct: 1 }\nast: { pattern: a }\n',
      ['2:25-2:30 unknown-value'],
    ],
    ['a gate out of range', `${head.replace('minSelfPct: 1', 'minSelfPct: 120')}ast: { pattern: a }\n`, ['4:21-4:24 wrong-type']],
    ['a gate without a percentage', `${head.replace('{ minSelfPct: 1 }', '{ under: request }')}ast: { pattern: a }\n`, ['4:1-4:5 no-gate']],
    ['a gate that is a number', `${head.replace('{ minSelfPct: 1 }', '3')}ast: { pattern: a }\n`, ['4:7-4:8 wrong-type']],
    ['a missing message', 'id: own\nlanguages: [javascript]\ngate: { minSelfPct: 1 }\nast: { pattern: a }\n', ['1:1-1:3 missing-field']],
    ['an empty message', `${head.replace('Slow.', '""')}ast: { pattern: a }\n`, ['3:10-3:12 wrong-type']],
    ['an id that is none', `${head.replace('own', 'Own_1')}ast: { pattern: a }\n`, ['1:5-1:10 bad-id']],
    ["an id of Plateau's", `${head.replace('own', 'json-clone')}ast: { pattern: a }\n`, ['1:5-1:15 built-in-id']],
    ['a pattern that is no code', `${head}ast:\n  pattern: (\n`, ['6:12-6:13 bad-pattern']],
    ['a pattern that is no code, within others', `${head}ast:\n  any:\n    - pattern: a($B)\n    - not: { pattern: "a(((" }\n`, ['8:23-8:29 bad-pattern']],
    ['an empty pattern', `${head}ast: { pattern: "" }\n`, ['5:17-5:19 bad-pattern']],
    ['a field that ast-grep does not have', `${head}ast: { patern: a }\n`, ['5:1-5:4 bad-ast']],
    ['a kind that the grammar does not have', `${head}ast: { kind: nonsense }\n`, ['5:1-5:4 bad-ast']],
    ['a regular expression of ast-grep', `${head}ast: { regex: "(" }\n`, ['5:1-5:4 bad-ast']],
    ['a regular expression', `${head}ast: { pattern: f($A) }\nwhere:\n  - { is: text, capture: A, regex: "(" }\n`, ['7:36-7:39 bad-regex']],
    ['an unknown condition', `${head}ast: { pattern: f($A) }\nwhere:\n  - is: sometimes\n`, ['7:9-7:18 unknown-value']],
    ['a condition without its field', `${head}ast: { pattern: f($A) }\nwhere:\n  - is: invariant\n`, ['7:5-7:7 missing-field']],
    ['a field that a condition does not have', `${head}ast: { pattern: f($A) }\nwhere:\n  - is: in-loop\n    capture: A\n`, ['8:5-8:12 unknown-field']],
    ['a variable that no pattern has', `${head}ast: { pattern: f($A) }\nwhere:\n  - { is: invariant, capture: B }\n`, ['7:31-7:32 unknown-capture']],
    [
      'a condition for JavaScript alone',
      `${head.replace('javascript', 'python')}ast: { pattern: f($A) }\nwhere:\n  - { is: array, capture: A }\n`,
      ['7:11-7:16 script-only'],
    ],
    ['a field that stands twice', `${head}ast: { pattern: a }\nmessage: Again.\n`, ['6:1-6:8 twice']],
    ['an alias', `${head}ast: &a { pattern: a }\nwhy: *a\n`, ['6:6-6:8 alias']],
    ['text that is not YAML', `${head}ast: { pattern: a\nwhy: "x`, ['6:1-6:2 not-yaml', '6:8-6:9 not-yaml']],
    ['a list', '- id: own\n', ['1:1-2:1 not-a-rule']],
    ['a text', 'rule', ['1:1-1:5 not-a-rule']],
  ];
  test.each(table)('%s is told at its place', async (_, text, expected) => {
    folder.file('.plateau/rules/a.yml', text);
    folder.file('.plateau/rules/b.yml', small('other'));
    const own = await load();
    expect(told(own)).toEqual(expected.map((one) => `a.yml:${one}`));
    expect(ids(own)).toEqual(['other']); // the rest goes on
    for (const { issue } of own.mistakes) expect(describeRuleIssue(issue)).toMatch(/^.{10,}[.]$/s);
  });

  test('of several rules in a file, the good ones count; an id that stands twice is told with the other file', async () => {
    folder.file('.plateau/rules/a.yml', `${small('one')}---\n${small('two', 'foo: 1\n')}---\n${small('three')}`);
    folder.file('.plateau/rules/b.yaml', small('three'));
    folder.file('.plateau/rules/readme.md', 'not a rule');
    const own = await load();
    expect(ids(own)).toEqual(['one', 'three']);
    expect(told(own)).toEqual(['a.yml:12:1-12:4 unknown-field', 'b.yaml:1:5-1:10 duplicate-id']);
    expect(own.mistakes[1]?.issue).toEqual({ kind: 'duplicate-id', id: 'three', file: path.join(rulesFolder(folder.path), 'a.yml') });
  });

  test('an empty file, a file of comments and a missing folder have no rules', async () => {
    expect(await load()).toEqual({ rules: [], mistakes: [], files: [] });
    folder.file('.plateau/rules/a.yml', '');
    folder.file('.plateau/rules/b.yml', '# nothing yet\n---\n');
    expect(await load()).toMatchObject({ rules: [], mistakes: [] });
  });
});

describe('hostile files', () => {
  const kinds = (text: string): string[] => parseRules('x.yml', text).mistakes.map(({ issue }) => issue.kind);
  const bomb = `a0: &a0 [x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(8).fill(`*a${i}`).join(', ')}]`).join('\n')}\n`;
  test.each([
    ['aliases that would be billions', bomb, /^alias$/],
    ['brackets, 100,000 deep', '['.repeat(100_000), /^too-deep$/],
    ['braces, 100,000 deep', '{a: '.repeat(60_000), /^too-deep$/],
    ['lists, 100,000 deep', '- '.repeat(100_000), /^too-deep$/],
    ['keys, 100,000 deep', '? '.repeat(100_000), /^too-deep$/],
    ['lines, 600 deep', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /^too-deep$/],
    ['25,000 keys', Array.from({ length: 25_000 }, (_, i) => `k${i}:`).join('\n'), /^(?:unknown-field|missing-field)$/],
    ['40,000 documents', '---\na\n'.repeat(40_000), /^(?:not-a-rule|too-many-rules)$/],
    ['more than is read', `id: ${'x'.repeat(300_000)}`, /^too-large-rules$/],
    ['names of Object', '__proto__: { id: own }\nconstructor: 1\ntoString: x\n', /^(?:unknown-field|missing-field)$/],
    ['bytes that are no text', '\u0000\u0001\ufffd: [\u0000', /^(?:not-yaml|unknown-field|missing-field)$/],
    ['a merge and a tag', '<<: { id: own }\nid: !!js/function "() => 1"\n', /^(?:bad-id|unknown-field|missing-field)$/],
  ])('%s: reported, and it ends', (_, text, expected) => {
    const found = kinds(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((kind) => !expected.test(kind))).toEqual([]);
    expect(({} as { id?: string }).id).toBeUndefined();
  });

  test('a file that is deleted while the folder is read is gone, and no mistake', async () => {
    folder.file('.plateau/rules/a.yml', small('own-a'));
    folder.file('.plateau/rules/b.yml', small('own-b'));
    const own = await loadOwnRules(rulesFolder(folder.path), scanner, (file) => {
      if (path.basename(file) === 'a.yml') fs.rmSync(file);
      return undefined;
    });
    expect([own && ids(own), own?.mistakes]).toEqual([['own-b'], []]);
  });
  test('a file of 100 MB, a pipe and a folder are not read; the rest goes on', async () => {
    folder.file('.plateau/rules/good.yml', small('good'));
    fs.truncateSync(folder.file('.plateau/rules/huge.yml', 'id: x\n'), 100 << 20);
    fs.mkdirSync(path.join(rulesFolder(folder.path), 'inside.yml'));
    execFileSync('mkfifo', [path.join(rulesFolder(folder.path), 'pipe.yml')]);
    fs.symlinkSync('nowhere.yml', path.join(rulesFolder(folder.path), 'link.yml'));
    const own = await load();
    expect(told(own).map((one) => one.replace(/:.* /, ' '))).toEqual([
      'huge.yml too-large-rules',
      'inside.yml unreadable-rules',
      'link.yml unreadable-rules',
      'pipe.yml unreadable-rules',
    ]);
    expect(ids(own)).toEqual(['good']);
  });

  test('a regular expression that takes for ever is stopped and told', async () => {
    const where = 'where:\n  - { is: text, capture: X, regex: "^\\"(a+)+$" }\nexamples: { bad: "slow(\\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\\")" }\n';
    folder.file('.plateau/rules/a.yml', small('endless', where));
    const [one] = (await load()).rules;
    const outcomes = one && (await testRule(one.rule, scanner));
    expect(outcomes?.map(({ isFine, warning }) => [isFine, warning?.kind])).toEqual([[false, 'too-slow']]);
    // The thread was ended; the next search has a new one.
    folder.file('.plateau/rules/a.yml', example);
    const [fine] = (await load()).rules;
    expect(fine && (await testRule(fine.rule, scanner)).every(({ isFine }) => isFine)).toBe(true);
  }, 20_000);
});

describe('the command line', () => {
  const run = (...args: string[]) => plateau(['rules', ...args], { cwd: folder.path });

  test('examples that are as they should be, ones that are not, mistakes, and nothing at all', async () => {
    folder.file('.plateau/rules/price.yml', example);
    expect(await run('test')).toEqual({ code: 0, stdout: 'ok  no-price-in-loop  .plateau/rules/price.yml:2\n1 rule, 2 examples\n', stderr: '' });
    folder.file('.plateau/rules/wrong.yml', small('wrong', 'examples:\n  bad: [slow(1), fast(1)]\n  good: slow(2)\n'));
    const failed = await run('test');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toBe(
      [
        'ok  no-price-in-loop  .plateau/rules/price.yml:2',
        'failed  wrong  .plateau/rules/wrong.yml:1',
        '  bad example 2 (fast(1) …) is not found, but must be.',
        '  good example 1 (slow(2) …) is found, but must not be.',
        '2 rules, 5 examples, 2 not as it should be',
        '',
      ].join('\n'),
    );
    folder.file('.plateau/rules/wrong.yml', small('wrong', 'foo: 1\n'));
    const mistaken = await run('test');
    expect(mistaken.code).toBe(4);
    expect(mistaken.stderr).toBe(
      'plateau: .plateau/rules/wrong.yml:6:1: There is no field "foo" here. There are: id, languages, title, message, why, fix, safety, effect, gate, frames, words, ast, where, packages, packageFrames, isOnePerFunction, supersedes, examples.\n',
    );
    expect(mistaken.stdout).toContain('ok  no-price-in-loop');
    expect((await run('test', 'nowhere')).code).toBe(4);
    expect((await run('test', '.plateau/rules/price.yml')).code).toBe(4);
    expect((await run('test', 'a', 'b')).code).toBe(2);
    expect((await run()).code).toBe(2);
    expect((await run('tset')).code).toBe(2);
    expect((await run('test', path.join(folder.path, '.plateau/rules'))).code).toBe(4);
  }, 60_000);

  test('the list has every rule', async () => {
    folder.file('elsewhere/price.yml', example);
    const { code, stdout } = await run('list', 'elsewhere', '--json');
    expect(code).toBe(0);
    const { rules } = JSON.parse(stdout) as { rules: { id: string; isOwn: boolean; file?: string }[] };
    expect(rules.map(({ id }) => id)).toEqual([...builtInRules.map(({ id }) => id), 'no-price-in-loop']);
    expect(rules.at(-1)).toMatchObject({ isOwn: true, file: path.join(folder.path, 'elsewhere/price.yml') });
    expect((await run('list', 'elsewhere')).stdout).toContain('Price asked for in a loop');
  });

  test('analyze finds a rule of the working folder in a real recording, and says what is wrong with another', async () => {
    folder.file(
      'app.js',
      `function priceOf(item) {
  let sum = 0;
  for (let i = 0; i < 3000; i++) sum += Math.sqrt(item * i);
  return sum;
}
function total(items) {
  let sum = 0;
  for (const item of items) sum += priceOf(item);
  return sum;
}
const end = Date.now() + 500;
while (Date.now() < end) total([1, 2, 3, 4, 5, 6, 7, 8, 9]);
`,
    );
    folder.file(
      '.plateau/rules/price.yml',
      'id: no-price-in-loop\nlanguages: [javascript]\nmessage: "`$F` in a loop."\nframes: [$F]\ngate: { minTotalPct: 5 }\neffect: growth\nast: { pattern: $F($X) }\nwhere:\n  - is: in-loop\n  - { is: text, capture: F, regex: ^price }\n',
    );
    folder.file('.plateau/rules/wrong.yml', small('wrong', 'foo: 1\n'));
    const recorded = await plateau(['record', '--interval', '500', '--out', 'app.cpuprofile', '--', 'node', 'app.js'], { cwd: folder.path });
    expect(recorded.code, recorded.stderr).toBe(0);
    const { stdout, stderr } = await plateau(['analyze', 'app.cpuprofile', '--json'], { cwd: folder.path });
    expect(stderr).toContain('.plateau/rules/wrong.yml:6:1: There is no field "foo" here.');
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; message: string; advice: string; place: { line: number } }[] };
    const own = findings.find(({ rule }) => rule === 'no-price-in-loop');
    expect(own?.place.line).toBe(8);
    expect(own?.message).toMatch(/^`priceOf` in a loop\. This line takes \d/);
    expect(own?.advice).toBe('This is a rule of your own: see its file.');
  }, 60_000);
});
