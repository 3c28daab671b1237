import type { ProfileIssue } from '../../../shared/issue';
import { err, type Result } from '../../../shared/result';
import type { PairIndex } from '../../profile/build/pair-index';
import { StackBuilder } from '../../profile/build/stack-builder';
import { unitInBrackets } from '../units';
import { type CallGraph, parseCallgrind } from './callgrind-parse';
import { type Import, imported } from './imported';

/**
 * A callgrind profile as a tree. The file has calls between functions, no stacks, so
 * a function's cost is shared out over its callers by what each one's calls cost:
 *
 *   main 10 -> a (calls cost 30), b (60)         main 10
 *   a 10 -> f (20);  b 20 -> f (40)        ->      b 20
 *   f 60                                             f 40
 *                                                  a 10
 *                                                    f 20
 *
 * A call that recurses is followed no further; nor is one below one in 100,000 of the
 * total, nor any once the trees have `MAX_NODES` together. In the end each function's nodes share
 * its own cost, which the file has exactly; what is estimated is who called.
 */
export function readCallgrind(bytes: Uint8Array): Result<Import, ProfileIssue> {
  const graph = parseCallgrind(bytes);
  if (graph.names.length === 0) return err({ kind: 'nothing-in-it', format: 'callgrind' });
  // What is measured in time comes first, else the first event, as in KCachegrind.
  return imported(
    'callgrind',
    graph.events.map((event, i) => ({ name: event, measure: event, built: buildTree(graph, i) })),
  );
}

/** Of the trees of all events, and of each. */
const MAX_NODES = 1_200_000;
const MAX_TREE = 300_000;

function buildTree(graph: CallGraph, event: number) {
  const { names, urls, lines, calls } = graph;
  // Events of Valgrind are counts; those of others say their unit.
  const { unit, factor } = unitInBrackets(graph.events[event] as string);
  const lineCost = graph.lineCosts[event] as readonly number[];
  const callCost = graph.callCosts[event] as readonly number[];
  const count = names.length;
  const self = new Float64Array(count);
  const inclusive = new Float64Array(count);
  for (let row = 0; row < lines.length; row++) self[lines.first.at(row)] = (self[lines.first.at(row)] as number) + (lineCost[row] as number);
  inclusive.set(self);
  const isCalled = new Uint8Array(count);
  const callees = rowsByFirst(calls, count);
  const lineRows = rowsByFirst(lines, count);
  for (let row = 0; row < calls.length; row++) {
    const [caller, callee] = [calls.first.at(row), calls.second.at(row)];
    if (caller === callee) continue;
    inclusive[caller] = (inclusive[caller] as number) + (callCost[row] as number);
    isCalled[callee] = 1;
  }
  const roots = rootsOf(count, isCalled, callees, calls, inclusive);
  const total = roots.reduce((sum, func) => sum + (inclusive[func] as number), 0);
  const least = total * 1e-5;
  const most = Math.min(MAX_TREE, MAX_NODES / graph.events.length);

  const builder = new StackBuilder(unit);
  const funcRows = Int32Array.from(names, (name, i) => builder.func(name, urls[i] as string));
  const isOpen = new Uint8Array(count);
  /** Nodes, their functions, and their parts of the functions' own costs; parts of one function sum to `parts`. */
  const found: { node: number; func: number; part: number }[] = [];
  const parts = new Float64Array(count);
  const stack: { func: number; node: number; cost: number; next: number }[] = [];
  const enter = (parent: number, func: number, cost: number): void => {
    // Where all call all, the calls that are followed no further are far more than the nodes.
    if (found.length > most * 3) return;
    const node = builder.child(parent, funcRows[func] as number);
    const whole = inclusive[func] as number;
    const isLeaf = isOpen[func] === 1 || !(cost > least) || !(whole > 0) || builder.raw.ids.length > most;
    const part = whole > 0 ? cost / whole : 0;
    found.push({ node, func, part });
    parts[func] = (parts[func] as number) + part;
    if (isLeaf) return;
    isOpen[func] = 1;
    stack.push({ func, node, cost, next: callees.start[func] as number });
  };
  for (const root of roots) {
    enter(builder.root, root, inclusive[root] as number);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      if (top.next >= (callees.start[top.func + 1] as number)) {
        isOpen[top.func] = 0;
        stack.pop();
        continue;
      }
      const row = callees.row[top.next++] as number;
      const callee = calls.second.at(row);
      const cost = (callCost[row] as number) * (top.cost / (inclusive[top.func] as number));
      if (callee !== top.func && cost > 0) enter(top.node, callee, cost);
    }
  }
  for (let func = 0; func < count; func++) {
    // Too small for a node of its own anywhere: at least the cost is there.
    if (parts[func] === 0 && (self[func] as number) > 0) {
      parts[func] = 1;
      found.push({ node: builder.child(builder.root, funcRows[func] as number), func, part: 1 });
    }
  }
  for (const { node, func, part } of found) {
    if (part === 0) continue;
    const share = (part / (parts[func] as number)) * factor;
    builder.add(node, (self[func] as number) * share, 0);
    for (let at = lineRows.start[func] as number; at < (lineRows.start[func + 1] as number); at++) {
      const row = lineRows.row[at] as number;
      builder.addLine(node, lines.second.at(row), (lineCost[row] as number) * share, 0);
    }
  }
  return builder.build([...graph.warnings, { kind: 'call-graph' }]);
}

/** What nobody calls; and of what is reached from none of them (loops of calls), the dearest, until all is reached. */
function rootsOf(count: number, isCalled: Uint8Array, callees: Rows, calls: PairIndex, inclusive: Float64Array): number[] {
  const isReached = new Uint8Array(count);
  const waiting: number[] = [];
  const reach = (func: number): void => {
    if (isReached[func] === 1) return;
    isReached[func] = 1;
    waiting.push(func);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (let at = callees.start[next] as number; at < (callees.start[next + 1] as number); at++) {
        const callee = calls.second.at(callees.row[at] as number);
        if (isReached[callee] === 1) continue;
        isReached[callee] = 1;
        waiting.push(callee);
      }
    }
  };
  const all = Array.from({ length: count }, (_, func) => func);
  const roots = all.filter((func) => isCalled[func] === 0);
  roots.forEach(reach);
  for (const func of all.filter((one) => isReached[one] === 0).sort((a, b) => (inclusive[b] as number) - (inclusive[a] as number))) {
    if (isReached[func] === 1) continue;
    roots.push(func);
    reach(func);
  }
  return roots;
}

interface Rows {
  readonly start: Uint32Array;
  readonly row: Uint32Array;
}

/** The rows of pairs by their first number: `row[start[n] .. start[n + 1])`. */
function rowsByFirst(pairs: PairIndex, count: number): Rows {
  const start = new Uint32Array(count + 2);
  for (let row = 0; row < pairs.length; row++) start[pairs.first.at(row) + 2] = (start[pairs.first.at(row) + 2] as number) + 1;
  for (let i = 2; i < start.length; i++) start[i] = (start[i] as number) + (start[i - 1] as number);
  const rows = new Uint32Array(pairs.length);
  for (let row = 0; row < pairs.length; row++) {
    const slot = pairs.first.at(row) + 1;
    rows[start[slot] as number] = row;
    start[slot] = (start[slot] as number) + 1;
  }
  return { start, row: rows };
}
