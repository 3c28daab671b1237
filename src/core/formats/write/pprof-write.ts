import { Line, Location, Function as PprofFunction, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import { functionIndex } from '../../../shared/brands';
import { Category } from '../../profile/categories';
import { functionAt, type ProfileTables } from '../../profile/tables';

/** Frames that a stack keeps where all stacks together have more than `MAX_FRAMES`; the ones next to the leaf stay. */
const MAX_DEPTH = 500;
const MAX_FRAMES = 1 << 25;

/**
 * A profile as pprof (see `pprof-read.ts`), not compressed. Two values a sample:
 * `samples/count`, and the cost, `cpu/nanoseconds` or what the profile counts. The
 * leaf stands on the lines that its ticks name, a sample a line; callers stand on
 * their function's own line, for V8 does not say where they call. Idle time is left out.
 */
export function writePprof(tables: ProfileTables): Uint8Array {
  const { nodes, functions, startTime, endTime, unit } = tables;
  const strings = new StringTable();
  const [type, unitName, factor] =
    unit === 'microseconds' ? ['cpu', 'nanoseconds', 1000] : unit === 'bytes' ? ['space', 'bytes', 1] : (['events', 'count', 1] as const);
  const valueType = (name: string, count: string): ValueType => new ValueType({ type: strings.dedup(name), unit: strings.dedup(count) });
  const func = functionsOf(tables, strings);
  const { location, locationOf } = locationTable();
  const ownLine = (row: number): number => Math.max(0, (functions.line[row] as number) + 1);
  const partsOf = lineParts(tables);
  const most = mostFrames(tables);

  const sample: Sample[] = [];
  for (let node = 0; node < nodes.length; node++) {
    const row = nodes.func[node] as number;
    const self = nodes.self[node] as number;
    const hits = nodes.hits[node] as number;
    if ((self <= 0 && hits === 0) || functions.category[row] === Category.Idle) continue;
    const callers: number[] = [];
    for (let at = nodes.parent[node] as number; at > 0 && callers.length < most; at = nodes.parent[at] as number) {
      const caller = nodes.func[at] as number;
      callers.push(locationOf(caller, ownLine(caller)));
    }
    for (const part of partsOf(node, self, hits)) {
      const leaf = locationOf(row, part.line || ownLine(row));
      sample.push(new Sample({ locationId: [leaf, ...callers], value: [part.hits, Math.round(part.cost * factor)] }));
    }
  }
  const duration = endTime - startTime;
  const period = unit === 'microseconds' && tables.samples.length > 0 ? Math.round((duration * 1000) / tables.samples.length) : 0;
  return new Profile({
    sampleType: [valueType('samples', 'count'), valueType(type, unitName)],
    sample,
    location,
    function: func,
    stringTable: strings,
    durationNanos: unit === 'microseconds' ? Math.max(0, Math.round((duration > 0 ? duration : (nodes.total[0] as number)) * 1000)) : 0,
    periodType: valueType(type, unitName),
    period,
  }).encode();
}

function functionsOf(tables: ProfileTables, strings: StringTable): PprofFunction[] {
  return Array.from({ length: tables.functions.length }, (_, i) => {
    const view = functionAt(tables, functionIndex(i));
    const name = strings.dedup(view.name === '' ? '(anonymous)' : view.name);
    return new PprofFunction({ id: i + 1, name, systemName: name, filename: strings.dedup(view.url), startLine: Math.max(0, view.line + 1) });
  });
}

/** Each line of a function once. */
function locationTable(): { readonly location: Location[]; locationOf(row: number, line: number): number } {
  const location: Location[] = [];
  const locations = new Map<number, number>();
  return {
    location,
    locationOf(row, line) {
      const key = row * 0x1_0000_0000 + line;
      let id = locations.get(key);
      if (id === undefined) {
        id = location.length + 1;
        location.push(new Location({ id, line: [new Line({ functionId: row + 1, line })] }));
        locations.set(key, id);
      }
      return id;
    },
  };
}

/** How many callers a stack keeps. */
function mostFrames({ nodes }: ProfileTables): number {
  let frames = 0;
  for (let node = 0; node < nodes.length; node++) if ((nodes.self[node] as number) > 0) frames += nodes.depth[node] as number;
  return frames > MAX_FRAMES ? MAX_DEPTH : Number.POSITIVE_INFINITY;
}

interface LinePart {
  readonly line: number;
  readonly cost: number;
  readonly hits: number;
}

/** A node's cost and samples over its lines; the last one takes what rounding leaves. */
function lineParts(tables: ProfileTables): (node: number, self: number, hits: number) => LinePart[] {
  const { lines } = tables;
  const rows = linesByNode(tables);
  return (node, self, hits) => {
    const from = rows.start[node] as number;
    const to = rows.start[node + 1] as number;
    let ticks = 0;
    for (let at = from; at < to; at++) ticks += lines.ticks[rows.row[at] as number] as number;
    if (ticks === 0) return [{ line: 0, cost: self, hits }];
    const parts: LinePart[] = [];
    let [restCost, restHits] = [self, hits];
    for (let at = from; at < to; at++) {
      const row = rows.row[at] as number;
      const share = (lines.ticks[row] as number) / ticks;
      const isLast = at === to - 1;
      const part = {
        line: lines.line[row] as number,
        cost: isLast ? restCost : self * share,
        hits: isLast ? restHits : Math.min(restHits, Math.round(hits * share)),
      };
      restCost = Math.max(0, restCost - part.cost);
      restHits -= part.hits;
      parts.push(part);
    }
    return parts;
  };
}

/** The rows of the line table by node: `row[start[n] .. start[n + 1])`. */
function linesByNode({ nodes, lines }: ProfileTables): { readonly start: Uint32Array; readonly row: Uint32Array } {
  const start = new Uint32Array(nodes.length + 2);
  for (let i = 0; i < lines.length; i++) start[(lines.node[i] as number) + 2] = (start[(lines.node[i] as number) + 2] as number) + 1;
  for (let node = 2; node < start.length; node++) start[node] = (start[node] as number) + (start[node - 1] as number);
  const row = new Uint32Array(lines.length);
  for (let i = 0; i < lines.length; i++) {
    const slot = (lines.node[i] as number) + 1;
    row[start[slot] as number] = i;
    start[slot] = (start[slot] as number) + 1;
  }
  return { start, row };
}
