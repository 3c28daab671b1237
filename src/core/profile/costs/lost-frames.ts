import { Category } from '../categories';
import { sampleCosts } from '../sample-costs';
import type { ProfileTables } from '../tables';
import { depthFirst } from '../tree-order';

/** Functions of Node.js that do nothing of their own while the JavaScript runs that they run: native ones, and one of a file. */
const RUNNERS: ReadonlySet<string> = new Set(['evaluate', 'evaluateSync', 'runInContext', 'runInThisContext']);
const COMPILER = { url: 'node:internal/modules/cjs/loader', name: 'Module._compile' };

/**
 * Gives samples back to the code that ran. While V8's own C++ or a copy of memory runs for a function, V8 may not find
 * the way up the stack, and tells only the frames down to where JavaScript was last entered from C++, or by a builtin:
 * the function that runs a module. What it runs is still on the stack then:
 *
 *   evaluate > main > add     x 4           evaluate > main > add   x 7
 *   evaluate                  x 3     ->
 *
 * Such a sample goes to the deepest node that the samples before and after it share, where that lies below the
 * function that runs the module. O(nodes + samples).
 */
export function withLostFrames(tables: ProfileTables): ProfileTables {
  const { nodes, samples, functions, strings } = tables;
  const isRunner = new Uint8Array(functions.length);
  for (let func = 0; func < functions.length; func++) {
    const name = strings.at(functions.name[func] as number);
    const isNative = functions.url[func] === 0 && functions.category[func] === Category.Native;
    if (isNative ? RUNNERS.has(name) : name === COMPILER.name && strings.at(functions.url[func] as number) === COMPILER.url) isRunner[func] = 1;
  }
  if (!isRunner.includes(1)) return tables;
  const isLost = (node: number): boolean => isRunner[nodes.func[node] as number] === 1 && (nodes.subtreeEnd[node] as number) > node + 1;
  const node = Uint32Array.from(samples.node);
  let moved = 0;
  for (let i = 0; i < node.length; i++) {
    const runner = samples.node[i] as number;
    if (!isLost(runner) || i === 0) continue;
    let end = i;
    while (end < node.length && (samples.node[end] === runner || isAside(tables, samples.node[end] as number))) end++;
    const target = end < node.length ? sharedBelow(tables, beforeAside(tables, node, i), samples.node[end] as number, runner) : runner;
    for (; i < end; i++) {
      if (samples.node[i] !== runner || target === runner) continue;
      node[i] = target;
      moved++;
    }
    i--;
  }
  return moved === 0 ? tables : withSamples(tables, node);
}

/** What V8 does beside the program: the stack is the same afterwards. */
function isAside({ nodes, functions }: ProfileTables, node: number): boolean {
  const category = functions.category[nodes.func[node] as number];
  return category === Category.Gc || category === Category.Program;
}

function beforeAside(tables: ProfileTables, node: Uint32Array, at: number): number {
  let before = at - 1;
  while (before > 0 && isAside(tables, node[before] as number)) before--;
  return node[before] as number;
}

/** The deepest node that two have above them or are; `above` where it is not below that. */
function sharedBelow({ nodes }: ProfileTables, a: number, b: number, above: number): number {
  let [one, other] = [a, b];
  while (one !== other) {
    if (one > other) one = nodes.parent[one] as number;
    else other = nodes.parent[other] as number;
  }
  return one > above && one < (nodes.subtreeEnd[above] as number) ? one : above;
}

/** The tables with their samples in other nodes. */
function withSamples(tables: ProfileTables, node: Uint32Array): ProfileTables {
  const { nodes, samples } = tables;
  const costs = sampleCosts(node, samples.start, tables.endTime, nodes.length);
  const rows = { ...costs, func: nodes.func, deopt: (row: number) => nodes.deopt[row] as number, inlined: (row: number) => nodes.inlined[row] as number };
  const { nodes: moved, positionOf } = depthFirst({ count: nodes.length, parent: nodes.parent, root: 0 }, rows);
  const to = (column: Uint32Array): Uint32Array => column.map((one) => positionOf[one] as number);
  return { ...tables, nodes: moved, samples: { ...samples, node: to(node) }, lines: linesLeft(tables, costs.hits, to) };
}

/**
 * The line table without the ticks of samples that have gone elsewhere: those were all on the line that calls the
 * module. A node that was only ever seen on one line has its new samples there, as a function of one line has.
 */
function linesLeft({ nodes, lines }: ProfileTables, hits: Uint32Array, to: (column: Uint32Array) => Uint32Array): ProfileTables['lines'] {
  const gone = new Map<number, number>();
  for (let at = 0; at < nodes.length; at++)
    if ((nodes.hits[at] as number) > (hits[at] as number)) gone.set(at, (nodes.hits[at] as number) - (hits[at] as number));
  const ticks = lines.ticks.slice();
  const byTicks = [...lines.node.keys()].filter((row) => gone.has(lines.node[row] as number)).sort((a, b) => (ticks[b] as number) - (ticks[a] as number));
  for (const row of byTicks) {
    const node = lines.node[row] as number;
    const less = Math.min(gone.get(node) as number, ticks[row] as number);
    ticks[row] = (ticks[row] as number) - less;
    gone.set(node, (gone.get(node) as number) - less);
  }
  const only = new Map<number, number>();
  for (let row = 0; row < lines.length; row++) only.set(lines.node[row] as number, only.has(lines.node[row] as number) ? -1 : row);
  for (const [node, row] of only) {
    const more = (hits[node] as number) - (nodes.hits[node] as number);
    if (row >= 0 && more > 0) ticks[row] = (ticks[row] as number) + more;
  }
  const kept = [...ticks.keys()].filter((row) => (ticks[row] as number) > 0);
  const pick = (column: Uint32Array): Uint32Array => Uint32Array.from(kept, (row) => column[row] as number);
  return { length: kept.length, node: to(pick(lines.node)), line: pick(lines.line), ticks: pick(ticks) };
}
