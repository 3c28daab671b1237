/** Where a name of a file comes from. */
import { nodesWithin, type SyntaxNode, unwrapped } from './syntax';
import { declarationOf } from './values';

/** The name that an expression begins with: `_` of `_.cloneDeep(x)`, `db` of `db('users').where(…)`; undefined for other forms. */
function rootName(expression: SyntaxNode): SyntaxNode | undefined {
  let at: SyntaxNode | null = unwrapped(expression);
  while (at && at.type !== 'identifier') {
    if (at.type === 'call_expression') at = at.childForFieldName('function');
    else if (at.type === 'member_expression' || at.type === 'subscript_expression') at = at.childForFieldName('object');
    else if (at.type === 'new_expression') at = at.childForFieldName('constructor');
    else if (/^(?:parenthesized|as|non_null|await|satisfies)_expression$/.test(at.type)) at = at.namedChildren[0] ?? null;
    else return undefined;
  }
  return at ?? undefined;
}

/** More steps from name to name than these are not followed. */
const MAX_STEPS = 4;

/**
 * The package that an expression's first name comes from: imported from it, or made by what is
 * (`const db = knex(…)`). Undefined for own modules, Node.js' own, and where the file does not say.
 */
export function packageOf(expression: SyntaxNode, steps = 0): string | undefined {
  const root = rootName(expression);
  const declaration = root && declarationOf(root);
  if (!declaration || steps > MAX_STEPS) return undefined;
  const { node } = declaration;
  if (node.type === 'import_statement') return packageName(node.childForFieldName('source')?.text);
  const value = node.type === 'variable_declarator' ? node.childForFieldName('value') : null;
  if (!value) return undefined;
  for (const one of nodesWithin(value)) {
    if (one.type !== 'call_expression' || one.childForFieldName('function')?.text !== 'require') continue;
    return packageName(one.childForFieldName('arguments')?.namedChildren[0]?.text);
  }
  return packageOf(value, steps + 1);
}

/** `'lodash/cloneDeep.js'` -> `lodash`, `"@prisma/client"` -> `@prisma/client`. */
function packageName(quoted: string | undefined): string | undefined {
  const specifier = quoted?.slice(1, -1) ?? '';
  if (/^(?:[./#]|node:|[a-z]+:)/i.test(specifier)) return undefined;
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}
