/**
 * Checks a rule that came as data, from a file of the user's own: every field by name,
 * type and range. Paths lead from the rule to the mistake, as in `['gate', 'minSelfPct']`.
 * Patterns are checked in `check-pattern.ts`, which needs the grammars.
 */
import type { RuleIssue } from '../../../shared/issue';
import { type ConditionName, isScript, type PatternLanguage, type PatternRule, patternLanguages } from './pattern-rule';

export type RulePath = readonly (string | number)[];

export interface RuleProblem {
  readonly path: RulePath;
  readonly issue: RuleIssue;
}

/** A rule with its examples, of which there may be several. */
export interface OwnRule extends PatternRule {
  readonly tests: { readonly bad: readonly string[]; readonly good: readonly string[] };
}

/** Lists are cut at this length, texts are refused beyond it. */
const MAX_LIST = 100;
const MAX_TEXT = 20_000;
/** More mistakes than these help nobody. */
const MAX_PROBLEMS = 50;

type Table = Readonly<Record<string, unknown>>;
type Check = (value: unknown, path: RulePath, problems: RuleProblem[]) => void;

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldOf = (path: RulePath): string => path.filter((one) => typeof one === 'string').join('.') || 'rule';
const wrong = (path: RulePath, expected: string): RuleProblem => ({ path, issue: { kind: 'wrong-type', field: fieldOf(path), expected } });

const text: Check = (value, path, problems) => {
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_TEXT) problems.push(wrong(path, `a text of 1 to ${MAX_TEXT} characters`));
};
const flag: Check = (value, path, problems) => {
  if (typeof value !== 'boolean') problems.push(wrong(path, 'true or false'));
};
const percent: Check = (value, path, problems) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 100)) problems.push(wrong(path, 'a percentage from 0 to 100'));
};
const oneOf =
  (known: readonly string[]): Check =>
  (value, path, problems) => {
    if (typeof value !== 'string') problems.push(wrong(path, `one of ${known.join(', ')}`));
    else if (!known.includes(value)) problems.push({ path, issue: { kind: 'unknown-value', field: fieldOf(path), value: value.slice(0, 100), known } });
  };
const list =
  (check: Check, least = 0): Check =>
  (value, path, problems) => {
    if (!Array.isArray(value) || value.length < least || value.length > MAX_LIST) {
      problems.push(wrong(path, `a list of ${least} to ${MAX_LIST}`));
      return;
    }
    for (const [i, one] of value.entries()) check(one, [...path, i], problems);
  };
const listOrOne =
  (check: Check): Check =>
  (value, path, problems) =>
    Array.isArray(value) ? list(check, 1)(value, path, problems) : check(value, path, problems);
const regex: Check = (value, path, problems) => {
  const before = problems.length;
  text(value, path, problems);
  if (problems.length > before) return;
  try {
    new RegExp(value as string);
  } catch (error) {
    problems.push({ path, issue: { kind: 'bad-regex', detail: (error as Error).message } });
  }
};
const capture: Check = (value, path, problems) => {
  if (typeof value !== 'string' || !/^(?:match|[A-Z][A-Z0-9_]*)$/.test(value))
    problems.push(wrong(path, 'a variable of the pattern in capitals without its $, or match'));
};
const table =
  (fields: Readonly<Record<string, Check>>, required: readonly string[]): Check =>
  (value, path, problems) => {
    if (!isTable(value)) {
      problems.push(wrong(path, 'a mapping'));
      return;
    }
    const known = Object.keys(fields);
    for (const [field, own] of Object.entries(value)) {
      const check = Object.hasOwn(fields, field) ? fields[field] : undefined;
      if (check) check(own, [...path, field], problems);
      else problems.push({ path: [...path, field], issue: { kind: 'unknown-field', field: field.slice(0, 100), known } });
    }
    for (const field of required) if (!Object.hasOwn(value, field)) problems.push({ path, issue: { kind: 'missing-field', field } });
  };

/** The fields of each condition besides `is`. Those for JavaScript alone know its syntax. */
export const conditionFields: Readonly<Record<ConditionName, { readonly fields: readonly string[]; readonly isScriptOnly: boolean }>> = {
  'in-loop': { fields: [], isScriptOnly: false },
  repeated: { fields: [], isScriptOnly: false },
  invariant: { fields: ['capture'], isScriptOnly: false },
  identifier: { fields: ['capture'], isScriptOnly: false },
  text: { fields: ['capture', 'regex'], isScriptOnly: false },
  context: { fields: ['of', 'regex', 'not'], isScriptOnly: false },
  array: { fields: ['capture'], isScriptOnly: true },
  string: { fields: ['capture'], isScriptOnly: true },
  'not-string': { fields: ['capture'], isScriptOnly: true },
  'not-few': { fields: ['capture'], isScriptOnly: true },
  'map-or-set': { fields: ['capture'], isScriptOnly: true },
  fixed: { fields: ['capture'], isScriptOnly: true },
  kept: { fields: ['capture'], isScriptOnly: true },
  query: { fields: ['capture'], isScriptOnly: true },
  'unlimited-query': { fields: ['capture'], isScriptOnly: true },
  'only-picked': { fields: ['capture'], isScriptOnly: true },
  awaited: { fields: [], isScriptOnly: true },
  'awaits-in-a-row': { fields: [], isScriptOnly: true },
  'in-comparison': { fields: [], isScriptOnly: true },
  'leaves-one-out': { fields: ['capture'], isScriptOnly: true },
  'after-insert': { fields: ['capture'], isScriptOnly: true },
  'outside-transaction': { fields: [], isScriptOnly: true },
  overlapping: { fields: [], isScriptOnly: true },
  'never-waits': { fields: ['capture'], isScriptOnly: true },
  'same-each-turn': { fields: [], isScriptOnly: true },
  itself: { fields: ['capture'], isScriptOnly: true },
  'many-shapes': { fields: [], isScriptOnly: true },
  sparse: { fields: [], isScriptOnly: true },
  unguarded: { fields: [], isScriptOnly: true },
  'not-array': { fields: ['capture'], isScriptOnly: true },
  untouched: { fields: ['capture'], isScriptOnly: true },
  constant: { fields: ['capture'], isScriptOnly: true },
  outer: { fields: ['capture'], isScriptOnly: true },
  boolean: { fields: [], isScriptOnly: true },
  'copies-parameter': { fields: ['capture'], isScriptOnly: true },
  keyed: { fields: ['capture'], isScriptOnly: true },
  'searches-first': { fields: ['capture'], isScriptOnly: true },
  independent: { fields: [], isScriptOnly: true },
  indexed: { fields: ['capture'], isScriptOnly: true },
  swallowed: { fields: [], isScriptOnly: true },
  'only-grows': { fields: ['capture'], isScriptOnly: true },
  'never-removed': { fields: [], isScriptOnly: true },
  'same-collection': { fields: [], isScriptOnly: true },
};
const conditionNames = Object.keys(conditionFields);
const conditionChecks: Readonly<Record<string, Check>> = { capture, regex, of: oneOf(['function', 'file']), not: flag };

const condition: Check = (value, path, problems) => {
  if (!isTable(value) || !Object.hasOwn(value, 'is')) {
    problems.push(isTable(value) ? { path, issue: { kind: 'missing-field', field: 'is' } } : wrong(path, 'a mapping'));
    return;
  }
  const before = problems.length;
  oneOf(conditionNames)(value.is, [...path, 'is'], problems);
  if (problems.length > before) return;
  const { fields } = conditionFields[value.is as ConditionName];
  const checks = Object.fromEntries(fields.map((field) => [field, conditionChecks[field] as Check]));
  table(
    { is: () => {}, ...checks },
    fields.filter((field) => field !== 'not'),
  )(value, path, problems);
};

/** ast-grep says itself what is wrong in it; here only that it is not too deep to be walked. */
const ast: Check = (value, path, problems) => {
  if (!isTable(value)) problems.push(wrong(path, "a mapping: one of ast-grep's rule objects"));
};

const gate: Check = (value, path, problems) => {
  const numbers = ['minSelfPct', 'minTotalPct', 'minFunctionPct', 'orPackagesPct'];
  table(
    {
      minSelfPct: percent,
      minTotalPct: percent,
      minFunctionPct: percent,
      minOfFunctionPct: percent,
      orPackagesPct: percent,
      minIdlePct: percent,
      under: oneOf(['request']),
    },
    [],
  )(value, path, problems);
  if (isTable(value) && !numbers.some((name) => Object.hasOwn(value, name))) problems.push({ path, issue: { kind: 'no-gate' } });
};

const plan: Check = (value, path, problems) => table({ kind: oneOf(['template']), template: text }, ['kind', 'template'])(value, path, problems);

/** The fields of a rule, in the order of the documentation. */
export const ruleFields: Readonly<Record<string, Check>> = {
  id: (value, path, problems) => {
    if (typeof value !== 'string' || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(value) || value.length > 80)
      problems.push({ path, issue: { kind: 'bad-id', id: typeof value === 'string' ? value.slice(0, 100) : typeof value } });
  },
  languages: list(oneOf(patternLanguages), 1),
  title: text,
  message: text,
  why: text,
  fix: table({ advice: text, title: text, plan }, ['advice']),
  safety: oneOf(['auto', 'suggest', 'manual']),
  effect: oneOf(['growth', 'factor', 'little']),
  gate,
  frames: list(text),
  words: list(text, 1),
  ast,
  where: list(condition),
  packages: list(text),
  packageFrames: list(text),
  isOnePerFunction: flag,
  supersedes: list(text),
  examples: table({ bad: listOrOne(text), good: listOrOne(text) }, []),
};
export const requiredFields = ['id', 'languages', 'message', 'gate', 'ast'] as const;

/** The rule, if nothing is wrong with it. */
export function checkRule(value: unknown): { readonly rule: OwnRule | undefined; readonly problems: readonly RuleProblem[] } {
  if (!isTable(value)) return { rule: undefined, problems: [{ path: [], issue: { kind: 'not-a-rule' } }] };
  const problems: RuleProblem[] = [];
  table(ruleFields, requiredFields)(value, [], problems);
  if (problems.length === 0) problems.push(...foreignConditions(value), ...unknownCaptures(value));
  return { rule: problems.length === 0 ? completed(value) : undefined, problems: problems.slice(0, MAX_PROBLEMS) };
}

function foreignConditions({ languages, where = [] }: Table): RuleProblem[] {
  if ((languages as PatternLanguage[]).every(isScript)) return [];
  return (where as { is: ConditionName }[]).flatMap(({ is }, i): RuleProblem[] =>
    conditionFields[is].isScriptOnly ? [{ path: ['where', i, 'is'], issue: { kind: 'script-only', condition: is } }] : [],
  );
}

/** Conditions that name a variable which no pattern has: they would always hold. */
function unknownCaptures({ ast: shape, where = [] }: Table): RuleProblem[] {
  const known = new Set<string>();
  // Without recursion: it may be deeper than any stack.
  for (const left: unknown[] = [shape]; left.length > 0; ) {
    const one = left.pop();
    if (typeof one === 'object' && one !== null) left.push(...Object.values(one));
    else if (typeof one === 'string') for (const [, name] of one.matchAll(/\$([A-Z][A-Z0-9_]*)/g)) known.add(name as string);
  }
  return (where as { capture?: string }[]).flatMap(({ capture: name }, i): RuleProblem[] =>
    name === undefined || name === 'match' || known.has(name) ? [] : [{ path: ['where', i, 'capture'], issue: { kind: 'unknown-capture', capture: name } }],
  );
}

/** What a rule need not say gets what says least. */
function completed(value: Table): OwnRule {
  const rule = value as unknown as Partial<PatternRule> & Pick<PatternRule, (typeof requiredFields)[number]>;
  const { bad = [], good = [] } = (value.examples ?? {}) as { bad?: string | string[]; good?: string | string[] };
  const tests = { bad: [bad].flat(), good: [good].flat() };
  const hasPlan = rule.fix?.plan !== undefined;
  return {
    ...rule,
    title: rule.title ?? rule.message.replace(/[.!]$/, ''),
    why: rule.why ?? '',
    fix: rule.fix ? { title: rule.message, ...rule.fix } : { advice: 'This is a rule of your own: see its file.' },
    safety: hasPlan ? (rule.safety === 'auto' ? 'auto' : 'suggest') : 'manual',
    effect: rule.effect ?? 'factor',
    words: rule.words ?? [''],
    examples: { bad: tests.bad[0] ?? '', good: tests.good[0] ?? '' },
    tests,
  };
}
