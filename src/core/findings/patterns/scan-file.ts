/**
 * Searches the hot functions of one source text for patterns: syntax only, what the
 * profile says of the matches comes afterwards. Offsets are UTF-16, lines and
 * columns 0-based and of the text as it is.
 */
import { type CaughtMatch, holds } from './conditions';
import { workFacts } from './facts/work-facts';
import { type Fixer, fixerOf } from './fixes/fixer';
import { packageOf } from './imports';
import { ownRegion } from './own-region';
import { isScript, type PatternRule } from './pattern-rule';
import type { FileJob, FileScan, Hit, ScannedMatch, SyntaxEngine, UnusedSuppression } from './scan';
import { type FoundFunctions, functionsOf, lineStarts, type Owner } from './scan-functions';
import { type Suppression, suppresses, suppressionsIn } from './suppressions';
import { bodyOf, isFunction, isInline, ownerOf, type SyntaxNode } from './syntax';

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
      if (!owner.isHot && !job.isWhole) continue;
      if (owner.isHot) searched.push(owner);
      matches.push(...searchOwner(engine, rules, job, owner, found, { begin, isPiece: Number.isFinite(cutAt), fixer }));
    }
    const suppressions = suppressionsIn(text, (offset) => tree.root.descendantForIndex(offset, offset + 1)?.type.includes('comment') === true);
    const told = suppressions.length > 0 ? withSuppressions(matches, suppressions) : matches;
    return {
      matches: withoutSuperseded(told, rules),
      callbacks: found.callbacks,
      facts: isScript(language) && !Number.isFinite(cutAt) && !job.isAllHot ? workFacts(found, { root: tree.root, tops: job.tops ?? [] }) : [],
      unused: unusedOf(suppressions, told, searched, tree.root, rules, text),
      scanned: searched.length,
      missing: found.missing,
      tooLong: 0,
    };
  } finally {
    tree.close();
  }
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
  const around = isFunction(owner.node) && isInline(owner.node) ? found.owners.get(ownerOf(owner.node).id) : undefined;
  if (around && (around.isHot || (job.isWhole && !owner.isHot))) return [];
  const region = ownRegion(owner.node, job.text, 0);
  const wanted = [...rules.entries()].filter(
    ([, rule]) =>
      (owner.isHot || rule.packages !== undefined) &&
      rule.languages.includes(language) &&
      !job.skippedRules.includes(rule.id) &&
      rule.words.some((word) => region.text.includes(word)),
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
  const around: number[] = [];
  for (const { node: fn, rows } of found.owners.values()) {
    if (fn.id !== owner.id && fn.startIndex >= node.startIndex && fn.endIndex <= node.endIndex) inner.push(...rows);
    else if (fn.id !== owner.id && fn.startIndex > owner.startIndex && fn.startIndex < node.startIndex && fn.endIndex >= node.endIndex) around.push(...rows);
  }
  return {
    rule: rule.id,
    ownerName: (owner.childForFieldName('name') ?? owner.parent?.childForFieldName('name'))?.text.slice(0, 100) ?? '',
    start: node.startIndex,
    end: node.endIndex,
    line: node.startPosition.row,
    column: node.startPosition.column,
    endLine: node.endPosition.row,
    endColumn: node.endPosition.column,
    shownAt: methodAt(node),
    inner,
    around,
    callees: (rule.frames ?? []).flatMap((frame) => (frame.startsWith('$') ? calleesOf(captures.get(frame.slice(1))) : [frame])),
    texts: Object.fromEntries([...captures].map(([name, { text }]) => [name, text.slice(0, 200)])),
    fix: fixer(rule, caught),
    isSuppressed: false,
  };
}

/**
 * Of a call whose receiver takes lines before it, the name of its method:
 *
 *   return text      // the call begins here
 *     .split(' ')
 *     .reduce(…)     // and is shown here
 */
function methodAt(node: SyntaxNode): { line: number; column: number } | undefined {
  const callee = node.childForFieldName('function');
  const name = callee?.childForFieldName('property') ?? callee?.childForFieldName('attribute') ?? callee?.childForFieldName('field');
  if (!name || name.startPosition.row === node.startPosition.row) return undefined;
  return { line: name.startPosition.row, column: name.startPosition.column };
}

/** Lines a comment before which silences a match. */
const linesOf = ({ line, endLine, shownAt }: ScannedMatch): number[] => [line, endLine, ...(shownAt ? [shownAt.line] : [])];

/** `db.query(…)` and `db.query` -> `query`. */
function calleeName(node: SyntaxNode | undefined): string {
  const callee = node?.childForFieldName('function') ?? node;
  const name = callee?.childForFieldName('property') ?? callee?.childForFieldName('attribute') ?? callee?.childForFieldName('field') ?? callee;
  return name?.text.slice(0, 100) ?? '';
}

/** The name of what is called, and the package that it comes from: what it calls there may have other names. */
function calleesOf(node: SyntaxNode | undefined): string[] {
  const name = calleeName(node);
  const from = node && packageOf(node);
  return [...(name === '' ? [] : [name]), ...(from === undefined ? [] : [`package:${from}`])];
}

function withSuppressions(matches: readonly ScannedMatch[], suppressions: readonly Suppression[]): ScannedMatch[] {
  return matches.map((match) => ({ ...match, isSuppressed: suppressions.some((one) => suppresses(one, match.rule, linesOf(match))) }));
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
    if (matches.some((match) => suppresses({ line, target, column, endColumn, rules: named }, match.rule, linesOf(match)))) return [];
    const at = root.descendantForIndex((starts[line] ?? 0) + column, (starts[line] ?? 0) + column + 1);
    const around = at && ownerOf(at);
    const owner = searched.find(({ node }) => node.id === around?.id && isFunction(node));
    return owner ? [{ line, column, endColumn, rules: named, owners: owner.rows }] : [];
  });
}
