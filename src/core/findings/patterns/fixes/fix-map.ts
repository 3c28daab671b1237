import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { methodOf, namedArguments, receiverOf, type SyntaxNode, unwrapped } from '../syntax';
import { annotationOf, declarationOf } from '../values';
import { replace } from './fix-edits';

/**
 * A Map or a Set is asked itself, where that gives the same:
 *
 *   Array.from(m.keys()).includes(k)  -> m.has(k)       [...s].includes(x) -> s.has(x)
 *   [...m.keys()].length, [...m].length -> m.size       [...m.values()][0] -> m.values().next().value
 *
 * What looks for something else in the values, or takes a Map's keys for texts, has none.
 */
export function askMap({ node, captures }: CaughtMatch): TextEdit[] | undefined {
  const copied = captures.get('M');
  const text = copied && asked(node, unwrapped(copied));
  return text === undefined ? undefined : [replace(node, text)];
}

function asked(node: SyntaxNode, copied: SyntaxNode): string | undefined {
  const method = methodOf(node);
  if (method === 'includes') {
    const [value, ...rest] = namedArguments(node);
    const keys = keysOf(copied);
    return keys !== undefined && value && value.type !== 'spread_element' && rest.length === 0 ? `${keys}.has(${value.text})` : undefined;
  }
  if (node.type === 'member_expression' && node.childForFieldName('property')?.text === 'length') {
    const whole = isList(copied) ? receiverOf(copied)?.text : isSimple(copied) ? copied.text : undefined;
    return whole === undefined || isAssigned(node) ? undefined : `${whole}.size`;
  }
  if (node.type !== 'subscript_expression' || node.childForFieldName('index')?.text !== '0' || isAssigned(node)) return undefined;
  return isList(copied) ? `${copied.text}.next().value` : undefined;
}

/** What has the values that a copy holds as its keys: `m` of `m.keys()`, a Set itself or its `values()`. */
function keysOf(copied: SyntaxNode): string | undefined {
  if (isList(copied)) {
    const receiver = receiverOf(copied);
    if (methodOf(copied) === 'keys') return receiver?.text;
    return methodOf(copied) === 'values' && receiver && isSet(receiver) ? receiver.text : undefined;
  }
  return isSet(copied) ? copied.text : undefined;
}

const isList = (node: SyntaxNode): boolean => node.type === 'call_expression' && /^(?:keys|values|entries)$/.test(methodOf(node) ?? '');
const isSimple = (node: SyntaxNode): boolean => /^(?:identifier|member_expression)$/.test(node.type);

/** A variable that is a Set by its declaration. */
function isSet(node: SyntaxNode): boolean {
  if (node.type !== 'identifier') return false;
  const declarator = declarationOf(node)?.node;
  const value = declarator?.childForFieldName('value');
  const type = declarator && annotationOf(declarator);
  return /^(?:Readonly)?Set\b/.test(type ?? '') || (value?.type === 'new_expression' && value.childForFieldName('constructor')?.text === 'Set');
}

const isAssigned = ({ id, parent }: SyntaxNode): boolean =>
  /^(?:assignment|augmented_assignment|update)_expression$/.test(parent?.type ?? '') && parent?.childForFieldName('right')?.id !== id;
