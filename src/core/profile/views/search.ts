import { Category } from '../categories';
import type { FunctionCosts } from '../costs/function-costs';
import type { ProfileTables } from '../tables';

/** A query that can be asked, or what is wrong with it and where. */
export type ParsedQuery =
  | { readonly kind: 'query'; readonly terms: readonly Term[] }
  | { readonly kind: 'bad'; readonly at: number; readonly text: string; readonly reason: BadQuery };
export type BadQuery = 'regex' | 'number' | 'unit' | 'operator' | 'quote';

export type Term =
  | { readonly kind: 'text'; readonly field: Field; readonly isNot: boolean; readonly test: (text: string) => boolean; readonly regex: RegExp | undefined }
  | {
      readonly kind: 'cost';
      readonly of: 'self' | 'total';
      readonly operator: '>' | '<' | '>=' | '<=';
      readonly value: number;
      readonly unit: 'share' | 'cost';
      readonly isNot: boolean;
    };
type Field = 'any' | 'fn' | 'file' | 'pkg';

/** Names, files and packages are matched within their first characters. */
export const MAX_SEARCHED = 2000;
/** To microseconds, or to bytes. */
const factors: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1e3, s: 1e6, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/**
 * The search language. White space parts terms, all of which have to match; a
 * minus before a term turns it around; quotes hold white space together.
 *
 *   parse            name, file or package contains it, any case
 *   /^on[A-Z]/       the same, as a regular expression (flags i and u)
 *   fn:parse file:src/ pkg:lodash
 *   self>5%  total>=10ms  self<1.5MB  total>1000
 */
export function parseQuery(query: string): ParsedQuery {
  const terms: Term[] = [];
  for (const { text, at } of words(query)) {
    if (text.startsWith('"') || /^-?(?:fn:|file:|pkg:)"/i.test(text)) {
      if (!/"$/.test(text) || /(?:^|:)"$/.test(text)) return { kind: 'bad', at, text, reason: 'quote' };
    }
    const isNot = text.length > 1 && text.startsWith('-');
    const body = isNot ? text.slice(1) : text;
    const cost = /^(self|total)\s*(.*)$/i.exec(body);
    if (cost && /^[<>=]/.test(cost[2] as string)) {
      const compared = /^(>=|<=|>|<)(.*)$/.exec(cost[2] as string);
      if (!compared) return { kind: 'bad', at, text, reason: 'operator' };
      const amount = /^(\d+(?:\.\d*)?|\.\d+)\s*(%|[a-zµ]*)$/i.exec(compared[2] as string);
      if (!amount) return { kind: 'bad', at, text, reason: 'number' };
      const unit = (amount[2] as string).toLowerCase();
      if (unit !== '' && unit !== '%' && !Object.hasOwn(factors, unit)) return { kind: 'bad', at, text, reason: 'unit' };
      const value = Number(amount[1]) * (unit === '%' ? 0.01 : unit === '' ? 1 : (factors[unit] as number));
      terms.push({
        kind: 'cost',
        of: (cost[1] as string).toLowerCase() as 'self' | 'total',
        operator: compared[1] as '>',
        value,
        unit: unit === '%' ? 'share' : 'cost',
        isNot,
      });
      continue;
    }
    const named = /^(fn|file|pkg):(.*)$/is.exec(body);
    const field = (named?.[1]?.toLowerCase() ?? 'any') as Field;
    const found = matcher(named ? (named[2] as string) : body);
    if (!found) return { kind: 'bad', at, text, reason: 'regex' };
    terms.push({ kind: 'text', field, isNot, ...found });
  }
  return { kind: 'query', terms };
}

export interface SearchResult {
  /** By function row. */
  readonly matches: Uint8Array;
  readonly functions: number;
  /** Stacks in which a match takes part, each counted once, of `width`. */
  readonly share: number;
}

/**
 * Functions that all terms match. O(distinct strings + functions + nodes). `width` and `span` as in the
 * flame graph: without idle time. `answers` tell by string what each of `regexesOf(terms)` matches;
 * without them, the expressions are tried here.
 */
export function searchProfile(
  { functions, nodes, strings }: ProfileTables,
  costs: FunctionCosts,
  { width, span }: { readonly width: number; readonly span: Float64Array },
  terms: readonly Term[],
  answers?: readonly Uint8Array[],
): SearchResult {
  const regexes = regexesOf(terms);
  const answerOf = terms.map((term) => (term.kind === 'text' && term.regex ? answers?.[regexes.indexOf(term.regex)] : undefined));
  const known = terms.map(() => new Map<number, boolean>());
  const hit = (term: number, test: (text: string) => boolean, index: number): boolean => {
    const answer = answerOf[term];
    if (answer) return answer[index] === 1;
    let value = known[term]?.get(index);
    if (value === undefined) {
      value = test(strings.at(index).slice(0, MAX_SEARCHED));
      known[term]?.set(index, value);
    }
    return value;
  };
  const fits = (func: number): boolean =>
    terms.every((term, i) => {
      if (term.kind === 'cost') {
        const cost = (term.of === 'self' ? costs.self[func] : costs.total[func]) as number;
        const value = term.unit === 'share' ? (width > 0 ? cost / width : 0) : cost;
        const isTrue =
          term.operator === '>'
            ? value > term.value
            : term.operator === '<'
              ? value < term.value
              : term.operator === '>='
                ? value >= term.value
                : value <= term.value;
        return isTrue !== term.isNot;
      }
      const { field, test, isNot } = term;
      const label = functions.label?.[func] ?? 0;
      const found =
        ((field === 'any' || field === 'fn') && (hit(i, test, functions.name[func] as number) || (label !== 0 && hit(i, test, label)))) ||
        ((field === 'any' || field === 'file') && hit(i, test, functions.url[func] as number)) ||
        ((field === 'any' || field === 'pkg') && functions.package[func] !== 0 && hit(i, test, functions.package[func] as number));
      return found !== isNot;
    });
  const matches = new Uint8Array(functions.length);
  let count = 0;
  for (let func = 0; func < functions.length; func++) {
    const category = functions.category[func] as number;
    if (category === Category.Root || category === Category.Idle || !((costs.total[func] as number) > 0) || !fits(func)) continue;
    matches[func] = 1;
    count++;
  }
  let cost = 0;
  for (let node = 0; node < nodes.length; node++) {
    if (!matches[nodes.func[node] as number]) continue;
    cost += span[node] as number;
    node = (nodes.subtreeEnd[node] as number) - 1;
  }
  return { matches, functions: count, share: width > 0 ? cost / width : 0 };
}

/** The regular expressions of a query, in its order. One may take for ever: where that matters, they are tried elsewhere. */
export const regexesOf = (terms: readonly Term[]): RegExp[] => terms.flatMap((term) => (term.kind === 'text' && term.regex ? [term.regex] : []));

function matcher(pattern: string): Pick<Extract<Term, { kind: 'text' }>, 'test' | 'regex'> | undefined {
  const regex = /^\/(.*)\/([a-z]*)$/s.exec(pattern);
  if (regex) {
    if (!/^[iu]*$/.test(regex[2] as string)) return undefined;
    try {
      const compiled = new RegExp(regex[1] as string, regex[2]);
      return { regex: compiled, test: (text) => compiled.test(text) };
    } catch {
      return undefined; // told to the user while it is typed
    }
  }
  const plain = (/^"(.*)"$/s.exec(pattern)?.[1] ?? pattern).toLowerCase();
  return { regex: undefined, test: (text) => text.toLowerCase().includes(plain) };
}

/** Words with where they begin; `"…"` and `/…/` hold white space together. */
function words(query: string): { text: string; at: number }[] {
  const found: { text: string; at: number }[] = [];
  for (const match of query.matchAll(/-?(?:(?:fn|file|pkg):)?(?:"[^"]*"?|\/(?:\\.|[^/\\])+\/[a-z]*(?=\s|$))|\S+/gi))
    found.push({ text: match[0], at: match.index });
  return found;
}
