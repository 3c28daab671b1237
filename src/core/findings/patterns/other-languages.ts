/**
 * Functions and loops of Python, Go and Java, as tree-sitter has them. What the
 * rules share about JavaScript's stands in `syntax.ts`, which asks here for the rest.
 */
import type { SyntaxNode } from './syntax';

const functionTypes = new Set([
  // Python
  'function_definition',
  'lambda',
  // Go; `function_declaration` is JavaScript's name too
  'method_declaration',
  'func_literal',
  // Java; its methods have Go's name
  'constructor_declaration',
  'compact_constructor_declaration',
  'lambda_expression',
]);

/** Comprehensions are loops: what stands in them runs once for each element. */
const comprehensions = new Set(['list_comprehension', 'set_comprehension', 'dictionary_comprehension', 'generator_expression']);

/** Methods of Java's collections and streams, and functions of Go, that call what they are given once for each element. */
const loopingCallees =
  /^(?:map|filter|forEach|forEachOrdered|mapToInt|mapToLong|mapToDouble|mapToObj|flatMap|anyMatch|allMatch|noneMatch|removeIf|replaceAll|reduce|sort|sorted|min|max|takeWhile|dropWhile|peek|(?:sort\.(?:Slice|SliceStable|Search)|slices\.(?:SortFunc|SortStableFunc|IndexFunc|ContainsFunc|DeleteFunc)|strings\.(?:Map|FieldsFunc|IndexFunc)))$/;

export const isOtherFunction = (node: SyntaxNode): boolean => functionTypes.has(node.type);
export const isOtherLoop = (node: SyntaxNode): boolean => node.type === 'enhanced_for_statement' || comprehensions.has(node.type);

/** The call that a function is an argument of, or that calls it on the spot. */
export function otherCallOf(fn: SyntaxNode): SyntaxNode | undefined {
  const call = fn.parent?.type === 'argument_list' ? fn.parent.parent : null;
  return call ?? undefined;
}

/** Whether a function is called by the function it stands in, once an element. */
export function isOtherLoopingCallback(fn: SyntaxNode): boolean {
  if (fn.type === 'lambda') return false; // a key of sorted, say: not for certain
  const call = otherCallOf(fn);
  const callee = (call?.childForFieldName('name') ?? call?.childForFieldName('function'))?.text;
  return callee !== undefined && loopingCallees.test(callee);
}

/** Whether a function runs while the one around it does. */
export function isOtherInline(fn: SyntaxNode): boolean {
  if (fn.type === 'lambda' || fn.type === 'lambda_expression') return fn.type === 'lambda' || isOtherLoopingCallback(fn);
  if (fn.type !== 'func_literal') return false;
  if (isOtherLoopingCallback(fn)) return true;
  const call = fn.parent?.type === 'call_expression' && fn.parent.childForFieldName('function')?.id === fn.id ? fn.parent : undefined;
  return call !== undefined && call.parent?.type !== 'defer_statement' && call.parent?.type !== 'go_statement';
}

/** Whether a node within a loop is worked out once, before its first turn: what is iterated over, what it begins with. */
export function isBeforeFirstTurn(loop: SyntaxNode, node: SyntaxNode): boolean {
  const clause = loop.namedChildren.find(({ type }) => type === 'for_in_clause' || type === 'for_clause' || type === 'range_clause');
  const parts = [
    loop.type === 'for_statement' ? loop.childForFieldName('right') : null,
    loop.childForFieldName('init'),
    loop.childForFieldName('value'),
    clause?.childForFieldName('right'),
    clause?.childForFieldName('initializer'),
  ];
  return parts.some((part) => part && node.startIndex >= part.startIndex && node.endIndex <= part.endIndex);
}

const assigning = new Set([
  'assignment',
  'augmented_assignment',
  'named_expression',
  'assignment_statement',
  'short_var_declaration',
  'inc_statement',
  'dec_statement',
  'range_clause',
  'var_spec',
  'assignment_expression',
  'update_expression',
  'variable_declarator',
  'enhanced_for_statement',
  'for_in_clause',
  'for_statement',
  'with_item',
]);

/** Whether an expression has no call in it and nothing that it names is assigned in a loop. */
export function isOtherInvariant(expression: SyntaxNode, loop: SyntaxNode, within: (node: SyntaxNode) => Iterable<SyntaxNode>): boolean {
  const names = new Set<string>();
  for (const node of within(expression)) {
    if (/^(?:call|call_expression|method_invocation|object_creation_expression|await|lambda.*|func_literal)$/.test(node.type)) return false;
    if (/identifier$/.test(node.type)) names.add(node.text);
  }
  if (names.size === 0) return true;
  for (const node of within(loop)) {
    if (!assigning.has(node.type)) continue;
    const target =
      node.childForFieldName('left') ?? node.childForFieldName('name') ?? (/^(?:inc|dec|update)_/.test(node.type) ? node.namedChildren[0] : undefined);
    if (!target) continue;
    for (const one of within(target)) if (/identifier$/.test(one.type) && names.has(one.text)) return false;
  }
  return true;
}
