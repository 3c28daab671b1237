/**
 * Rules of the user's own, from `.plateau/rules/*.yml` of a folder. What is wrong with
 * one is told with its place, the rule is left out, and the rest counts.
 */
import path from 'node:path';
import { builtInRules } from '../../core/findings/patterns/rules/built-in';
import { readFolder } from '../../files/open-regular';
import { readRegularText } from '../../files/read-regular';
import { stampOf } from '../profile/slab-cache';
import { describeFileIssue } from '../support/describe-file-issue';
import { MAX_RULE_FILE, type ParsedRule, type ParsedRules, parseRules, type RuleMistake, wholeFile } from './parse-rules';
import type { PatternScanner } from './pattern-scanner';

export interface OwnRules {
  readonly rules: readonly ParsedRule[];
  readonly mistakes: readonly RuleMistake[];
  /** Files that were looked at. */
  readonly files: readonly string[];
}

const MAX_FILES = 200;
const builtIn = new Set(builtInRules.map(({ id }) => id));

/** Where a workspace keeps its rules. */
export const rulesFolder = (root: string): string => path.join(root, '.plateau', 'rules');

/** Whether a file is one of rules, by its place. */
export const isRulesFile = (file: string): boolean => /[\\/]\.plateau[\\/]rules[\\/][^\\/]+\.ya?ml$/i.test(file);

/**
 * Reads the rules of a folder; one that is not there has none. `undefined` where it is there and cannot be read.
 * `textOf` gives the text of what is open in an editor.
 */
export async function loadOwnRules(
  folder: string,
  scanner: PatternScanner,
  textOf: (file: string) => string | undefined = () => undefined,
): Promise<OwnRules | undefined> {
  const listed = await readFolder(folder, { within: [scopeOf(folder)] });
  if (!listed.ok) {
    if (listed.error.kind === 'missing') return { rules: [], mistakes: [], files: [] };
    const isElsewhere = listed.error.kind === 'outside' || listed.error.kind === 'not-local';
    const mistake = wholeFile(folder, { kind: 'unreadable-rules', detail: `it ${describeFileIssue(listed.error)}` });
    return isElsewhere ? { rules: [], mistakes: [mistake], files: [] } : undefined;
  }
  const names = listed.value
    .filter(({ name }) => /\.ya?ml$/i.test(name))
    .map(({ name }) => name)
    .sort();
  const files = names.slice(0, MAX_FILES).map((name) => path.join(folder, name));
  const parsed: ParsedRules[] = [];
  for (const file of files) {
    const text = textOf(file);
    parsed.push(text === undefined ? await readRules(file, [scopeOf(folder)]) : parseRules(file, text));
  }
  if (names.length > MAX_FILES)
    parsed.push({ rules: [], mistakes: [wholeFile(path.join(folder, names[MAX_FILES] as string), { kind: 'too-many-rules', of: 'files', limit: MAX_FILES })] });
  return { ...(await checkedRules(parsed, scanner)), files };
}

/** What the files of a folder are right now, which changes when one of them does; the empty string where there are none. */
export async function stampOfRules(folder: string): Promise<string> {
  const listed = await readFolder(folder, { within: [scopeOf(folder)] });
  const files = (listed.ok ? listed.value : [])
    .map(({ name }) => name)
    .filter((name) => /\.ya?ml$/i.test(name))
    .sort()
    .slice(0, MAX_FILES);
  const stamps = await Promise.all(files.map(async (name) => `${name} ${await stampOf(path.join(folder, name), { within: [scopeOf(folder)] })}`));
  return stamps.join('\n');
}

/** What the rules of a folder have to lie in: the workspace, where it is one's own. */
const scopeOf = (folder: string): string => (isRulesFile(path.join(folder, 'x.yml')) ? path.dirname(path.dirname(folder)) : folder);

async function readRules(file: string, within: readonly string[]): Promise<ParsedRules> {
  const read = await readRegularText(file, { most: MAX_RULE_FILE * 3, within });
  if (read.ok) return parseRules(file, read.value);
  const { error } = read;
  // It has been deleted since the folder was read.
  if (error.kind === 'missing') return { rules: [], mistakes: [] };
  const issue =
    error.kind === 'too-large'
      ? ({ kind: 'too-large-rules', bytes: error.bytes, limit: MAX_RULE_FILE } as const)
      : ({ kind: 'unreadable-rules', detail: `it ${describeFileIssue(error)}` } as const);
  return { rules: [], mistakes: [wholeFile(file, issue)] };
}

/** What can be said of files together: ids that stand twice; and what only the grammars know. */
async function checkedRules(parsed: readonly ParsedRules[], scanner: PatternScanner): Promise<Omit<OwnRules, 'files'>> {
  const mistakes = parsed.flatMap((one) => one.mistakes);
  const known = new Map<string, string>();
  const single = parsed.flatMap((one) =>
    one.rules.filter(({ rule: { id }, file, mistake }) => {
      const other = known.get(id);
      if (builtIn.has(id)) mistakes.push(mistake(['id'], { kind: 'built-in-id', id }));
      else if (other !== undefined) mistakes.push(mistake(['id'], { kind: 'duplicate-id', id, file: other }));
      else known.set(id, file);
      return known.get(id) === file && other === undefined;
    }),
  );
  const checked = await scanner.check(single.map(({ rule }) => rule));
  const rules = single.filter(({ mistake }, i) => {
    const problems = checked[i];
    mistakes.push(...(problems ?? []).map(({ path: at, issue }) => mistake(at, issue)));
    // What could not be checked may still be tried: a rule that fails is left out then.
    return problems === undefined || problems.length === 0;
  });
  return { rules, mistakes: mistakes.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column)) };
}
