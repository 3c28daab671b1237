import type * as t from '@babel/types';
import { parseSource, walk } from './parse-functions';

/** 1-based line, 0-based column, as the syntax tree has them. */
export interface Declared {
  readonly line: number;
  readonly column: number;
}

/** Where names are declared in one source; made once for all questions about it. */
export interface Declarations {
  /** The variable of this name that is seen from a place: the innermost scope's. */
  variable(name: string, line: number, column: number): Declared | undefined;
  /** Where a property is given its first value, in the class at a place or else in the whole file. */
  property(name: string, line: number): Declared | undefined;
}

interface Found {
  readonly name: string;
  readonly at: t.SourceLocation;
  /** Of a variable: what can see it. */
  readonly scope: t.SourceLocation;
}

/** Undefined for a source that cannot be parsed. */
export function declarationsOf(text: string, file: string): Declarations | undefined {
  const ast = parseSource(text, file);
  const whole = ast?.loc;
  if (!ast || !whole) return undefined;
  const variables: Found[] = [];
  const properties: Found[] = [];
  walk(ast.program, (node, parents) => {
    const scope = (isWide: boolean): t.SourceLocation => enclosing(parents, isWide) ?? whole;
    const declare = (id: t.Node | null | undefined, isWide: boolean): void => {
      for (const one of id ? boundNames(id) : []) variables.push({ ...one, scope: scope(isWide) });
    };
    if (node.type === 'VariableDeclarator') {
      const list = parents.at(-1);
      declare(node.id, list?.type === 'VariableDeclaration' && list.kind === 'var');
    } else if (node.type === 'ClassDeclaration' || node.type === 'FunctionDeclaration') declare(node.id, false);
    else if (node.type === 'ImportSpecifier' || node.type === 'ImportDefaultSpecifier' || node.type === 'ImportNamespaceSpecifier') declare(node.local, true);
    if ('params' in node && Array.isArray(node.params) && node.loc) {
      for (const parameter of node.params) for (const one of boundNames(parameter as t.Node)) variables.push({ ...one, scope: node.loc });
    }
    const property = propertyOf(node);
    if (property) properties.push({ ...property, scope: enclosingClass(parents) ?? whole });
  });
  const place = ({ at }: Found): Declared => ({ line: at.start.line, column: at.start.column });
  return {
    variable(name, line, column) {
      let best: Found | undefined;
      for (const one of variables) {
        if (one.name === name && holds(one.scope, line, column) && (!best || isInside(one.scope, best.scope))) best = one;
      }
      best ??= variables.find((one) => one.name === name);
      return best && place(best);
    },
    property(name, line) {
      const named = properties.filter((one) => one.name === name).sort((a, b) => a.at.start.line - b.at.start.line);
      const best = named.find((one) => one.scope !== whole && one.scope.start.line <= line && line <= one.scope.end.line) ?? named[0];
      return best && place(best);
    },
  };
}

function holds(scope: t.SourceLocation, line: number, column: number): boolean {
  const { start, end } = scope;
  return (start.line < line || (start.line === line && start.column <= column)) && (end.line > line || (end.line === line && end.column >= column));
}

const isInside = (inner: t.SourceLocation, outer: t.SourceLocation): boolean => inner.start.index >= outer.start.index && inner.end.index <= outer.end.index;

function enclosing(parents: readonly t.Node[], isWide: boolean): t.SourceLocation | undefined {
  for (let i = parents.length - 1; i >= 0; i--) {
    const { type, loc } = parents[i] as t.Node;
    const isFunction = /Function|Method|Program/.test(type);
    if (loc && (isFunction || (!isWide && /^(?:BlockStatement|For\w*Statement|SwitchStatement|CatchClause)$/.test(type)))) return loc;
  }
  return undefined;
}

function enclosingClass(parents: readonly t.Node[]): t.SourceLocation | undefined {
  for (let i = parents.length - 1; i >= 0; i--) {
    const { type, loc } = parents[i] as t.Node;
    if (loc && (type === 'ClassDeclaration' || type === 'ClassExpression')) return loc;
  }
  return undefined;
}

/** The names that a pattern binds. */
function boundNames(pattern: t.Node): { name: string; at: t.SourceLocation }[] {
  const names: { name: string; at: t.SourceLocation }[] = [];
  const waiting: (t.Node | null | undefined)[] = [pattern];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    switch (node?.type) {
      case 'Identifier':
        if (node.loc) names.push({ name: node.name, at: node.loc });
        break;
      case 'ObjectPattern':
        waiting.push(...node.properties);
        break;
      case 'ObjectProperty':
        waiting.push(node.value);
        break;
      case 'ArrayPattern':
        waiting.push(...node.elements.filter((one) => one !== null));
        break;
      case 'AssignmentPattern':
        waiting.push(node.left);
        break;
      case 'RestElement':
        waiting.push(node.argument);
        break;
      case 'TSParameterProperty':
        waiting.push(node.parameter);
        break;
    }
  }
  return names;
}

/** `this.x = …`, `a.x = …`, `x = …` of a class, `{ x: … }`. */
function propertyOf(node: t.Node): { name: string; at: t.SourceLocation } | undefined {
  const named = (key: t.Node, isComputed = false): { name: string; at: t.SourceLocation } | undefined => {
    const name =
      key.type === 'Identifier' && !isComputed
        ? key.name
        : key.type === 'StringLiteral'
          ? key.value
          : key.type === 'PrivateName'
            ? `#${key.id.name}`
            : undefined;
    return name !== undefined && key.loc ? { name, at: key.loc } : undefined;
  };
  if (node.type === 'ClassProperty' || node.type === 'ObjectProperty') return named(node.key, node.computed);
  if (node.type === 'ClassPrivateProperty') return named(node.key);
  if (node.type !== 'AssignmentExpression') return undefined;
  const { left } = node;
  return left.type === 'MemberExpression' ? named(left.property, left.computed) : undefined;
}
