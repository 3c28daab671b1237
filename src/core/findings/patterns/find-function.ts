/**
 * Finds the functions of Python, Go and Java that a profile names: by the last part
 * of their name, and by a line in them where the profile has one. Such profiles know
 * no columns, and their lines are the function's own or one that ran in it.
 *
 *   Python   slow   Cart.slow   <listcomp>   <lambda>   <module>
 *   Go       main.slow   main.(*Cart).slow   main.slow.func1   main.slow[...]
 *   Java     shop.Cart.slow   shop/Cart$Item.slow   shop.Cart.<init>   shop.Cart.lambda$slow$0
 */
import { bodyOf, isFunction, nodesWithin, type SyntaxNode } from './syntax';

/** `isPart`: what is named is a part of the function, such as a comprehension, which runs while it does. */
export interface FoundFunction {
  readonly node: SyntaxNode;
  readonly isPart: boolean;
}

/** Finds functions of one tree. `line` is 0-based, -1 where it is not known. O(functions) a call. */
export function functionFinder(root: SyntaxNode): (name: string, line: number) => FoundFunction | undefined {
  const functions: SyntaxNode[] = [];
  for (const node of nodesWithin(root)) if (isFunction(node)) functions.push(node);
  const holding = (line: number): SyntaxNode[] => functions.filter((fn) => firstRow(fn) <= line && line <= fn.endPosition.row);
  return (fullName, line) => {
    const { name, owner, part } = partsOf(fullName);
    if (name === '<module>') return { node: root, isPart: false };
    const known = line < 0 ? functions : holding(line);
    if (name === '') {
      // A comprehension or lambda: the innermost named function around its line.
      const around = line < 0 ? undefined : known.filter((fn) => nameOf(fn) !== '').at(-1);
      return around && { node: around, isPart: true };
    }
    const named = known.filter((fn) => nameOf(fn) === name);
    const own = owner === '' || named.length === 1 ? named : named.filter((fn) => containerOf(fn) === owner);
    // Innermost last; without a line, one of several of the same name could be any.
    const node = line < 0 ? (own.length === 1 ? own[0] : undefined) : own.at(-1);
    if (!node) return undefined;
    if (part !== 'closure') return { node, isPart: part === 'lambda' };
    const closure =
      line < 0
        ? undefined
        : holding(line)
            .filter((fn) => fn.type === 'func_literal' && fn.startIndex > node.startIndex)
            .at(-1);
    return closure && { node: closure, isPart: false };
  };
}

/** Whether only a line tells where it stands: a lambda, a comprehension. */
export const isNameless = (fullName: string): boolean => partsOf(fullName).name === '';

interface NameParts {
  /** Of the function itself; empty for what has none. */
  readonly name: string;
  /** The class or receiver before it; empty for none. */
  readonly owner: string;
  readonly part: 'lambda' | 'closure' | undefined;
}

function partsOf(fullName: string): NameParts {
  // Parameters and type parameters, as Java and Go profiles may have them.
  const plain = fullName.slice(0, 2000).replace(/\[[^\]]*\]/g, '');
  const withoutParameters = /^[^(]*\([^*)]/.test(plain) ? plain.slice(0, plain.indexOf('(')) : plain.replace(/\(\)$/, '');
  const pieces = withoutParameters.split(/[./:]+/).filter((one) => one !== '');
  const closure = pieces.findIndex((one, i) => i > 0 && /^func\d+$/.test(one));
  const upTo = closure > 0 ? pieces.slice(0, closure) : pieces;
  const last = upTo.at(-1) ?? '';
  const owner = (upTo.at(-2) ?? '').replace(/[()*]/g, '').split('$').at(-1) ?? '';
  if (closure > 0) return { name: last, owner, part: 'closure' };
  const lambda = /^lambda\$(.+)\$\d+$/.exec(last)?.[1];
  if (lambda !== undefined) return { name: lambda === 'new' ? owner : lambda, owner, part: 'lambda' };
  if (last === '<init>') return { name: owner, owner, part: undefined };
  if (last === '<module>') return { name: last, owner: '', part: undefined };
  if (/^<\w+>$/.test(last)) return { name: '', owner: '', part: undefined };
  return { name: last, owner, part: undefined };
}

const nameOf = (fn: SyntaxNode): string => fn.childForFieldName('name')?.text ?? '';

/** Profilers count the decorators of a function to it. */
const firstRow = (fn: SyntaxNode): number => (fn.parent?.type === 'decorated_definition' ? fn.parent : fn).startPosition.row;

/** The class that a function stands in, or the type of its receiver. */
function containerOf(fn: SyntaxNode): string {
  const receiver = fn.childForFieldName('receiver')?.text;
  if (receiver !== undefined) return /\*?\s*(\w+)\s*(?:\[[^\]]*\])?\s*\)$/.exec(receiver)?.[1] ?? '';
  for (let up = fn.parent; up; up = up.parent) {
    if (/^(?:class|record|enum|interface)_(?:declaration|definition)$/.test(up.type) && bodyOf(up).id !== fn.id)
      return up.childForFieldName('name')?.text ?? '';
  }
  return '';
}
