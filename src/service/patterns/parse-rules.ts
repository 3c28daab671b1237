/**
 * A file of rules of the user's own: YAML, one rule a document, several documents
 * between lines of `---`. Untrusted: nothing in it is run, aliases are refused (they
 * make small files huge), and each mistake has its place. The rest of the file counts.
 */
import { type Document, isAlias, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import { checkRule, type OwnRule, type RulePath } from '../../core/findings/patterns/check-rule';
import type { RuleIssue } from '../../shared/issue';

/** Where a mistake is: lines and columns from 1, the end not included. */
export interface RuleMistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly issue: RuleIssue;
}

export interface ParsedRule {
  readonly rule: OwnRule;
  readonly file: string;
  /** Of its id, from 1. */
  readonly line: number;
  /** A mistake at the place that a path leads to. */
  mistake(path: RulePath, issue: RuleIssue): RuleMistake;
}

export interface ParsedRules {
  readonly rules: readonly ParsedRule[];
  readonly mistakes: readonly RuleMistake[];
}

/** UTF-16 code units; a rule has about a thousand. */
export const MAX_RULE_FILE = 256 << 10;
const MAX_DEPTH = 40;
const MAX_RULES = 200;

/** A mistake of a file as a whole. */
export const wholeFile = (file: string, issue: RuleIssue): RuleMistake => ({ file, line: 1, column: 1, endLine: 1, endColumn: 2, issue });

export function parseRules(file: string, text: string): ParsedRules {
  if (text.length > MAX_RULE_FILE) return { rules: [], mistakes: [wholeFile(file, { kind: 'too-large-rules', bytes: text.length, limit: MAX_RULE_FILE })] };
  const depth = depthOf(text);
  if (depth !== undefined) return { rules: [], mistakes: [at(file, depth, depth + 1, lineCounterOf(text), { kind: 'too-deep' })] };
  const lines = new LineCounter();
  let documents: readonly Document[];
  try {
    // Keys that stand twice are looked for below: the library compares each with every other.
    const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    // The library's composer calls itself for each level of nesting.
    const issue: RuleIssue = error instanceof RangeError ? { kind: 'too-deep' } : { kind: 'not-yaml', detail: (error as Error).message };
    return { rules: [], mistakes: [wholeFile(file, issue)] };
  }
  const rules: ParsedRule[] = [];
  const mistakes: RuleMistake[] = [];
  const filled = documents.filter(({ contents, errors }) => errors.length > 0 || !(contents === null || (isScalar(contents) && contents.value === null)));
  for (const document of filled.slice(0, MAX_RULES)) {
    const place = placer(file, document, lines);
    const own = yamlMistakes(file, document, lines);
    if (own.length > 0) {
      mistakes.push(...own);
      continue;
    }
    const { rule, problems } = checkRule(document.toJS({ maxAliasCount: 0 }));
    mistakes.push(...problems.map(({ path, issue }) => place(path, issue)));
    if (rule) rules.push({ rule, file, line: place(['id'], { kind: 'not-a-rule' }).line, mistake: place });
  }
  if (filled.length > MAX_RULES) mistakes.push(wholeFile(file, { kind: 'too-many-rules', of: 'rules', limit: MAX_RULES }));
  return { rules, mistakes };
}

/** What makes a document useless before its fields are looked at. */
function yamlMistakes(file: string, document: Document, lines: LineCounter): RuleMistake[] {
  const found = document.errors.map(({ pos, message }) => {
    const detail = message.split(/ at line \d+|\n/)[0] as string;
    return at(file, pos[0], pos[1], lines, { kind: 'not-yaml', detail: detail.replace(/:$/, '') });
  });
  if (found.length > 0) return found.slice(0, 20);
  visit(document, (_, node, ancestors) => {
    const range = isNode(node) ? (node.range ?? undefined) : undefined;
    if (isAlias(node)) found.push(at(file, range?.[0] ?? 0, range?.[1] ?? 1, lines, { kind: 'alias' }));
    else if (ancestors.length > MAX_DEPTH * 2) found.push(at(file, range?.[0] ?? 0, range?.[1] ?? 1, lines, { kind: 'too-deep' }));
    else if (isMap(node)) found.push(...doubleKeys(file, node.items, lines));
    return found.length > 20 ? visit.BREAK : undefined;
  });
  return found;
}

function doubleKeys(file: string, items: readonly unknown[], lines: LineCounter): RuleMistake[] {
  const seen = new Set<string>();
  return items.flatMap((item) => {
    const key = isPair(item) && isScalar(item.key) ? item.key : undefined;
    const name = String(key?.value);
    if (!key || !seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [at(file, key.range?.[0] ?? 0, key.range?.[1] ?? 1, lines, { kind: 'twice', field: name.slice(0, 100) })];
  });
}

/** Where a path of a rule stands: its value, or the key for what is a mistake of the key itself. */
function placer(file: string, document: Document, lines: LineCounter): ParsedRule['mistake'] {
  return (path, issue) => {
    let node: unknown = document.contents;
    let key: Node | undefined;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(step));
        if (!pair) break;
        key = isNode(pair.key) ? pair.key : key;
        node = pair.value;
      } else {
        const items = (node as { items?: readonly unknown[] } | null)?.items;
        if (!items || typeof step !== 'number') break;
        key = undefined;
        node = items[step];
      }
    }
    const isOfKey = issue.kind === 'unknown-field' || issue.kind === 'missing-field' || issue.kind === 'no-gate' || issue.kind === 'bad-ast';
    const target = (isOfKey ? (key ?? firstKey(node)) : isNode(node) ? node : key) ?? document.contents;
    const [from, to] = (isNode(target) ? target.range : undefined) ?? [0, 1];
    return at(file, from, to, lines, issue);
  };
}

/** A mapping stands where its first key does: marking all of it would mark the whole rule. */
function firstKey(node: unknown): Node | undefined {
  const key = isMap(node) ? node.items[0]?.key : undefined;
  return isNode(key) ? key : isNode(node) ? node : undefined;
}

function at(file: string, from: number, to: number, lines: LineCounter, issue: RuleIssue): RuleMistake {
  const start = lines.linePos(from);
  const end = lines.linePos(Math.max(to, from + 1));
  const line = Math.max(1, start.line);
  const column = Math.max(1, start.col);
  const isAfter = end.line > line || (end.line === line && end.col > column);
  return { file, line, column, endLine: isAfter ? end.line : line, endColumn: isAfter ? end.col : column + 1, issue };
}

/** The offset at which brackets, or dashes and marks of a block on one line, are nested too deeply for the library; undefined where they are not. O(n). */
function depthOf(text: string): number | undefined {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) {
      if (++open > 500) return i;
    } else if ((code === 0x5d || code === 0x7d) && open > 0) open--;
  }
  const nested = /(?:[-?:] ){200}/.exec(text);
  return nested ? nested.index : undefined;
}

function lineCounterOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines.addNewLine(i + 1);
  return lines;
}
