import type * as t from '@babel/types';
import { innermostOf, type Position, type VariableUser, variableUser } from './find-uses';
import { parseSource, walk } from './parse-source';

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
  /**
   * Which of the functions at these places makes the variable hold more, that the first of
   * them sees; `running` are places in functions that ran meanwhile, innermost first.
   */
  user(name: string, functions: readonly Position[], running: readonly Position[]): VariableUser | undefined;
}

const MOST_ASKED = 50;

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
  const scopes = new Map<string, (place: Position) => Found | undefined>();
  const seenFrom = (name: string, line: number, column: number): Found | undefined => {
    let innermost = scopes.get(name);
    if (!innermost) {
      const spans = variables.flatMap((one) => {
        const { start, end } = one.scope;
        return one.name === name ? [{ start: start.index, end: end.index, from: start, to: end, one }] : [];
      });
      const found = innermostOf(spans);
      innermost = (place) => found(place)?.one;
      scopes.set(name, innermost);
    }
    return innermost({ line, column });
  };
  return {
    variable(name, line, column) {
      const best = seenFrom(name, line, column) ?? variables.find((one) => one.name === name);
      return best && place(best);
    },
    user(name, functions, running) {
      // One of them may have a parameter of that name, but hardly all.
      const known = new Map<Found | undefined, number>();
      for (const { line, column } of functions.slice(0, MOST_ASKED)) {
        const found = seenFrom(name, line, column);
        known.set(found, (known.get(found) ?? 0) + 1);
      }
      const [meant] = [...known].sort((a, b) => b[1] - a[1])[0] ?? [];
      return variableUser(ast.program, { name, functions, running, isMeant: ({ line, column }) => seenFrom(name, line, column) === meant });
    },
    property(name, line) {
      const named = properties.filter((one) => one.name === name).sort((a, b) => a.at.start.line - b.at.start.line);
      const best = named.find((one) => one.scope !== whole && one.scope.start.line <= line && line <= one.scope.end.line) ?? named[0];
      return best && place(best);
    },
  };
}

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
