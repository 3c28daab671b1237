/** Objects whose hidden class depends on conditions. */
import { type SyntaxNode, unwrapped } from '../syntax';
import { operatorOf } from '../values';

/** So many conditions give eight shapes; V8 reads properties fast of up to four in one place. */
const CONDITIONS = 3;

/** `{ id, ...(a && { a }), ...(b ? { b } : {}), ...(c && { c }) }` */
export function hasManyShapes(object: SyntaxNode): boolean {
  return object.namedChildren.filter((one) => one.type === 'spread_element' && isConditional(one.namedChildren[0])).length >= CONDITIONS;
}

/** Whether what is spread is an object by a condition: its properties are there or not. */
function isConditional(spread: SyntaxNode | undefined): boolean {
  const node = spread && unwrapped(spread);
  if (node?.type === 'binary_expression') return operatorOf(node) === '&&' && isFilled(node.childForFieldName('right'));
  if (node?.type !== 'ternary_expression') return false;
  const ways = ['consequence', 'alternative'].map((side) => node.childForFieldName(side));
  return ways.filter(isFilled).length === 1;
}

const isFilled = (node: SyntaxNode | null): boolean => node !== null && unwrapped(node).type === 'object' && unwrapped(node).namedChildren.length > 0;
