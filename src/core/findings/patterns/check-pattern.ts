/**
 * Checks the shape of a rule against the grammars: each pattern by parsing it, since
 * ast-grep takes `(` and finds nothing with it, and the whole by searching an empty text.
 */
import type { RulePath, RuleProblem } from './check-rule';
import type { PatternLanguage, PatternRule } from './pattern-rule';
import type { SyntaxEngine } from './scan';
import { nodesWithin } from './syntax';

export function patternProblems(engine: SyntaxEngine, { languages, ast }: Pick<PatternRule, 'languages' | 'ast'>): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const patterns = patternsIn(ast);
  for (const language of languages) {
    const broken = patterns.filter(({ text }) => !parses(engine, language, text));
    for (const { path } of broken) problems.push({ path: ['ast', ...path], issue: { kind: 'bad-pattern', language } });
    if (broken.length > 0) continue;
    const detail = refusal(engine, language, ast);
    if (detail !== undefined) problems.push({ path: ['ast'], issue: { kind: 'bad-ast', language, detail } });
  }
  return problems;
}

/** The texts that are parsed as code: `pattern`, and the `context` of one that names its part. */
function patternsIn(ast: unknown): { readonly text: string; readonly path: RulePath }[] {
  const found: { text: string; path: RulePath }[] = [];
  const stack: { value: unknown; path: RulePath }[] = [{ value: ast, path: [] }];
  for (let at = stack.pop(); at; at = stack.pop()) {
    const { value, path } = at;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, own] of Object.entries(value)) {
      const next = [...path, Array.isArray(value) ? Number(key) : key];
      if (typeof own === 'string' && (key === 'pattern' || (key === 'context' && path.at(-1) === 'pattern'))) found.push({ text: own, path: next });
      else stack.push({ value: own, path: next });
    }
  }
  return found;
}

/** Whether a pattern is code of the language, with names in the place of its variables. A statement's end may be missing. */
function parses(engine: SyntaxEngine, language: PatternLanguage, pattern: string): boolean {
  const text = pattern.replace(/\$+(?=[A-Z_])/g, 'v_').replace(/\${3}/g, 'v_');
  if (text.trim() === '') return false;
  // An expression alone is no whole text in every grammar; ended, it is a statement.
  return hasNoError(engine, language, text) || hasNoError(engine, language, `${text};\n`);
}

function hasNoError(engine: SyntaxEngine, language: PatternLanguage, text: string): boolean {
  const tree = engine.parse(language, text);
  try {
    for (const node of nodesWithin(tree.root, ({ hasError }) => hasError)) if (node.type === 'ERROR') return false;
    return true;
  } finally {
    tree.close();
  }
}

/** What ast-grep has against a rule. */
function refusal(engine: SyntaxEngine, language: PatternLanguage, ast: PatternRule['ast']): string | undefined {
  const searcher = engine.searcher(language, 'a');
  try {
    searcher.search(ast);
    return undefined;
  } catch (error) {
    return String(error instanceof Error ? error.message : error).slice(0, 500);
  } finally {
    searcher.close();
  }
}
