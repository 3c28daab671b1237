import type * as t from '@babel/types';
import { type FunctionNode, isFunction, keyName, nameOf } from './function-names';

/** Longer arguments say more of what is passed than of what is called, and longer lists of them too. */
const MAX_ARGUMENT = 40;
const MAX_ARGUMENTS = 80;

/**
 * What stands in for the name of a function that has none, as TypeScript's outline has it, which VS Code's
 * breadcrumbs show: `rows.map() callback`, `app.get("/") callback`; of a JSX attribute, what it is an
 * attribute in: `onClick in Cart`. Undefined where it is no argument and no attribute.
 */
export function roleOf(node: FunctionNode, parents: readonly t.Node[]): string | undefined {
  if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression') return undefined;
  let depth = parents.length - 1;
  let value: t.Node = node;
  while (depth >= 0 && isWrapper(parents[depth] as t.Node)) value = parents[depth--] as t.Node;
  const parent = parents[depth];
  switch (parent?.type) {
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      return (parent.arguments as readonly t.Node[]).includes(value) ? callbackOf(parent) : undefined;
    case 'JSXExpressionContainer': {
      const attribute = parents[depth - 1];
      if (attribute?.type !== 'JSXAttribute') return undefined;
      const name = attribute.name.type === 'JSXIdentifier' ? attribute.name.name : `${attribute.name.namespace.name}:${attribute.name.name.name}`;
      const owner = ownerOf(parents.slice(0, depth - 1));
      return owner === undefined ? name : `${name} in ${owner}`;
    }
    default:
      return undefined;
  }
}

const isWrapper = ({ type }: t.Node): boolean =>
  type === 'ParenthesizedExpression' || type === 'TSAsExpression' || type === 'TSSatisfiesExpression' || type === 'TSNonNullExpression';

/** `rows.map() callback`, with the texts among the arguments. */
function callbackOf(call: t.CallExpression | t.OptionalCallExpression | t.NewExpression): string | undefined {
  const callee = calleeName(call.callee);
  if (callee === undefined) return undefined;
  const texts = (call.arguments as readonly t.Node[]).map(textOf).filter((text) => text !== undefined);
  const list = texts.join(', ');
  const given = list.length > MAX_ARGUMENTS || texts.some(({ length }) => length > MAX_ARGUMENT) ? '' : list;
  return `${call.type === 'NewExpression' ? 'new ' : ''}${callee}(${given}) callback`;
}

function textOf(node: t.Node): string | undefined {
  if (node.type === 'StringLiteral') return typeof node.extra?.raw === 'string' ? node.extra.raw : JSON.stringify(node.value);
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return `\`${node.quasis.map(({ value }) => value.raw).join('')}\``;
}

/** `rows.map`; of a chain of calls the last one's name. An explicit loop: chains may be long. */
function calleeName(callee: t.Node): string | undefined {
  const names: string[] = [];
  let at: t.Node = callee;
  for (;;) {
    if (isWrapper(at)) at = (at as t.ParenthesizedExpression).expression;
    else if (at.type === 'MemberExpression' || at.type === 'OptionalMemberExpression') {
      const name = at.computed ? undefined : keyName(at.property, false);
      if (name === undefined) break;
      names.unshift(name);
      at = at.object;
    } else {
      if (at.type === 'Identifier') names.unshift(at.name);
      break;
    }
  }
  return names.length === 0 ? undefined : names.join('.');
}

/** The nearest function around with a name; a method with its class. */
function ownerOf(parents: readonly t.Node[]): string | undefined {
  for (let depth = parents.length - 1; depth >= 0; depth--) {
    const node = parents[depth] as t.Node;
    if (!isFunction(node)) continue;
    const name = nameOf(node, parents.slice(0, depth)).name.replace(/^.*\.(?=[^.]+$)/, '');
    if (name === '' || name === 'default') continue;
    const owner = parents[depth - 2];
    const isMethod = node.type === 'ClassMethod' && (owner?.type === 'ClassDeclaration' || owner?.type === 'ClassExpression');
    return isMethod && owner.id && node.kind !== 'constructor' ? `${owner.id.name}.${name}` : name;
  }
  return undefined;
}
