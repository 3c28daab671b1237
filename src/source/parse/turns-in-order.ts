/**
 * Whether the turns of a loop around an `await` have to come one after another:
 *
 *   while (more) { const page = await load(cursor); cursor = page.next; }     takes what the turn before gave
 *   do { page = await load(n++); } while (page.hasNext);                      ends by what the turn before gave
 *
 * What is put into a list that the loop works off, as a crawler does, could go several at once.
 */
import type * as t from '@babel/types';
import { pathTo } from './call-lines';
import { parseSource, walk } from './parse-source';

/** `line` and `column` (1-based) are those of the call that is awaited. False where nothing says so. */
export function areTurnsInOrder(text: string, file: string, line: number, column: number): boolean {
  const ast = parseSource(text, file);
  const path = ast && pathTo(ast, line, column);
  if (!path) return false;
  const at = path.findLastIndex(({ type }) => /^(?:For|While|DoWhile|ForIn|ForOf)Statement$/.test(type));
  const loop = path[at];
  if (!loop || path.slice(at + 1).some(({ type }) => /Function|Method/.test(type))) return false;
  const asked = path.slice(at + 1).find(({ type }) => type === 'AwaitExpression') ?? path.slice(at + 1).find(({ type }) => type === 'CallExpression');
  const results = resultsOf(loop);
  const isCarried = (name: string): boolean => results.carried.has(name);
  return (asked !== undefined && namesIn(asked).some(isCarried)) || tests(loop).some((test) => namesIn(test).some((name) => results.all.has(name)));
}

interface Results {
  /** Names that hold what an await in the loop gave, or what was made of it. */
  readonly all: ReadonlySet<string>;
  /** Of those, the ones that the next turn still has. */
  readonly carried: ReadonlySet<string>;
}

/** A name that gets a value from a name that got one: this often. */
const STEPS = 5;

function resultsOf(loop: t.Node): Results {
  const given: { readonly names: readonly string[]; readonly value: t.Node; readonly isDeclared: boolean }[] = [];
  walk(loop, (node, parents) => {
    if (node.type === 'VariableDeclarator' && node.init) {
      const isFirst = loop.type === 'ForStatement' && parents.some((one) => one === loop.init);
      if (!isFirst) given.push({ names: namesIn(node.id), value: node.init, isDeclared: true });
    } else if (node.type === 'AssignmentExpression') given.push({ names: placesIn(node.left), value: node.right, isDeclared: false });
  });
  const all = new Set<string>();
  for (let step = 0; step < STEPS; step++) {
    for (const { names, value } of given) if (hasAwait(value) || namesIn(value).some((name) => all.has(name))) for (const name of names) all.add(name);
  }
  const declared = new Set(given.flatMap(({ names, isDeclared }) => (isDeclared ? names : [])));
  const assigned = given.flatMap(({ names, isDeclared }) => (isDeclared ? [] : names));
  return { all, carried: new Set(assigned.filter((name) => all.has(name) && !declared.has(name))) };
}

/** The conditions on which a loop goes on, and those on which it is left. */
function tests(loop: t.Node): t.Node[] {
  const found: t.Node[] = [];
  if ((loop.type === 'WhileStatement' || loop.type === 'DoWhileStatement' || loop.type === 'ForStatement') && loop.test) found.push(loop.test);
  walk(loop, (node, parents) => {
    if (node.type !== 'BreakStatement' && node.type !== 'ReturnStatement') return;
    const around = parents.filter(({ type }) => type === 'IfStatement').at(-1);
    if (around?.type === 'IfStatement') found.push(around.test);
  });
  return found;
}

function hasAwait(root: t.Node): boolean {
  let found = false;
  walk(root, ({ type }) => {
    found ||= type === 'AwaitExpression';
  });
  return found;
}

/** What an assignment gives a value: variables, or one property of an object, not the object. */
const placesIn = (left: t.Node): string[] => {
  if (left.type !== 'MemberExpression') return namesIn(left);
  const path = pathOf(left);
  return path === undefined ? [] : [path];
};

/** `state.next`, `this.cursor`; of longer paths and other forms none. */
function pathOf(node: t.Node): string | undefined {
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
  if (node.object.type !== 'Identifier' && node.object.type !== 'ThisExpression') return undefined;
  return `${node.object.type === 'Identifier' ? node.object.name : 'this'}.${node.property.name}`;
}

/** Variables that are named, and properties of them as `state.next`. */
function namesIn(root: t.Node): string[] {
  const names: string[] = [];
  walk(root, (node, parents) => {
    const path = pathOf(node);
    if (path !== undefined) names.push(path);
    if (node.type !== 'Identifier') return;
    const parent = parents.at(-1);
    const isProperty = (parent?.type === 'MemberExpression' || parent?.type === 'OptionalMemberExpression') && parent.property === node && !parent.computed;
    const isKey = parent?.type === 'ObjectProperty' && parent.key === node && parent.value !== node && !parent.computed;
    if (!isProperty && !isKey) names.push(node.name);
  });
  return names;
}
