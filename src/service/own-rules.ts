/**
 * Rules of the user's own, from `.plateau/rules/*.yml` of a folder. What is wrong with
 * one is told with its place, the rule is left out, and the rest counts.
 */
import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { builtInRules } from '../core/findings/patterns/rules/built-in';
import { MAX_RULE_FILE, type ParsedRule, type ParsedRules, parseRules, type RuleMistake, wholeFile } from './parse-rules';
import type { PatternScanner } from './pattern-scanner';
import { stampOf } from './slab-cache';

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
  let entries: Dirent[];
  try {
    entries = await fs.readdir(folder, { withFileTypes: true });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { rules: [], mistakes: [], files: [] } : undefined;
  }
  const names = entries
    .filter(({ name }) => /\.ya?ml$/i.test(name))
    .map(({ name }) => name)
    .sort();
  const files = names.slice(0, MAX_FILES).map((name) => path.join(folder, name));
  const parsed: ParsedRules[] = [];
  for (const file of files) {
    const text = textOf(file);
    parsed.push(text === undefined ? await readRules(file) : parseRules(file, text));
  }
  if (names.length > MAX_FILES)
    parsed.push({ rules: [], mistakes: [wholeFile(path.join(folder, names[MAX_FILES] as string), { kind: 'too-many-rules', of: 'files', limit: MAX_FILES })] });
  return { ...(await checkedRules(parsed, scanner)), files };
}

/** What the files of a folder are right now, which changes when one of them does; the empty string where there are none. */
export async function stampOfRules(folder: string): Promise<string> {
  const names = await fs.readdir(folder).catch((): string[] => []);
  const files = names
    .filter((name) => /\.ya?ml$/i.test(name))
    .sort()
    .slice(0, MAX_FILES);
  const stamps = await Promise.all(files.map(async (name) => `${name} ${await stampOf(path.join(folder, name))}`));
  return stamps.join('\n');
}

async function readRules(file: string): Promise<ParsedRules> {
  try {
    const stat = await fs.stat(file);
    // A pipe would be waited for.
    if (!stat.isFile()) return { rules: [], mistakes: [wholeFile(file, { kind: 'unreadable-rules', detail: 'it is no file' })] };
    if (stat.size > MAX_RULE_FILE * 3) return { rules: [], mistakes: [wholeFile(file, { kind: 'too-large-rules', bytes: stat.size, limit: MAX_RULE_FILE })] };
    return parseRules(file, await fs.readFile(file, 'utf8'));
  } catch (error) {
    const isThere = await fs.lstat(file).then(
      () => true,
      () => false,
    );
    // Else it has been deleted since the folder was read.
    return { rules: [], mistakes: isThere ? [wholeFile(file, { kind: 'unreadable-rules', detail: (error as Error).message })] : [] };
  }
}

/** What can be said of files together: ids that stand twice; and what only the grammars know. */
export async function checkedRules(parsed: readonly ParsedRules[], scanner: PatternScanner): Promise<Omit<OwnRules, 'files'>> {
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
