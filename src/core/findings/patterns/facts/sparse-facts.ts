/** Arrays that V8 keeps as a table of numbers and values, because what is written leaves too much empty. */
import { isFunction, loopsAround, namedArguments, nodesWithin, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf, operatorOf } from '../values';

/** V8's `JSObject::kMaxGap`: a write that is this far beyond an array's room makes a table of it. */
const MAX_GAP = 1024;
/** V8's `JSArray::kInitialMaxFastElementArray`: `new Array(n)` of more is a table from the beginning. */
const MAX_FAST = 32 * 1024 * 1024;

/**
 * Whether an assignment to an element in a loop makes or fills such an array, by what is written:
 *
 *   a[i * 2000] = x          places far apart, in an array that begins empty
 *   a[5000000] = x; a[i] = y one place far away
 *   for (let i = 99999; …; i--) a[i] = x   from its end
 *   new Array(50000000)      more than V8 sets aside at once
 */
export function isSparse(assignment: SyntaxNode): boolean {
  const place = assignment.childForFieldName('left');
  const array = place?.childForFieldName('object');
  const index = place?.childForFieldName('index');
  if (place?.type !== 'subscript_expression' || array?.type !== 'identifier' || !index) return false;
  const declaration = declarationOf(array);
  const value = declaration?.node.type === 'variable_declarator' ? declaration.node.childForFieldName('value') : null;
  if (!declaration || !value || loopsAround(assignment).length === 0) return false;
  const made = unwrapped(value);
  const length = lengthOf(made);
  if (length !== undefined && length > MAX_FAST) return true;
  // An array that begins with elements, or with room for them, is another matter.
  if (!(made.type === 'array' && made.namedChildren.length === 0) && length !== 0) return false;
  return stepOf(unwrapped(index)) > MAX_GAP || isFilledFromEnd(index, assignment) || isSetFarAway(array, declaration.scope);
}

/** `new Array(n)`, `Array(n)`, of a known n. */
function lengthOf(made: SyntaxNode): number | undefined {
  const callee = made.childForFieldName('constructor') ?? made.childForFieldName('function');
  if (!/^(?:new|call)_expression$/.test(made.type) || callee?.text !== 'Array') return undefined;
  const given = namedArguments(made);
  if (given.length === 0) return 0;
  return given.length === 1 ? numberOf(given[0] as SyntaxNode) : undefined;
}

/** A number that is written, or the value of a constant that is one. */
function numberOf(expression: SyntaxNode): number | undefined {
  const node = unwrapped(expression);
  if (node.type === 'number') return /n$/.test(node.text) ? undefined : Number(node.text.replaceAll('_', ''));
  if (node.type === 'binary_expression') {
    const [left, right] = ['left', 'right'].map((side) => numberOf(node.childForFieldName(side) ?? node.namedChildren[0] ?? node));
    if (left === undefined || right === undefined) return undefined;
    const operator = operatorOf(node);
    return operator === '-' ? left - right : operator === '+' ? left + right : operator === '*' ? left * right : operator === '**' ? left ** right : undefined;
  }
  if (node.type !== 'identifier') return undefined;
  const declarator = declarationOf(node)?.node;
  const value = declarator?.type === 'variable_declarator' && declarator.parent?.text.startsWith('const') ? declarator.childForFieldName('value') : null;
  return value?.type === 'number' ? numberOf(value) : undefined;
}

/** How far apart the places are that an index counts: the factor of `i * 4096`, `4096 * i` and `i << 12`; else 0. */
function stepOf(index: SyntaxNode): number {
  if (index.type !== 'binary_expression') return 0;
  const operator = operatorOf(index);
  const sides = ['left', 'right'].map((side) => index.childForFieldName(side));
  const numbers = sides.map((side) => (side ? numberOf(side) : undefined));
  if (operator === '*') return numbers.filter((one) => one !== undefined).length === 1 ? Math.abs(numbers[0] ?? numbers[1] ?? 0) : 0;
  if (operator === '<<') return numbers[1] === undefined ? 0 : 2 ** numbers[1];
  // `i * 4096 + 1`
  if (operator === '+' || operator === '-') return Math.max(...sides.map((side) => (side ? stepOf(unwrapped(side)) : 0)));
  return 0;
}

/** `for (let i = 99999; i >= 0; i--)` around `a[i] = …`. */
function isFilledFromEnd(index: SyntaxNode, assignment: SyntaxNode): boolean {
  const [loop] = loopsAround(assignment);
  if (loop?.type !== 'for_statement' || index.type !== 'identifier') return false;
  const down = loop.childForFieldName('increment');
  if (down?.type !== 'update_expression' || !down.text.includes('--') || down.childForFieldName('argument')?.text !== index.text) return false;
  const initializer = loop.childForFieldName('initializer');
  const declarator = initializer?.namedChildren.find((one) => one.childForFieldName('name')?.text === index.text);
  const from = declarator?.childForFieldName('value');
  return from !== undefined && from !== null && (numberOf(from) ?? 0) > 2 * MAX_GAP;
}

/** Whether a place of an array is set that is far away by itself, outside of loops: `a[5_000_000] = 0`. */
function isSetFarAway(array: SyntaxNode, scope: SyntaxNode): boolean {
  for (const node of nodesWithin(scope, (one) => one.id === scope.id || !isFunction(one))) {
    if (node.type !== 'assignment_expression') continue;
    const place = node.childForFieldName('left');
    if (place?.type !== 'subscript_expression' || place.childForFieldName('object')?.text !== array.text) continue;
    const index = place.childForFieldName('index');
    if (index && (numberOf(index) ?? 0) > 100 * MAX_GAP) return true;
  }
  return false;
}
