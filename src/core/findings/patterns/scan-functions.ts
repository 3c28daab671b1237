import { functionFinder, isNameless } from './find-function';
import { isScript } from './pattern-rule';
import type { FileJob, FunctionRow } from './scan';
import { bodyOf, escapeRegExp, isFunction, isInline, nodesWithin, ownerOf, type SyntaxNode } from './syntax';

/** A function that the profile has rows for. */
export interface Owner {
  readonly node: SyntaxNode;
  readonly rows: number[];
  isHot: boolean;
}

/** The functions of a text that a profile speaks of. */
export interface FoundFunctions {
  /** By the node's id. */
  readonly owners: ReadonlyMap<number, Owner>;
  readonly callbacks: readonly { readonly owner: number; readonly callback: number }[];
  readonly missing: number;
}

/** Finds the rows' functions; those from `cutAt` on, an offset, are not whole. */
export function functionsOf(root: SyntaxNode, job: FileJob, cutAt: number): FoundFunctions {
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
  if (job.isWhole) {
    for (const node of nodesWithin(root))
      if (isFunction(node) && !isInline(node) && !owners.has(node.id) && node.endIndex < cutAt) owners.set(node.id, { node, rows: [], isHot: false });
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

/** The offset of each line. */
export function lineStarts(text: string): number[] {
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
