import { functionIndex } from '../../../shared/brands';
import { isGap, samplingClock } from '../../profile/costs/sampling-gaps';
import { functionAt, type ProfileTables, type SampleTable } from '../../profile/tables';

/**
 * A profile as standard `.cpuprofile` JSON (see `cpuprofile.ts`), for Chrome DevTools
 * and everything else that reads it. A profile that is no record over time gets a
 * sample for each node with a cost of its own, one after the other, each as long as
 * the cost, so that every viewer adds up what the tables hold. The format has times
 * only: bytes and counts would be read as such. Chunks of JSON text, to be written as they come.
 */
export function* writeCpuProfile(tables: ProfileTables): Generator<string> {
  const { nodes, functions, lines, strings, samples } = tables;
  const scripts = new Map<number, number>();
  const frames = new Map<number, string>();
  const frameOf = (func: number): string => {
    let text = frames.get(func);
    if (text === undefined) {
      const { name, url, line, column } = functionAt(tables, functionIndex(func));
      const urlRow = functions.url[func] as number;
      if (url !== '' && !scripts.has(urlRow)) scripts.set(urlRow, scripts.size + 1);
      // V8's own frames are of script 0.
      text = JSON.stringify({ functionName: name, scriptId: String(url === '' ? 0 : scripts.get(urlRow)), url, lineNumber: line, columnNumber: column });
      frames.set(func, text);
    }
    return text;
  };
  const ticks = ticksByNode(tables);
  const lastChild = new Int32Array(nodes.length).fill(-1);
  const nextSibling = new Int32Array(nodes.length).fill(-1);
  for (let node = nodes.length - 1; node > 0; node--) {
    const parent = nodes.parent[node] as number;
    nextSibling[node] = lastChild[parent] as number;
    lastChild[parent] = node;
  }
  yield '{"nodes":[';
  for (let node = 0; node < nodes.length; node++) {
    let text = `${node > 0 ? ',' : ''}{"id":${node + 1},"callFrame":${frameOf(nodes.func[node] as number)},"hitCount":${nodes.hits[node]}`;
    const children: number[] = [];
    for (let child = lastChild[node] as number; child >= 0; child = nextSibling[child] as number) children.push(child + 1);
    if (children.length > 0) text += `,"children":[${children.join(',')}]`;
    const rows = ticks.get(node);
    if (rows) text += `,"positionTicks":[${rows.map((row) => `{"line":${lines.line[row]},"ticks":${lines.ticks[row]}}`).join(',')}]`;
    const reason = strings.at(nodes.deopt[node] as number);
    if (reason !== '') text += `,"deoptReason":${JSON.stringify(reason)}`;
    yield `${text}}`;
  }
  const list = samples.length > 0 ? undefined : Array.from(nodes.self.keys()).filter((node) => (nodes.self[node] as number) > 0);
  const total = list ? list.reduce((sum, node) => sum + (nodes.self[node] as number), 0) : 0;
  const [startTime, endTime] = list ? [tables.startTime, tables.startTime + total] : [tables.startTime, tables.endTime];
  const written = list ? undefined : withoutLongOnes(tables);
  yield `],"startTime":${startTime},"endTime":${endTime},"samples":[`;
  yield* numbers(list ? list.length : (written as SampleTable).length, (i) => (list ? (list[i] as number) : ((written as SampleTable).node[i] as number)) + 1);
  yield '],"timeDeltas":[';
  if (list) yield* numbers(list.length, (i) => (i === 0 ? 0 : (nodes.self[list[i - 1] as number] as number)));
  else if (written) yield* numbers(written.length, (i) => (written.start[i] as number) - (i === 0 ? startTime : (written.start[i - 1] as number)));
  yield ']}\n';
}

/**
 * A sample that would be read as a gap (`sampling-gaps.ts`) is several of its node: what other tools record knows how
 * long something really took.
 */
function withoutLongOnes(tables: ProfileTables): SampleTable {
  const { samples, endTime, nodes } = tables;
  const clock = samplingClock(tables);
  if (!clock) return samples;
  const node: number[] = [];
  const start: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    const at = samples.node[i] as number;
    const from = samples.start[i] as number;
    const length = (i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime) - from;
    const parts = length > clock.limit && !isGap(tables, nodes.func[at] as number) ? Math.ceil((2 * length) / clock.limit) : 1;
    for (let part = 0; part < parts; part++) {
      node.push(at);
      start.push(Math.round(from + (length * part) / parts));
    }
  }
  return node.length === samples.length ? samples : { length: node.length, node: Uint32Array.from(node), start: Float64Array.from(start) };
}

function* numbers(length: number, at: (index: number) => number): Generator<string> {
  const PART = 4096;
  for (let from = 0; from < length; from += PART) {
    const part = Array.from({ length: Math.min(PART, length - from) }, (_, i) => at(from + i));
    yield (from > 0 ? ',' : '') + part.join(',');
  }
}

function ticksByNode({ lines }: ProfileTables): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < lines.length; row++) {
    const node = lines.node[row] as number;
    const list = rows.get(node);
    if (list) list.push(row);
    else rows.set(node, [row]);
  }
  return rows;
}
