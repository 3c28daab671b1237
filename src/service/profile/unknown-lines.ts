import { Category } from '../../core/profile/categories';
import { type FunctionCosts, functionsBySelf, type ProfileTotals } from '../../core/profile/costs/function-costs';
import { functionAt, type ProfileTables } from '../../core/profile/tables';
import type { FunctionIndex } from '../../shared/brands';
import type { ProfileWarning } from '../../shared/issue';
import type { SourceView } from '../../source/source-view';
import type { RecordingInfo } from '../recordings/recording-info';

/** Functions with less own time than this part of the active time are not worth a warning. */
const HOT = 0.01;
/** From this part of a function's own time on, its lines say too little. */
const MOST = 0.5;

/** The user's own hot functions whose lines, or whose places, a source map could not tell. */
export function unknownLines(
  tables: ProfileTables,
  { costs, totals, sources, info }: { costs: FunctionCosts; totals: ProfileTotals; sources: SourceView; info: RecordingInfo | undefined },
): ProfileWarning[] {
  // A recording of ours has lines but where nothing is known; other tools may write none. V8 itself gives none to
  // some samples of plain JavaScript, and where it had lost the frames of a module (`withLostFrames`), which is no map's fault.
  const seen = urlsWithLines(tables);
  const isPlain = (func: FunctionIndex): boolean => {
    const { url, line, column } = functionAt(tables, func);
    return /\.[cm]?js$/i.test(url) && ((line === 0 && column === 0) || seen.has(tables.functions.url[func] as number));
  };
  const hasLines = (func: FunctionIndex): boolean =>
    sources.hasMap(func) ? info !== undefined || tables.lines.length > 0 : info !== undefined && !isPlain(func);
  if (tables.unit !== 'microseconds') return [];
  const lineless: FunctionIndex[] = [];
  const placeless: FunctionIndex[] = [];
  for (const func of functionsBySelf(costs)) {
    const self = costs.self[func] as number;
    if (totals.active <= 0 || self < totals.active * HOT) break;
    if (tables.functions.category[func] !== Category.User || tables.functions.url[func] === 0) continue;
    if ((tables.functions.line[func] as number) < 0) {
      if (info) placeless.push(func);
    } else if (hasLines(func) && sources.withoutLine(func) >= self * MOST) lineless.push(func);
  }
  const tell = (kind: 'unknown-lines' | 'unknown-places', functions: readonly FunctionIndex[]): ProfileWarning[] => {
    const [first] = functions;
    if (first === undefined) return [];
    const { name, url } = functionAt(tables, first);
    return [{ kind, functions: functions.length, name, file: sources.nameOf(sources.place(first)?.file ?? sources.fileOf(first) ?? url) }];
  };
  return [...tell('unknown-lines', lineless), ...tell('unknown-places', placeless)];
}

/** Numbers of the urls of which some sample has a line. */
function urlsWithLines({ lines, nodes, functions }: ProfileTables): ReadonlySet<number> {
  const urls = new Set<number>();
  for (let i = 0; i < lines.length; i++) urls.add(functions.url[nodes.func[lines.node[i] as number] as number] as number);
  return urls;
}
