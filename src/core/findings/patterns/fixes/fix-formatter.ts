import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { methodOf, nodesWithin, type SyntaxNode } from '../syntax';
import { freshName, lineBefore, replace } from './fix-edits';
import { hoistPlace } from './fix-hoist';

/** Options by which `toLocaleString` can only mean a number. */
const OF_NUMBERS =
  /^(?:style|currency|currencyDisplay|currencySign|unit|unitDisplay|notation|compactDisplay|(?:minimum|maximum)(?:Fraction|Significant)Digits|minimumIntegerDigits|signDisplay|useGrouping)$/;
/** Options with one of which `toLocaleDateString` adds none of its own, and those of `toLocaleTimeString`. */
const OF_DAYS = /^(?:weekday|year|month|day|dateStyle)$/;
const OF_TIMES = /^(?:hour|minute|second|dayPeriod|fractionalSecondDigits|timeStyle)$/;

/** `n.toLocaleString('de', { style: 'percent' })` -> `format.format(n)`, with one `Intl.NumberFormat` at the top of the module. */
export function keepFormatter(match: CaughtMatch): TextEdit[] | undefined {
  const { node, captures } = match;
  const [value, locale, options] = ['V', 'L', 'O'].map((name) => captures.get(name));
  if (!value || !locale || options?.type !== 'object' || !isLiteral(locale) || !isLiteral(options)) return undefined;
  if (node.text.slice(0, value.endIndex - node.startIndex + 2).includes('?.')) return undefined;
  const type = formatterOf(methodOf(node) ?? '', keysOf(options));
  const place = hoistPlace('module', node, node);
  if (!type || !place) return undefined;
  const name = freshName(type === 'NumberFormat' ? 'numberFormat' : 'dateFormat', node);
  return [lineBefore(place, `const ${name} = new Intl.${type}(${locale.text}, ${options.text});`), replace(node, `${name}.format(${value.text})`)];
}

function formatterOf(method: string, keys: readonly string[]): 'NumberFormat' | 'DateTimeFormat' | undefined {
  const has = (known: RegExp): boolean => keys.some((key) => known.test(key));
  switch (method) {
    case 'toLocaleString':
      if (keys.length > 0 && keys.every((key) => OF_NUMBERS.test(key))) return 'NumberFormat';
      return has(OF_DAYS) || has(OF_TIMES) ? 'DateTimeFormat' : undefined;
    case 'toLocaleDateString':
      return has(OF_DAYS) && !keys.includes('timeStyle') ? 'DateTimeFormat' : undefined;
    case 'toLocaleTimeString':
      return has(OF_TIMES) && !keys.includes('dateStyle') ? 'DateTimeFormat' : undefined;
    default:
      return undefined;
  }
}

const keysOf = (object: SyntaxNode): string[] => object.namedChildren.map((one) => one.childForFieldName('key')?.text.replace(/^['"]|['"]$/g, '') ?? '…');

const isLiteral = (node: SyntaxNode): boolean =>
  [...nodesWithin(node)].every(({ type }) =>
    /^(?:string|string_fragment|escape_sequence|number|true|false|undefined|object|array|pair|property_identifier)$/.test(type),
  );
