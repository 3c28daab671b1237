/**
 * What an expression holds, as far as the file tells: by its own form, by the
 * declaration of its variable, by its type, by how it is used. A guess that is
 * silent where the file says nothing.
 */
import { escapeRegExp, isFunction, parametersOf, rootOf, type SyntaxNode, unwrapped } from './syntax';

export type ValueKind = 'array' | 'string' | 'other' | 'unknown';

const arrayMethods = new Set([
  'map',
  'filter',
  'flatMap',
  'flat',
  'split',
  'sort',
  'reverse',
  'toSorted',
  'toReversed',
  'splice',
  'from',
  'of',
  'fill',
  'matchAll',
]);
const objectLists = new Set(['keys', 'values', 'entries', 'getOwnPropertyNames']);
const stringMethods = new Set(
  'toLowerCase toUpperCase trim trimStart trimEnd join replace replaceAll substring substr charAt padStart padEnd toString toFixed repeat normalize toISOString toLocaleLowerCase toLocaleUpperCase'.split(
    ' ',
  ),
);
const USED_AS_ARRAY = 'push|pop|unshift|shift|splice|map|forEach|filter|find|findIndex|some|every|reduce|reduceRight|flatMap|sort|reverse|fill';
const USED_AS_STRING =
  'toLowerCase|toUpperCase|charCodeAt|codePointAt|charAt|trim|trimStart|trimEnd|split|replace|replaceAll|substring|substr|startsWith|endsWith|match|matchAll|padStart|padEnd|localeCompare';

/** Where a name is declared: a declarator or a parameter, with the scope that it belongs to. */
export interface Declaration {
  readonly node: SyntaxNode;
  readonly scope: SyntaxNode;
}

/** The declaration that an identifier means; undefined for globals and for `var` in inner blocks. */
export function declarationOf(identifier: SyntaxNode): Declaration | undefined {
  const name = identifier.text;
  for (let scope = identifier.parent; scope; scope = scope.parent) {
    const found = declaredIn(scope, name);
    if (found) return { node: found, scope };
  }
  return undefined;
}

function declaredIn(scope: SyntaxNode, name: string): SyntaxNode | undefined {
  if (isFunction(scope)) return parametersOf(scope).find((one) => bindsName(one, name));
  if (scope.type === 'for_in_statement') {
    const left = scope.childForFieldName('left');
    return left && bindsName(left, name) ? left : undefined;
  }
  if (scope.type === 'for_statement') return declarators(scope.childForFieldName('initializer'), name);
  if (scope.type !== 'statement_block' && scope.type !== 'program' && scope.type !== 'switch_case') return undefined;
  for (const child of scope.namedChildren) {
    const statement = child.type === 'export_statement' ? (child.childForFieldName('declaration') ?? child) : child;
    const found = declarators(statement, name);
    if (found) return found;
    if (/^(?:function|class|generator)/.test(statement.type) && statement.childForFieldName('name')?.text === name) return statement;
    if (statement.type === 'import_statement' && new RegExp(`\\b${escapeRegExp(name)}\\b`).test(statement.text)) return statement;
  }
  return undefined;
}

function declarators(statement: SyntaxNode | null, name: string): SyntaxNode | undefined {
  if (statement?.type !== 'lexical_declaration' && statement?.type !== 'variable_declaration') return undefined;
  return statement.namedChildren.find((one) => {
    const target = one.childForFieldName('name');
    return one.type === 'variable_declarator' && target !== null && bindsName(target, name);
  });
}

function bindsName(pattern: SyntaxNode, name: string): boolean {
  if (pattern.type === 'identifier') return pattern.text === name;
  return /pattern/.test(pattern.type) && new RegExp(`\\b${escapeRegExp(name)}\\b`).test(pattern.text);
}

/** The type that is written beside a declaration, without its colon. */
export function annotationOf(node: SyntaxNode): string | undefined {
  const owner = node.type === 'variable_declarator' ? node : node.parent;
  return owner?.childForFieldName('type')?.text.replace(/^:\s*/, '');
}

export function kindOfType(type: string): ValueKind {
  const plain = type.replace(/\s*\|\s*(?:undefined|null)\b/g, '').trim();
  if (/\[\]$|^(?:readonly\s+)?\[|^(?:Readonly)?Array</.test(plain)) return 'array';
  if (plain === 'string' || /^(['"`]).*\1$/.test(plain)) return 'string';
  return /^(?:unknown|any|[A-Z]\w?)$/.test(plain) ? 'unknown' : 'other';
}

export function valueKind(expression: SyntaxNode, steps = 0): ValueKind {
  const node = unwrapped(expression);
  if (steps > 8) return 'unknown';
  switch (node.type) {
    case 'array':
      return 'array';
    case 'string':
    case 'template_string':
      return 'string';
    case 'object':
    case 'number':
    case 'arrow_function':
      return 'other';
    case 'new_expression':
      return node.childForFieldName('constructor')?.text === 'Array' ? 'array' : 'other';
    case 'binary_expression': {
      if (!['+', '??', '||'].includes(operatorOf(node))) return 'unknown';
      const sides = [node.childForFieldName('left'), node.childForFieldName('right')].map((side) => (side ? valueKind(side, steps + 1) : 'unknown'));
      if (operatorOf(node) === '+') return sides.includes('string') ? 'string' : 'unknown';
      return sides.find((side) => side !== 'unknown') ?? 'unknown';
    }
    case 'call_expression':
      return kindOfCall(node, steps);
    case 'identifier':
      return kindOfVariable(node, steps);
    case 'member_expression':
      return kindOfMember(node);
    default:
      return 'unknown';
  }
}

export const operatorOf = (node: SyntaxNode): string => node.childForFieldName('operator')?.text ?? '';

function kindOfCall(call: SyntaxNode, steps: number): ValueKind {
  const callee = call.childForFieldName('function');
  if (callee?.type === 'identifier') return callee.text === 'String' ? 'string' : callee.text === 'Array' ? 'array' : 'unknown';
  const method = callee?.childForFieldName('property')?.text ?? '';
  const object = callee?.childForFieldName('object');
  if (objectLists.has(method)) return object?.text === 'Object' ? 'array' : 'other';
  if (arrayMethods.has(method)) return 'array';
  if (stringMethods.has(method)) return 'string';
  if ((method === 'slice' || method === 'concat') && object) return valueKind(object, steps + 1);
  return 'unknown';
}

function kindOfVariable(identifier: SyntaxNode, steps: number): ValueKind {
  const declaration = declarationOf(identifier);
  if (!declaration) return 'unknown';
  const { node, scope } = declaration;
  const isPlain = node.type !== 'variable_declarator' || node.childForFieldName('name')?.type === 'identifier';
  const type = isPlain ? annotationOf(node) : undefined;
  if (type !== undefined) {
    const kind = kindOfType(type);
    if (kind !== 'unknown') return kind;
  }
  const value =
    node.type === 'variable_declarator'
      ? node.childForFieldName('value')
      : node.parent?.type === 'assignment_pattern'
        ? node.parent.childForFieldName('right')
        : null;
  if (isPlain && value) {
    const kind = valueKind(value, steps + 1);
    if (kind !== 'unknown') return kind;
  }
  return kindByUse(escapeRegExp(identifier.text), scope.text);
}

function kindOfMember(member: SyntaxNode): ValueKind {
  const property = member.childForFieldName('property')?.text ?? '';
  if (property === 'argv') return 'array';
  const text = rootOf(member).text;
  const name = escapeRegExp(property);
  const byUse = kindByUse(`(?:[\\w$]|\\])\\.${name}`, text);
  if (byUse !== 'unknown') return byUse;
  if (new RegExp(`(?<![\\w$])${name}\\s*(?:=|:)\\s*(?:\\[|new Array\\b)`).test(text)) return 'array';
  const type = new RegExp(`(?<![\\w$])${name}[?!]?\\s*:\\s*([^;,={}()\\n]{1,80})`).exec(text)?.[1];
  return type === undefined ? 'unknown' : kindOfType(type.trim()) === 'array' ? 'array' : kindOfType(type.trim()) === 'string' ? 'string' : 'unknown';
}

/** `name` is a pattern of what stands before the dot. */
function kindByUse(name: string, text: string): ValueKind {
  const boundary = name.startsWith('(') ? '' : '(?<![\\w$.])';
  if (new RegExp(`${boundary}${name}\\??\\.(?:${USED_AS_STRING})\\(`).test(text)) return 'string';
  if (new RegExp(`${boundary}${name}\\??\\.(?:${USED_AS_ARRAY})\\(|Array\\.isArray\\(${name}\\)`).test(text)) return 'array';
  return 'unknown';
}

/** Elements up to which searching a list costs no more than a Set. */
const FEW = 16;

/**
 * A list of constants so short that searching it costs nothing: a literal of up to 16 elements, by itself or in a
 * variable or property that nothing is added to, also frozen, copied, or by way of a Set.
 */
export function isSmallConstant(expression: SyntaxNode, steps = 0): boolean {
  const node = unwrapped(expression);
  if (steps > 8) return false;
  if (node.type === 'array') return isShort(node, steps);
  if (node.type === 'call_expression' || node.type === 'new_expression') return isMadeOfSmall(node, steps);
  if (node.type === 'member_expression') return isSmallProperty(node);
  if (node.type !== 'identifier') return false;
  const declaration = declarationOf(node);
  const value = declaration?.node.childForFieldName('value');
  if (!value || isEmpty(value) || !isSmallConstant(value, steps + 1)) return false;
  return !isAddedTo(`(?<![\\w$.])${escapeRegExp(node.text)}`, declaration?.scope.text.replace(declaration.node.text, '') ?? '');
}

/** An array that begins empty is filled somewhere. */
const isEmpty = (value: SyntaxNode): boolean => unwrapped(value).type === 'array' && unwrapped(value).namedChildren.length === 0;

/** Of `[...a, 1]`, what is spread must be short too. */
function isShort(array: SyntaxNode, steps: number): boolean {
  if (array.namedChildren.length > FEW) return false;
  return array.namedChildren.every((one) => {
    const inner = one.type === 'spread_element' ? one.namedChildren[0] : undefined;
    return one.type !== 'spread_element' || (inner !== undefined && isSmallConstant(inner, steps + 1));
  });
}

/** `Object.freeze([…])`, `new Set([…])`, `Array.from(A)`, `A.map(…)`, `Object.keys({ … })`, `'a b c'.split(' ')`. */
function isMadeOfSmall(call: SyntaxNode, steps: number): boolean {
  const callee = (call.childForFieldName('function') ?? call.childForFieldName('constructor'))?.text ?? '';
  const argument = call.childForFieldName('arguments')?.namedChildren[0];
  if (/^(?:Object\.freeze|Array\.from|Set)$/.test(callee)) return argument !== undefined && isSmallConstant(argument, steps + 1);
  if (/^Object\.(?:keys|values|entries)$/.test(callee))
    return argument?.type === 'object' && argument.namedChildren.length <= FEW && !/\.\.\./.test(argument.text);
  const receiver = call.childForFieldName('function')?.childForFieldName('object');
  const method = call.childForFieldName('function')?.childForFieldName('property')?.text ?? '';
  if (!receiver) return false;
  if (method === 'split') return receiver.type === 'string' && receiver.text.length <= 200;
  return /^(?:map|flatMap|flat|filter|slice|sort|toSorted|reverse|toReversed|values|keys)$/.test(method) && isSmallConstant(receiver, steps + 1);
}

/** `this.KINDS`, `Shape.KINDS`, where the file gives it a short literal and adds nothing. */
function isSmallProperty(member: SyntaxNode): boolean {
  const name = escapeRegExp(member.childForFieldName('property')?.text ?? '');
  const text = rootOf(member).text;
  const [, content] = new RegExp(`(?<![\\w$])${name}\\s*(?::[^=;,\\n]{0,60}=|[=:])\\s*\\[([^\\[\\]]{1,400})\\]`).exec(text) ?? [];
  if (content === undefined || content.includes('...') || content.trim() === '' || content.split(',').length > FEW) return false;
  // Set a second time, it may be anything.
  return !isAddedTo(`\\.${name}`, text.replace(new RegExp(`\\.${name}\\s*=\\s*\\[`), ''));
}

/** Whether elements are added to what a name stands for, or it is set anew. `name` is a pattern. */
const isAddedTo = (name: string, text: string): boolean =>
  new RegExp(`${name}(?:\\.(?:push|unshift|splice|concat|fill)\\(|\\s*=[^=>]|\\.length\\s*=|\\[[^\\]]*\\]\\s*=[^=])`).test(text);

/** Whether an array has no holes for certain: what makes it fills every place. */
export function isDense(expression: SyntaxNode): boolean {
  const node = unwrapped(expression);
  if (node.type === 'call_expression') {
    const method = node.childForFieldName('function')?.childForFieldName('property')?.text ?? '';
    const object = node.childForFieldName('function')?.childForFieldName('object')?.text;
    return (
      method === 'split' ||
      method === 'filter' ||
      method === 'flatMap' ||
      (objectLists.has(method) && object === 'Object') ||
      (method === 'from' && object === 'Array')
    );
  }
  if (node.type === 'array') return !/\[\s*,|,\s*,/.test(node.text);
  if (node.type !== 'identifier') return false;
  const declaration = declarationOf(node);
  const value = declaration?.node.childForFieldName('value');
  if (!value || declaration?.node.parent?.text.startsWith('const') !== true || !isDense(value)) return false;
  // Nothing may make a hole later.
  const name = escapeRegExp(node.text);
  return !new RegExp(`(?<![\\w$.])${name}(?:\\.length\\s*=|\\[[^\\]]*\\]\\s*=[^=])|delete\\s+${name}\\[`).test(declaration.scope.text);
}
