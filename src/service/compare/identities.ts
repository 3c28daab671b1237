import { createHash } from 'node:crypto';
import type { ComparedRun, FunctionIdentity } from '../../core/compare/compared-side';
import { Category, isCode } from '../../core/profile/categories';
import { type FunctionCosts, functionCosts } from '../../core/profile/costs/function-costs';
import { functionAt, type ProfileTables } from '../../core/profile/tables';
import { type FunctionIndex, functionIndex } from '../../shared/brands';
import { alignLines } from '../../source/align-lines';
import type { FileLocator } from '../../source/maps/locate';
import type { SourceFunction } from '../../source/parse/parse-functions';
import { functionsInTime } from '../../source/parse/parse-in-time';
import { type SourcePlace, type SourceView, sourceView } from '../../source/source-view';
import { profiledTexts } from '../profile/profiled-text';
import type { RecordingInfo } from '../recordings/recording-info';

/** A run whose functions are known by their sources. */
export interface IdentifiedRun extends ComparedRun {
  /** Fingerprints of the lines of its sources as they were, by the file of `identities`. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
}

/** Files whose text is parsed; of more, the costliest. */
const MOST_FILES = 40;
/** A body of fewer characters is like many others. */
const LEAST_BODY = 24;

/** What the functions of a run are known by: names and files of their sources, and their text where it is what ran. */
export function identifiedRun(tables: ProfileTables, info: RecordingInfo | undefined, locator: FileLocator): IdentifiedRun {
  const costs = functionCosts(tables);
  const sources = sourceView(tables, costs, locator);
  const places = new Map<string, string>();
  /** The same file on every machine: from its root, else as it is. */
  const named = (file: string): string => {
    let name = places.get(file);
    if (name === undefined) {
      name = (locator.relative(file) ?? file).replaceAll('\\', '/');
      places.set(file, name);
    }
    return name;
  };
  const facts = textFacts(tables, costs, sources, info, locator.roots);
  const identities = Array.from({ length: tables.functions.length }, (_, row): FunctionIdentity => {
    const func = functionIndex(row);
    const { name, url, line, column, category, package: own } = functionAt(tables, func);
    // Other functions than code have no place, and most of a large profile has no cost.
    const place = url !== '' && isCode(category) && (costs.total[row] as number) > 0 ? sources.place(func) : undefined;
    const common = { name, category, package: own };
    return place
      ? { ...common, file: named(place.file), line: place.line - 1, column: place.column - 1, ...facts(func) }
      : { ...common, file: url, line, column };
  });
  const lines = new Map(Object.entries(info?.sources ?? {}).map(([file, prints]) => [named(file), prints]));
  return { tables, identities, lines };
}

/** Where both sides know the lines of a file as they were, says of the functions before where their lines are after. */
export function withLinesAfter(run: IdentifiedRun, after: ReadonlyMap<string, readonly string[]>): ComparedRun {
  const aligned = new Map<string, Int32Array | undefined>();
  const alignedOf = (file: string): Int32Array | undefined => {
    if (!aligned.has(file)) {
      const [old, now] = [run.lines.get(file), after.get(file)];
      aligned.set(file, old && now && alignLines(old, now));
    }
    return aligned.get(file);
  };
  const identities = run.identities.map((one) => {
    const lineAfter = one.line >= 0 ? alignedOf(one.file)?.[one.line] : undefined;
    return lineAfter === undefined ? one : { ...one, lineAfter };
  });
  return { tables: run.tables, identities };
}

type TextFacts = Pick<FunctionIdentity, 'within' | 'body'>;

/** What encloses a function and what its body is, for the user's costliest files; nothing where the text is not what ran. */
function textFacts(
  tables: ProfileTables,
  costs: FunctionCosts,
  sources: SourceView,
  info: RecordingInfo | undefined,
  roots: readonly string[],
): (func: FunctionIndex) => TextFacts {
  const texts = profiledTexts(info, roots);
  const costOf = new Map<string, number>();
  const placeOf = new Map<number, SourcePlace>();
  for (let row = 0; row < tables.functions.length; row++) {
    if (tables.functions.category[row] !== Category.User || !((costs.total[row] as number) > 0)) continue;
    const place = sources.placeInText(functionIndex(row));
    // Only of a text whose lines are known to be those that ran: another one has other functions at these places.
    if (!place?.exists || !info?.sources[place.file]) continue;
    placeOf.set(row, place);
    costOf.set(place.file, (costOf.get(place.file) ?? 0) + (costs.self[row] as number));
  }
  const chosen = new Set(
    [...costOf]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_FILES)
      .map(([file]) => file),
  );
  const parsed = new Map<string, ParsedFile | undefined>();
  return (func) => {
    const place = placeOf.get(func);
    if (!place || !chosen.has(place.file)) return {};
    if (!parsed.has(place.file)) parsed.set(place.file, parsedFile(texts.text(place.file), place.file));
    const file = parsed.get(place.file);
    const found = file?.at.get(`${place.line - 1}:${place.column - 1}`);
    return file && found ? { within: withinOf(file.functions, found), body: bodyOf(file.text, found) } : {};
  };
}

interface ParsedFile {
  readonly text: string;
  readonly functions: readonly SourceFunction[];
  /** By the 0-based line and column at which V8 reports them. */
  readonly at: ReadonlyMap<string, SourceFunction>;
}

function parsedFile(text: string | undefined, file: string): ParsedFile | undefined {
  const functions = text === undefined ? undefined : functionsInTime(text, file);
  return text === undefined || !functions ? undefined : { text, functions, at: new Map(functions.map((one) => [`${one.v8Line}:${one.v8Column}`, one])) };
}

const withinOf = (functions: readonly SourceFunction[], inner: SourceFunction): string =>
  functions
    .filter(({ name, start, end }) => name !== '' && start <= inner.start && end >= inner.end && end - start > inner.end - inner.start)
    .map(({ name }) => name)
    .join('.');

function bodyOf(text: string, { kind, bodyStart, end }: SourceFunction): string | undefined {
  const body = text.slice(bodyStart, end).replace(/\s+/g, '');
  return body.length < LEAST_BODY
    ? undefined
    : createHash('sha1')
        .update(`${kind === 'arrow'}${body}`)
        .digest('hex');
}
