/**
 * Searches the hot functions of one source text for patterns: syntax only, what the
 * profile says of the matches comes afterwards. Offsets are UTF-16, lines and
 * columns 0-based and of the text as it is.
 */
import type { FindingFix, TextEdit } from '../../../shared/reported-finding';
import { type CaughtMatch, holds, holdsForAuto } from './conditions';
import { functionFinder, isNameless } from './find-function';
import { planEdits } from './fixes';
import { ownRegion } from './own-region';
import { type AstRule, isScript, type PatternLanguage, type PatternRule } from './pattern-rule';
import { type Suppression, suppresses, suppressionsIn } from './suppressions';
import { bodyOf, escapeRegExp, isFunction, isInline, nodesWithin, ownerOf, type SyntaxNode } from './syntax';

/** Where a rule's shape was found, with what its variables caught. Offsets in the text searched. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly captures: readonly (readonly [name: string, start: number, end: number])[];
}

export interface ParsedText {
  readonly root: SyntaxNode;
  /** Parses the text with edits, which do not overlap; what they leave as it is is not parsed again. */
  reparse(edits: readonly TextEdit[]): ParsedText;
  close(): void;
}

/** What reads syntax trees. Whoever opens something closes it. */
export interface SyntaxEngine {
  parse(language: PatternLanguage, text: string): ParsedText;
  searcher(language: PatternLanguage, text: string): { search(ast: AstRule): Hit[]; close(): void };
}

/** A row of the profile's function table, where V8 places it in the text. */
export interface FunctionRow {
  readonly func: number;
  /** V8's name, which the text must have there; undefined where the text is another than what ran (a source map), and need not. */
  readonly name: string | undefined;
  /** Of other languages than JavaScript's, any line of the function; -1 where none is known. */
  readonly line: number;
  readonly column: number;
  readonly isHot: boolean;
}

export interface FileJob {
  readonly file: string;
  readonly language: PatternLanguage;
  readonly text: string;
  readonly rows: readonly FunctionRow[];
  /** Rules that are not to be tried: what they did to the file before. */
  readonly skippedRules: readonly string[];
  /** Without a profile, as for examples: every function counts as hot. */
  readonly isAllHot?: boolean;
}

export interface ScannedMatch {
  readonly rule: string;
  /** Rows of the function that it stands in. */
  readonly owners: readonly number[];
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Rows of functions that stand within it. */
  readonly inner: readonly number[];
  /** Names of callees whose time is its own. */
  readonly callees: readonly string[];
  /** What the rule's variables caught, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly fix: Pick<FindingFix, 'title' | 'safety' | 'edits'> | undefined;
  readonly isSuppressed: boolean;
}

export interface UnusedSuppression extends Pick<Suppression, 'line' | 'column' | 'endColumn' | 'rules'> {
  readonly owners: readonly number[];
}

export interface FileScan {
  readonly matches: readonly ScannedMatch[];
  /** Rows of callbacks that run within a function's own code, by that function's rows. */
  readonly callbacks: readonly { readonly owner: number; readonly callback: number }[];
  readonly unused: readonly UnusedSuppression[];
  /** Hot functions that were searched, and those that the text does not have where the profile says. */
  readonly scanned: number;
  readonly missing: number;
  /** Hot functions of a large text whose end was not found. */
  readonly tooLong: number;
}

/**
 * `begin` is told which rule is tried next, so that one that takes too long can be
 * named. Of a text that is a piece of a larger one, `cutAt` is where it was cut:
 * functions that reach it or do not parse are not whole, and rewritings stay within
 * their function.
 */
export function scanFile(
  engine: SyntaxEngine,
  rules: readonly PatternRule[],
  job: FileJob,
  begin: (rule: number) => void = () => {},
  cutAt = Number.POSITIVE_INFINITY,
): FileScan {
  const { language, text } = job;
  const tree = engine.parse(language, text);
  try {
    const found = functionsOf(tree.root, job, cutAt);
    const matches: ScannedMatch[] = [];
    const searched: Owner[] = [];
    const fixer = fixerOf(tree);
    for (const owner of found.owners.values()) {
      if (!owner.isHot) continue;
      searched.push(owner);
      matches.push(...searchOwner(engine, rules, job, owner, found, { begin, isPiece: Number.isFinite(cutAt), fixer }));
    }
    const suppressions = suppressionsIn(text, (offset) => tree.root.descendantForIndex(offset, offset + 1)?.type.includes('comment') === true);
    const told = suppressions.length > 0 ? withSuppressions(matches, suppressions) : matches;
    return {
      matches: withoutSuperseded(told, rules),
      callbacks: found.callbacks,
      unused: unusedOf(suppressions, told, searched, tree.root, rules, text),
      scanned: searched.length,
      missing: found.missing,
      tooLong: 0,
    };
  } finally {
    tree.close();
  }
}

interface Owner {
  readonly node: SyntaxNode;
  readonly rows: number[];
  isHot: boolean;
}

interface FoundFunctions {
  /** By the node's id. */
  readonly owners: ReadonlyMap<number, Owner>;
  readonly callbacks: readonly { readonly owner: number; readonly callback: number }[];
  readonly missing: number;
}

function functionsOf(root: SyntaxNode, job: FileJob, cutAt: number): FoundFunctions {
  if (job.isAllHot) return allFunctions(root);
  const { text, rows, language } = job;
  const starts = lineStarts(text);
  const owners = new Map<number, Owner>();
  const parts: { readonly node: SyntaxNode; readonly func: number }[] = [];
  const find = isScript(language) ? undefined : functionFinder(root);
  let missing = 0;
  for (const row of rows) {
    const found = find?.(row.name ?? '', row.line);
    if (found?.isPart) {
      parts.push({ node: found.node, func: row.func });
      continue;
    }
    const node = find ? found?.node : functionAt(root, text, starts, row);
    if (!node || node.endIndex >= cutAt || (Number.isFinite(cutAt) && node.hasError)) {
      // A lambda that only calls has no line in a profile whose lines are those that ran: nothing says that it has gone.
      const isPlaceless = find !== undefined && row.line < 0 && isNameless(row.name ?? '');
      if (row.isHot && !isPlaceless) missing++;
      continue;
    }
    const known = owners.get(node.id);
    if (known) {
      known.rows.push(row.func);
      known.isHot ||= row.isHot;
    } else owners.set(node.id, { node, rows: [row.func], isHot: row.isHot });
  }
  const callbacks = parts.flatMap(({ node, func }) => (owners.get(node.id)?.rows ?? []).map((owner) => ({ owner, callback: func })));
  for (const { node, rows: own } of owners.values()) {
    if (!isFunction(node) || !isInline(node)) continue;
    const around = owners.get(ownerOf(node).id);
    for (const owner of around?.rows ?? []) for (const callback of own) callbacks.push({ owner, callback });
  }
  return { owners, callbacks, missing };
}

function allFunctions(root: SyntaxNode): FoundFunctions {
  const owners = new Map<number, Owner>([[root.id, { node: root, rows: [-1], isHot: true }]]);
  for (const node of nodesWithin(root)) if (isFunction(node) && !isInline(node)) owners.set(node.id, { node, rows: [-1], isHot: true });
  return { owners, callbacks: [], missing: 0 };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/**
 * The function that begins at a place: the innermost one in whose head, from its
 * first token to its body, it lies. V8 gives the parameter list, source maps the
 * name or any token near. The whole program stands at 0:0 without a name.
 */
function functionAt(root: SyntaxNode, text: string, starts: readonly number[], { line, column, name }: FunctionRow): SyntaxNode | undefined {
  const start = starts[line];
  if (start === undefined) return undefined;
  if (line === 0 && column === 0 && (name === '' || name === '(anonymous)')) return root;
  const offset = column >= 0 ? start + column : offsetOfName(text, start, name);
  if (offset === undefined || offset >= text.length) return undefined;
  for (let at = root.descendantForIndex(offset, offset + 1); at; at = at.parent) {
    const fn = isFunction(at) ? at : at.childForFieldName('value');
    if (!fn || !isFunction(fn) || offset < at.startIndex || offset >= bodyOf(fn).startIndex) continue;
    return name === undefined || hasName(fn, name, text) ? fn : undefined;
  }
  // The top of a module whose first lines are types alone stands where its code begins.
  return column === 0 && (name === '' || name === '(anonymous)') ? root : undefined;
}

/** Where a line has a function's name: what other tools wrote has lines alone. */
function offsetOfName(text: string, start: number, name = ''): number | undefined {
  const last = lastWord(name);
  const end = text.indexOf('\n', start);
  const at = last === undefined ? -1 : text.slice(start, end < 0 ? text.length : end).search(new RegExp(`(?<![\\w$])${escapeRegExp(last)}(?![\\w$])`));
  return at < 0 ? undefined : start + at;
}

const lastWord = (name: string): string | undefined => /([\p{L}\p{N}_$]+)$/u.exec(name)?.[1];

/** Whether a function's name, as V8 has it, is written in its head or before it: the text may be another one by now. */
function hasName(fn: SyntaxNode, name: string, text: string): boolean {
  const last = lastWord(name);
  if (last === undefined || last === 'anonymous' || last === 'default') return true;
  // A constructor has its class's name, which may stand far above it.
  if (fn.childForFieldName('name')?.text === 'constructor') {
    const className = fn.parent?.parent?.childForFieldName('name')?.text;
    return className === undefined || className === last;
  }
  const head = text.slice(Math.max(0, fn.startIndex - 300), bodyOf(fn).startIndex);
  // Of a function without a name V8 joins the names around it, those of its body too: `reduce.sum`.
  return name.split('.').some((part) => head.includes(part === name ? last : part));
}

function searchOwner(
  engine: SyntaxEngine,
  rules: readonly PatternRule[],
  job: FileJob,
  owner: Owner,
  found: FoundFunctions,
  { begin, isPiece, fixer }: { readonly begin: (rule: number) => void; readonly isPiece: boolean; readonly fixer: Fixer },
): ScannedMatch[] {
  const { language } = job;
  // An inline callback is searched with the function around it.
  if (isFunction(owner.node) && isInline(owner.node) && found.owners.get(ownerOf(owner.node).id)?.isHot) return [];
  const region = ownRegion(owner.node, job.text, 0);
  const wanted = [...rules.entries()].filter(
    ([, rule]) => rule.languages.includes(language) && !job.skippedRules.includes(rule.id) && rule.words.some((word) => region.text.includes(word)),
  );
  if (wanted.length === 0) return [];
  const searcher = engine.searcher(language, region.text);
  const matches: ScannedMatch[] = [];
  try {
    for (const [index, rule] of wanted) {
      begin(index);
      for (const hit of searcher.search(rule.ast)) {
        const match = matchOf(hit, region.start, owner.node, rule, job, found, fixer);
        if (!match) continue;
        const reachesOut = isPiece && match.fix?.edits.some(({ start }) => start < region.start);
        matches.push({ ...match, owners: owner.rows, fix: reachesOut ? undefined : match.fix });
      }
    }
    begin(-1);
  } finally {
    searcher.close();
  }
  return matches;
}

function matchOf(
  hit: Hit,
  offset: number,
  owner: SyntaxNode,
  rule: PatternRule,
  job: FileJob,
  found: FoundFunctions,
  fixer: Fixer,
): Omit<ScannedMatch, 'owners'> | undefined {
  const nodeAt = (start: number, end: number): SyntaxNode | null =>
    (offset < bodyOf(owner).startIndex ? owner : bodyOf(owner)).descendantForIndex(start + offset, end + offset);
  const node = nodeAt(hit.start, hit.end);
  if (!node) return undefined;
  const captures = new Map<string, SyntaxNode>([['MATCH', node]]);
  for (const [name, start, end] of hit.captures) {
    const caught = nodeAt(start, end);
    if (caught) captures.set(name, caught);
  }
  const caught: CaughtMatch = { node, captures, language: job.language };
  if (!(rule.where ?? []).every((condition) => holds(condition, caught))) return undefined;
  const inner: number[] = [];
  for (const { node: fn, rows } of found.owners.values()) {
    if (fn.id !== owner.id && fn.startIndex >= node.startIndex && fn.endIndex <= node.endIndex) inner.push(...rows);
  }
  return {
    rule: rule.id,
    start: node.startIndex,
    end: node.endIndex,
    line: node.startPosition.row,
    column: node.startPosition.column,
    endLine: node.endPosition.row,
    endColumn: node.endPosition.column,
    inner,
    callees: (rule.frames ?? []).map((frame) => (frame.startsWith('$') ? calleeName(captures.get(frame.slice(1))) : frame)).filter((name) => name !== ''),
    texts: Object.fromEntries([...captures].map(([name, { text }]) => [name, text.slice(0, 200)])),
    fix: fixer(rule, caught),
    isSuppressed: false,
  };
}

/** `db.query(…)` and `db.query` -> `query`. */
function calleeName(node: SyntaxNode | undefined): string {
  const callee = node?.childForFieldName('function') ?? node;
  const name = callee?.childForFieldName('property') ?? callee?.childForFieldName('attribute') ?? callee?.childForFieldName('field') ?? callee;
  return name?.text.slice(0, 100) ?? '';
}

type Fixer = (rule: PatternRule, match: CaughtMatch) => ScannedMatch['fix'];

/** Rewritings of one text that are worked out, those of its hottest functions: nobody looks at more. */
const MAX_FIXES = 200;

/** Gives a rule's rewriting, if it fits and the text still parses with it. */
function fixerOf(tree: ParsedText): Fixer {
  let left = MAX_FIXES;
  let errors: number | undefined;
  const stillParses = (edits: readonly TextEdit[]): boolean => {
    const after = tree.reparse(edits);
    try {
      if (!after.root.hasError) return true;
      errors ??= errorsIn(tree.root);
      return errorsIn(after.root) <= errors;
    } finally {
      after.close();
    }
  };
  return (rule, match) => {
    const { plan, title } = rule.fix;
    if (!plan || title === undefined || rule.safety === 'manual' || left <= 0) return undefined;
    const edits = planEdits(plan, match);
    if (!edits || edits.length === 0) return undefined;
    left--;
    if (!stillParses(edits)) return undefined;
    const isAuto = rule.safety === 'auto' && (rule.autoWhen ?? []).every((condition) => holdsForAuto(condition, match));
    return { title, safety: isAuto ? 'auto' : 'suggest', edits };
  };
}

/** What edits make of a text. They must not overlap. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  return result;
}

function errorsIn(root: SyntaxNode): number {
  let count = 0;
  for (const node of nodesWithin(root, ({ hasError }) => hasError)) if (node.hasError) count++;
  return count;
}

function withSuppressions(matches: readonly ScannedMatch[], suppressions: readonly Suppression[]): ScannedMatch[] {
  return matches.map((match) => ({ ...match, isSuppressed: suppressions.some((one) => suppresses(one, match.rule, [match.line, match.endLine])) }));
}

/** Of matches in the same place, a rule that says more speaks for those that say less. */
function withoutSuperseded(matches: readonly ScannedMatch[], rules: readonly PatternRule[]): ScannedMatch[] {
  const superseded = new Map(rules.map(({ id, supersedes = [] }) => [id, supersedes]));
  return matches.filter(
    (match) => !matches.some((other) => superseded.get(other.rule)?.includes(match.rule) && other.start < match.end && match.start < other.end),
  );
}

/** Suppressions in searched functions that nothing needs. Of a rule that is unknown here, nothing is said: it may be another tool's or the user's own. */
function unusedOf(
  suppressions: readonly Suppression[],
  matches: readonly ScannedMatch[],
  searched: readonly Owner[],
  root: SyntaxNode,
  rules: readonly PatternRule[],
  text: string,
): UnusedSuppression[] {
  const known = new Set(rules.map(({ id }) => id));
  const starts = suppressions.length > 0 ? lineStarts(text) : [];
  return suppressions.flatMap(({ line, target, column, endColumn, rules: named }) => {
    if (named.some((rule) => !known.has(rule))) return [];
    if (matches.some((match) => suppresses({ line, target, column, endColumn, rules: named }, match.rule, [match.line, match.endLine]))) return [];
    const at = root.descendantForIndex((starts[line] ?? 0) + column, (starts[line] ?? 0) + column + 1);
    const around = at && ownerOf(at);
    const owner = searched.find(({ node }) => node.id === around?.id && isFunction(node));
    return owner ? [{ line, column, endColumn, rules: named, owners: owner.rows }] : [];
  });
}
