/** What one node of the syntax does that costs in proportion to what it is given. */

import { packageOf } from '../imports';
import { isFunction, isLoopStatement, methodOf, namedArguments, nodesWithin, receiverOf, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf, isSmallConstant, operatorOf, valueKind } from '../values';
import { costlyWorkAt } from './work-costly';
import { collectionNode, isFixed, isPath } from './work-origins';
import type { CostlyWords, MadeOf, WorkKind } from './work-types';

export interface Work {
  readonly kind: WorkKind;
  readonly name: string;
  /** The collection or text that it goes through. */
  readonly subject: SyntaxNode | undefined;
  /** All that its result follows from. */
  readonly inputs: readonly SyntaxNode[];
  readonly isLoop?: boolean;
  /** The part that is shown, if not all of it. */
  readonly at?: SyntaxNode;
  /** Of what costs by itself. */
  readonly words?: CostlyWords;
  /** Of an object of a package. */
  readonly madeOf?: MadeOf;
}

const byMethod: Readonly<Record<string, WorkKind>> = {
  includes: 'search',
  indexOf: 'search',
  lastIndexOf: 'search',
  find: 'search',
  findIndex: 'search',
  findLast: 'search',
  findLastIndex: 'search',
  some: 'search',
  every: 'search',
  filter: 'select',
  map: 'walk',
  flatMap: 'walk',
  forEach: 'walk',
  join: 'walk',
  reduce: 'sum',
  reduceRight: 'sum',
  sort: 'sort',
  toSorted: 'sort',
  concat: 'copy',
  slice: 'copy',
  toReversed: 'copy',
  unshift: 'move',
  splice: 'move',
  split: 'text',
};
const listing = /^Object\.(?:keys|values|entries|getOwnPropertyNames)$/;
const building = /^(?:JSON\.parse|structuredClone|Date\.parse|require|createHash|readFileSync|compile)$/;
const builders = /^(?:RegExp|Intl\.\w+|Date|URL|TextDecoder|TextEncoder|Function|Ajv|Set|Map)$/;
const writing = /^(?:JSON\.stringify|util\.inspect|inspect)$/;

/** What a node does that is worth knowing where it is hot: of most nothing; `find` may be a list's or a package's. */
export function worksAt(node: SyntaxNode): Work[] {
  const costly = costlyWorkAt(node);
  const work = workAt(node);
  const one: Work | undefined = costly && { kind: 'costly', name: costly.name, subject: undefined, inputs: costly.inputs, words: costly.words };
  return [one, work].filter((known) => known !== undefined);
}

function workAt(node: SyntaxNode): Work | undefined {
  if (isLoopStatement(node)) {
    const subject = collectionNode(node);
    return subject && !isSmallConstant(subject) && picks(node) ? { kind: 'loop', name: 'loop', subject, inputs: [subject], isLoop: true } : undefined;
  }
  if (node.type === 'call_expression') return workOfCall(node);
  if (node.type === 'new_expression') {
    const name = node.childForFieldName('constructor')?.text ?? '';
    const inputs = namedArguments(node);
    const from = builders.test(name) ? undefined : packageOf(node);
    if (from !== undefined) {
      const madeOf = { package: from, name: name.slice(name.lastIndexOf('.') + 1) };
      return { kind: 'build', name: `new ${name}`, subject: inputs[0], inputs, madeOf };
    }
    if (!builders.test(name)) return undefined;
    const isCollection = name === 'Set' || name === 'Map';
    if (isCollection && inputs.length === 0) return undefined;
    return { kind: isCollection ? 'copy' : 'build', name: `new ${name}`, subject: isCollection ? inputs[0] : undefined, inputs };
  }
  return node.type === 'spread_element' ? workOfSpread(node) : undefined;
}

/** The callback of a walk that looks for nothing: what it makes is wanted, for each of what it depends on. */
export function makingCallback({ kind, inputs }: Work): SyntaxNode | undefined {
  const callback = kind === 'walk' || kind === 'sum' ? inputs.find(isFunction) : undefined;
  return callback && !picks(callback) ? callback : undefined;
}

/** Whether a loop looks for what is equal to something: only then an index saves going through all. */
function picks(loop: SyntaxNode): boolean {
  const body = loop.childForFieldName('body');
  for (const node of body ? nodesWithin(body, (one) => !isFunction(one)) : []) {
    const condition = /^(?:if_statement|ternary_expression)$/.test(node.type) ? node.childForFieldName('condition') : null;
    for (const one of condition ? nodesWithin(condition) : []) if (one.type === 'binary_expression' && /^[!=]==?$/.test(operatorOf(one))) return true;
  }
  return false;
}

function workOfCall(node: SyntaxNode): Work | undefined {
  const callee = node.childForFieldName('function')?.text ?? '';
  const given = namedArguments(node);
  const [first] = given;
  if (listing.test(callee) && first) return { kind: 'list', name: callee, subject: first, inputs: [first] };
  if (writing.test(callee) && first) return { kind: 'write', name: callee, subject: first, inputs: given };
  const last = callee.slice(callee.lastIndexOf('.') + 1);
  const ofPackage = packageWork(node, callee, last, given);
  if (ofPackage) return ofPackage;
  if (asksTheSame(node, given)) return { kind: 'build', name: callee, subject: undefined, inputs: given };
  if (building.test(callee) || building.test(last)) return { kind: 'build', name: callee, subject: undefined, inputs: given };
  if (callee === 'Object.assign' && first?.type === 'object' && given[1]) return { kind: 'copy', name: callee, subject: given[1], inputs: given };
  if (callee === 'Buffer.concat' && first) return concatenated(node, first);
  if (callee === 'Array.from' && first)
    return isSmallConstant(first) || first.type === 'object' ? undefined : { kind: 'copy', name: callee, subject: first, inputs: [first] };
  const method = methodOf(node);
  const subject = receiverOf(node);
  const kind = method === undefined || !Object.hasOwn(byMethod, method) ? undefined : byMethod[method];
  if (kind === undefined || method === undefined || !subject || isSmallConstant(subject)) return undefined;
  const held = valueKind(subject);
  // A search from a place on, and a piece of a text, do not go through all of it.
  if (/ndexOf$/.test(method) && given.length > 1) return undefined;
  if (method === 'slice' && (held !== 'array' || given.length > 1)) return undefined;
  if (method === 'concat' && held !== 'array') return undefined;
  if (kind === 'move' && held !== 'array' && !isPath(unwrapped(subject))) return undefined;
  const adds = method === 'concat' && isAssignedBack(node, subject);
  return { kind: adds ? 'add-by-copy' : kind, name: method, subject, inputs: [subject, ...given] };
}

/** Functions of lodash that go through their first argument, by what they do with it. */
const ofLists: Readonly<Record<string, WorkKind>> = {
  find: 'search',
  findIndex: 'search',
  findLast: 'search',
  includes: 'search',
  indexOf: 'search',
  some: 'search',
  every: 'search',
  filter: 'select',
  reject: 'select',
  partition: 'select',
  sortBy: 'sort',
  orderBy: 'sort',
  cloneDeep: 'copy',
  sum: 'sum',
  sumBy: 'sum',
  meanBy: 'sum',
  maxBy: 'sum',
  minBy: 'sum',
  countBy: 'walk',
  groupBy: 'walk',
  keyBy: 'walk',
  uniq: 'walk',
  uniqBy: 'walk',
  keys: 'list',
  values: 'list',
  toPairs: 'list',
  flatten: 'walk',
  flattenDeep: 'walk',
};
/** Verbs of packages for what gives the same each time that it is given the same. */
const VERBS =
  /^(?:parse\w*|load|loadAll|compile\w*|render\w*|transform\w*|format\w*|convert\w*|highlight\w*|minify|optimi[sz]e|layout|tokeni[sz]e|lexer|marked|turndown|makeHtml|stringify|serialize|validate\w*|template|process|processSync|evaluate|isEqual|diff\w*)$/;

/** What a function of a package does with all that it is given. */
function packageWork(node: SyntaxNode, callee: string, last: string, given: readonly SyntaxNode[]): Work | undefined {
  const [first] = given;
  const kind = Object.hasOwn(ofLists, last) ? ofLists[last] : undefined;
  if (!first || (kind === undefined && !VERBS.test(last))) return undefined;
  const from = packageOf(node);
  if (from === undefined) return undefined;
  const root = /^[\w$]+/.exec(callee)?.[0] ?? '';
  if (kind !== undefined && /^(?:lodash|lodash-es|underscore)$/.test(from)) {
    const isPlainCall = /^[_a-z]*\.?\w+$/.test(callee) && !/^(?:function|arrow)/.test(first.type);
    return isPlainCall ? { kind, name: last, subject: first, inputs: given } : undefined;
  }
  const receiver = receiverOf(node);
  return VERBS.test(last)
    ? { kind: 'build', name: callee, subject: undefined, inputs: receiver && root !== receiver.text ? [...given, receiver] : given }
    : undefined;
}

/** A function of a package that is given nothing but constants, for a result: `ms('2 days')`, `yaml.load(DEFAULTS)`. */
function asksTheSame(node: SyntaxNode, given: readonly SyntaxNode[]): boolean {
  if (given.length === 0 || /^(?:await_expression|expression_statement)$/.test(node.parent?.type ?? '')) return false;
  const callee = node.childForFieldName('function');
  const root = callee?.type === 'member_expression' ? callee.childForFieldName('object') : callee;
  if (root?.type !== 'identifier' || !given.every(isFixed)) return false;
  const declaration = declarationOf(root)?.node;
  const value = declaration?.childForFieldName('value');
  const isImported = declaration?.type === 'import_statement' || (value?.type === 'call_expression' && value.childForFieldName('function')?.text === 'require');
  return isImported && packageOf(root) !== undefined;
}

/** `rest = Buffer.concat([rest, chunk])`. */
function concatenated(node: SyntaxNode, list: SyntaxNode): Work | undefined {
  const subject = list.type === 'array' ? list.namedChildren.find((one) => isAssignedBack(node, one)) : undefined;
  return subject && { kind: 'add-by-copy', name: 'Buffer.concat', subject, inputs: [list] };
}

/** `[...list]`, `{ ...state, a }`, `Math.max(...list)`. */
function workOfSpread(node: SyntaxNode): Work | undefined {
  const subject = node.namedChildren[0];
  const around = node.parent;
  if (!subject || !around || isSmallConstant(subject) || !/^(?:array|object|arguments)$/.test(around.type)) return undefined;
  const inner = unwrapped(subject);
  if (inner.type === 'ternary_expression' || (inner.type === 'binary_expression' && operatorOf(inner) === '&&')) return undefined;
  const adds = around.type !== 'arguments' && isAssignedBack(around, subject);
  return { kind: adds ? 'add-by-copy' : 'copy', name: around.type === 'object' ? '{ ... }' : '[ ... ]', subject, inputs: [subject], at: around };
}

/** Whether what is made goes to where it was taken from: `list = [...list, one]`. */
function isAssignedBack(made: SyntaxNode, from: SyntaxNode): boolean {
  let at = made;
  while (at.parent && /^(?:parenthesized_expression|as_expression)$/.test(at.parent.type)) at = at.parent;
  const up = at.parent;
  return up?.type === 'assignment_expression' && up.childForFieldName('left')?.text === unwrapped(from).text;
}
