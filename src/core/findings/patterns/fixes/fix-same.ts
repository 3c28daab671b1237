import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { widestSameLoop } from '../facts/same-facts';
import { calledFunction } from '../facts/settled-facts';
import { isFunction, isLoopStatement, methodOf, namedArguments, nodesWithin, resultOf, type SyntaxNode, unwrapped } from '../syntax';
import { operatorOf } from '../values';
import { freshName, lineBefore, replace } from './fix-edits';
import { runsAnyway, statementAround } from './fix-hoist';

/** `for (…) f(total(rows))` -> `const unchanged = total(rows); for (…) f(unchanged)`, where nobody could change what all turns then share. */
export function hoistSame({ node }: CaughtMatch): TextEdit[] | undefined {
  const loop = widestSameLoop(node);
  if (!loop || !(givesPrimitive(node, 0) || isOnlyRead(node))) return undefined;
  if (isLoopStatement(loop) && loop.parent?.type !== 'program' && loop.parent?.type !== 'statement_block') return undefined;
  const place = statementAround(loop);
  if (!place || !runsAnyway(node, place, 'loop')) return undefined;
  const name = freshName('unchanged', node);
  return [lineBefore(place, `const ${name} = ${node.text};`), replace(node, name)];
}

const NUMBERS_AND_TEXTS = /^(?:join|indexOf|includes|some|every|findIndex|findLastIndex|toLowerCase|toUpperCase|trim|charAt|charCodeAt|toFixed)$/;

/** Whether an expression gives a number, a text or a truth value, by its syntax. */
function givesPrimitive(expression: SyntaxNode, steps: number): boolean {
  const node = unwrapped(expression);
  if (steps > 4) return false;
  switch (node.type) {
    case 'number':
    case 'string':
    case 'template_string':
    case 'true':
    case 'false':
    case 'null':
    case 'undefined':
    case 'unary_expression':
    case 'update_expression':
      return true;
    case 'binary_expression': {
      if (!/^(?:&&|\|\||\?\?)$/.test(operatorOf(node))) return true;
      return ['left', 'right'].every((side) => givesPrimitive(node.childForFieldName(side) ?? node, steps + 1));
    }
    case 'ternary_expression':
      return ['consequence', 'alternative'].every((side) => givesPrimitive(node.childForFieldName(side) ?? node, steps + 1));
    case 'member_expression':
      return node.childForFieldName('property')?.text === 'length';
    case 'call_expression':
      return doesCallGivePrimitive(node, steps);
    case 'identifier':
      return isSum(node);
    default:
      return false;
  }
}

function doesCallGivePrimitive(call: SyntaxNode, steps: number): boolean {
  if (/^(?:Math\.\w+|Number|String|Boolean|parseInt|parseFloat)$/.test(call.childForFieldName('function')?.text ?? '')) return true;
  const method = methodOf(call) ?? '';
  if (NUMBERS_AND_TEXTS.test(method)) return true;
  if (/^reduce(?:Right)?$/.test(method)) return /^(?:number|string)$/.test(namedArguments(call)[1]?.type ?? '');
  const fn = calledFunction(call);
  if (!fn) return false;
  const result = resultOf(fn);
  if (!result || !givesPrimitive(result, steps + 1)) return false;
  for (const node of nodesWithin(fn, (one) => one.id === fn.id || !isFunction(one))) {
    if (node.type !== 'return_statement') continue;
    const value = node.namedChildren[0];
    if (value && !givesPrimitive(value, steps + 1)) return false;
  }
  return true;
}

/** A variable that begins as a number or a text: `let sum = 0`. */
function isSum(name: SyntaxNode): boolean {
  for (let scope = name.parent; scope; scope = scope.parent) {
    for (const child of scope.namedChildren) {
      if (child.type !== 'lexical_declaration' || child.startIndex > name.startIndex) continue;
      const declarator = child.namedChildren.find((one) => one.childForFieldName('name')?.text === name.text);
      if (declarator) return /^(?:number|string|template_string|true|false)$/.test(declarator.childForFieldName('value')?.type ?? '');
    }
    if (isFunction(scope)) return false;
  }
  return false;
}

/** Whether all that happens to a value where it stands is that it is read: its length, an element, a comparison, an answer of `has` or `get`. */
function isOnlyRead(node: SyntaxNode): boolean {
  let at = node;
  while (at.parent && /^(?:parenthesized_expression|non_null_expression|as_expression)$/.test(at.parent.type)) at = at.parent;
  const { parent } = at;
  if (parent?.type === 'binary_expression' || parent?.type === 'unary_expression') return !/^(?:&&|\|\||\?\?)$/.test(operatorOf(parent));
  if (parent?.type !== 'member_expression' || parent.childForFieldName('object')?.id !== at.id) return false;
  const property = parent.childForFieldName('property')?.text ?? '';
  return (
    property === 'length' || property === 'size' || (/^(?:includes|indexOf|has|some|every|join)$/.test(property) && parent.parent?.type === 'call_expression')
  );
}
