/**
 * What an expression holds for certain: by its own form, its type, or a declaration
 * that nothing assigns anew. How it is used says nothing here.
 */
import { nodesWithin, type SyntaxNode, unwrapped } from './syntax';
import { annotationOf, declarationOf, kindOfType, operatorOf } from './values';

type Kind = 'array' | 'string';

/** More steps from name to name than these are not followed. */
const MAX_STEPS = 8;

export const isCertainlyArray = (expression: SyntaxNode): boolean => isCertainly('array', expression, 0);
export const isCertainlyString = (expression: SyntaxNode): boolean => isCertainly('string', expression, 0);

/** Methods of arrays that give arrays. */
const arrayMethods = new Set('map filter flatMap flat sort reverse toSorted toReversed toSpliced with splice slice concat fill copyWithin'.split(' '));
/** Methods that give strings, whatever they are called on. */
const textMethods = new Set(
  'toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase trimStart trimEnd substring substr charAt padStart padEnd toString toFixed toISOString'.split(
    ' ',
  ),
);
/** Methods of strings that give strings, and that other objects have too. */
const stringMethods = new Set('trim slice replace replaceAll repeat normalize concat'.split(' '));

function isCertainly(kind: Kind, expression: SyntaxNode, steps: number): boolean {
  const node = unwrapped(expression);
  if (steps > MAX_STEPS) return false;
  switch (node.type) {
    case 'array':
      return kind === 'array';
    case 'string':
    case 'template_string':
      return kind === 'string';
    case 'new_expression':
      return kind === 'array' && node.childForFieldName('constructor')?.text === 'Array';
    case 'binary_expression': {
      const isSide = (name: string): boolean => {
        const side = node.childForFieldName(name);
        return side !== null && isCertainly(kind, side, steps + 1);
      };
      if (operatorOf(node) === '+') return kind === 'string' && (isSide('left') || isSide('right'));
      return /^(?:\?\?|\|\|)$/.test(operatorOf(node)) && isSide('left') && isSide('right');
    }
    case 'call_expression':
      return isCallOf(kind, node, steps);
    case 'identifier':
      return isVariableOf(kind, node, steps);
    default:
      return false;
  }
}

function isCallOf(kind: Kind, call: SyntaxNode, steps: number): boolean {
  const callee = call.childForFieldName('function');
  if (callee?.type === 'identifier') return callee.text === (kind === 'string' ? 'String' : 'Array');
  const object = callee?.childForFieldName('object');
  const method = callee?.childForFieldName('property')?.text ?? '';
  // Of `a?.b()` it may be undefined.
  if (!object || callee?.namedChildren.some(({ type }) => type === 'optional_chain')) return false;
  if (kind === 'string') {
    if (method === 'join') return isCertainly('array', object, steps + 1);
    return textMethods.has(method) || (stringMethods.has(method) && isCertainly('string', object, steps + 1));
  }
  if (object.text === 'Object') return /^(?:keys|values|entries|getOwnPropertyNames)$/.test(method);
  if (object.text === 'Array') return method === 'from' || method === 'of';
  if (method === 'split') return isCertainly('string', object, steps + 1);
  return arrayMethods.has(method) && isCertainly('array', object, steps + 1);
}

/** By its type, or by the value of a variable that no other is ever assigned to. */
function isVariableOf(kind: Kind, identifier: SyntaxNode, steps: number): boolean {
  const declaration = declarationOf(identifier);
  if (!declaration) return false;
  const { node, scope } = declaration;
  const isPlain = node.type === 'identifier' || node.childForFieldName('name')?.type === 'identifier';
  const type = isPlain ? annotationOf(node) : undefined;
  if (node.parent?.type === 'optional_parameter' && !node.parent.childForFieldName('value')) return false;
  if (type !== undefined) return kindOfType(type) === kind && !/\b(?:undefined|null)\b/.test(type);
  const value = node.type === 'variable_declarator' ? node.childForFieldName('value') : null;
  if (!isPlain || !value || !isCertainly(kind, value, steps + 1)) return false;
  return node.parent?.text.startsWith('const') === true || areAssignmentsOf(kind, identifier.text, scope, steps);
}

/** Whether nothing but values of the kind is assigned to a variable. */
function areAssignmentsOf(kind: Kind, name: string, scope: SyntaxNode, steps: number): boolean {
  const names = new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`);
  for (const node of nodesWithin(scope)) {
    if (node.type === 'update_expression' && node.childForFieldName('argument')?.text === name) return false;
    const isAssigned = /^(?:assignment_expression|augmented_assignment_expression|for_in_statement)$/.test(node.type);
    const left = isAssigned ? node.childForFieldName('left') : null;
    if (!left || left.type === 'member_expression' || left.type === 'subscript_expression' || !names.test(left.text)) continue;
    const right = node.type === 'assignment_expression' && left.text === name ? node.childForFieldName('right') : null;
    if (!right || right.text.length > 1000 || !isCertainly(kind, right, steps + MAX_STEPS)) return false;
  }
  return true;
}
