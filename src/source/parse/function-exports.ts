import type * as t from '@babel/types';
import type { ExportPath } from '../../shared/recipe';
import { type FunctionNode, keyName, memberPath } from './function-names';

/** What gives the name of an export by its local name. */
export type NamesOf = Pick<ReadonlyMap<string, string>, 'get'>;

/** Local name -> exported name, for declarations exported in place or in a list, and CommonJS exports of identifiers. */
export function collectExports(program: t.Program): Map<string, string> {
  const names = new Map<string, string>();
  for (const node of program.body) {
    if (node.type === 'ExportNamedDeclaration' && !node.source) {
      for (const specifier of node.specifiers) {
        if (specifier.type !== 'ExportSpecifier') continue;
        names.set(specifier.local.name, specifier.exported.type === 'Identifier' ? specifier.exported.name : specifier.exported.value);
      }
      const { declaration } = node;
      if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') {
        if (declaration.id) names.set(declaration.id.name, declaration.id.name);
      } else if (declaration?.type === 'VariableDeclaration') {
        for (const { id } of declaration.declarations) if (id.type === 'Identifier') names.set(id.name, id.name);
      }
    } else if (node.type === 'ExportDefaultDeclaration') {
      const { declaration } = node;
      if (declaration.type === 'Identifier') names.set(declaration.name, 'default');
      else if ((declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id)
        names.set(declaration.id.name, 'default');
    } else if (node.type === 'ExpressionStatement' && node.expression.type === 'AssignmentExpression') {
      const { left, right } = node.expression;
      const target = left.type === 'MemberExpression' ? memberPath(left) : undefined;
      if (target === 'module.exports') {
        if (right.type === 'Identifier') names.set(right.name, 'default');
        if (right.type === 'ObjectExpression') {
          for (const property of right.properties) {
            if (property.type === 'ObjectProperty' && property.value.type === 'Identifier')
              names.set(property.value.name, keyName(property.key, property.computed) ?? property.value.name);
          }
        }
      } else if (target?.match(/^(module\.)?exports\.[^.]+$/) && right.type === 'Identifier') names.set(right.name, target.slice(target.lastIndexOf('.') + 1));
    }
  }
  return names;
}

/** How a function is reached from outside of its module; undefined where it is not. */
export function exportOf(node: FunctionNode, parents: readonly t.Node[], exportedNames: NamesOf): ExportPath | undefined {
  const parent = parents.at(-1) as t.Node;
  if (node.type === 'ClassMethod') {
    const owner = parents.at(-2);
    if (node.kind === 'constructor' || node.kind === 'set' || !owner || (owner.type !== 'ClassDeclaration' && owner.type !== 'ClassExpression'))
      return undefined;
    const outer = exportOfValue(owner, parents.slice(0, -2), exportedNames);
    const name = keyName(node.key, node.computed === true);
    return outer && !outer.method && name !== undefined
      ? { name: outer.name, method: { name, isStatic: node.static === true, isGetter: node.kind === 'get' } }
      : undefined;
  }
  if (node.type === 'ClassPrivateMethod') return undefined;
  if (node.type === 'ObjectMethod') {
    const object = parent;
    const key = keyName(node.key, node.computed);
    return node.kind === 'method' && key !== undefined && isModuleExportsObject(object, parents.slice(0, -1)) ? { name: key } : undefined;
  }
  if (parent.type === 'ClassProperty' && parent.value === node) {
    const owner = parents.at(-3);
    const outer = owner && exportOfValue(owner, parents.slice(0, -3), exportedNames);
    const name = keyName(parent.key, parent.computed === true);
    return outer && name !== undefined ? { name: outer.name, method: { name, isStatic: parent.static === true, isGetter: false } } : undefined;
  }
  return exportOfValue(node, parents, exportedNames);
}

/** How a top-level function or class is exported. */
function exportOfValue(node: t.Node, parents: readonly t.Node[], exportedNames: NamesOf): ExportPath | undefined {
  const parent = parents.at(-1);
  if (!parent) return undefined;
  if (parent.type === 'ExportDefaultDeclaration') return { name: 'default' };
  const isTop = (one: t.Node | undefined): boolean => one?.type === 'Program' || one?.type === 'ExportNamedDeclaration';
  if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && isTop(parent)) {
    const name = node.id && exportedNames.get(node.id.name);
    return name === undefined || name === null ? undefined : { name };
  }
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier' && isTop(parents.at(-3))) {
    const name = exportedNames.get(parent.id.name);
    return name === undefined ? undefined : { name };
  }
  if (parent.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression') {
    const target = memberPath(parent.left);
    if (target === 'module.exports') return { name: 'default' };
    const match = /^(?:module\.)?exports\.([^.]+)$/.exec(target ?? '');
    return match ? { name: match[1] as string } : undefined;
  }
  if (parent.type === 'ObjectProperty') {
    const key = keyName(parent.key, parent.computed);
    return key !== undefined && isModuleExportsObject(parents.at(-2), parents.slice(0, -2)) ? { name: key } : undefined;
  }
  return undefined;
}

function isModuleExportsObject(node: t.Node | undefined, parents: readonly t.Node[]): boolean {
  const parent = parents.at(-1);
  return (
    node?.type === 'ObjectExpression' &&
    parent?.type === 'AssignmentExpression' &&
    parent.left.type === 'MemberExpression' &&
    memberPath(parent.left) === 'module.exports'
  );
}
