import type * as t from '@babel/types';

/** A function of the syntax tree with code or without. */
export type FunctionNode = t.FunctionDeclaration | t.FunctionExpression | t.ArrowFunctionExpression | t.ObjectMethod | t.ClassMethod | t.ClassPrivateMethod;

export const isFunction = (node: t.Node): node is FunctionNode =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression' ||
  node.type === 'ObjectMethod' ||
  node.type === 'ClassMethod' ||
  node.type === 'ClassPrivateMethod';

/** A name as V8 infers it, and the node that gives it. */
export interface Named {
  readonly name: string;
  readonly node: t.Node | undefined;
}

/** The name that V8 gives a function. */
export function nameOf(node: FunctionNode, parents: readonly t.Node[]): Named {
  const parent = parents.at(-1) as t.Node;
  if (node.type === 'ObjectMethod' || node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') {
    if (node.kind === 'constructor') {
      const owner = parents.at(-2);
      const id = owner && (owner.type === 'ClassDeclaration' || owner.type === 'ClassExpression') ? owner.id : undefined;
      return { name: id?.name ?? (owner ? valueName(owner, parents.slice(0, -2)).name : ''), node: node.key };
    }
    const key = keyName(node.key, 'computed' in node && node.computed === true);
    const prefix = node.kind === 'get' ? 'get ' : node.kind === 'set' ? 'set ' : '';
    return { name: key === undefined ? '' : prefix + key, node: node.key };
  }
  if ('id' in node && node.id) return { name: node.id.name, node: node.id };
  if (node.type === 'FunctionDeclaration' && parent.type === 'ExportDefaultDeclaration') return { name: 'default', node: undefined };
  return valueName(node, parents);
}

/** The name that a function or class without one takes from where it is put. */
function valueName(node: t.Node, parents: readonly t.Node[]): Named {
  let depth = parents.length - 1;
  let parent = parents[depth];
  while (
    parent &&
    (parent.type === 'TSAsExpression' ||
      parent.type === 'TSSatisfiesExpression' ||
      parent.type === 'TSNonNullExpression' ||
      parent.type === 'ParenthesizedExpression')
  ) {
    depth--;
    parent = parents[depth];
  }
  const value = depth === parents.length - 1 ? node : parents[depth + 1];
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.init === value && parent.id.type === 'Identifier' ? { name: parent.id.name, node: parent.id } : nothing;
    case 'AssignmentExpression':
      if (parent.right !== value) return nothing;
      if (parent.left.type === 'Identifier') return { name: parent.left.name, node: parent.left };
      if (parent.left.type === 'MemberExpression') return { name: memberPath(parent.left) ?? '', node: parent.left };
      return nothing;
    case 'AssignmentPattern':
      return parent.right === value && parent.left.type === 'Identifier' ? { name: parent.left.name, node: parent.left } : nothing;
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassAccessorProperty':
      return parent.value === value ? { name: keyName(parent.key, parent.computed === true) ?? '', node: parent.key } : nothing;
    case 'ClassPrivateProperty':
      return parent.value === value ? { name: keyName(parent.key, false) ?? '', node: parent.key } : nothing;
    case 'ExportDefaultDeclaration':
      return { name: 'default', node: undefined };
    default:
      return nothing;
  }
}

const nothing: Named = { name: '', node: undefined };

/** The text of a property's key; undefined for a computed one. */
export function keyName(key: t.Node, computed: boolean): string | undefined {
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  if (key.type === 'StringLiteral') return key.value;
  if (key.type === 'NumericLiteral') return String(key.value);
  if (computed) return undefined;
  return key.type === 'Identifier' ? key.name : undefined;
}

/** `a.b.c`, the name that V8 infers for a function assigned there. */
export function memberPath(node: t.MemberExpression): string | undefined {
  const property = node.computed ? (node.property.type === 'StringLiteral' ? node.property.value : undefined) : keyName(node.property, false);
  if (property === undefined) return undefined;
  if (node.object.type === 'Identifier') return `${node.object.name}.${property}`;
  if (node.object.type === 'MemberExpression') {
    const object = memberPath(node.object);
    return object === undefined ? property : `${object}.${property}`;
  }
  return property;
}
