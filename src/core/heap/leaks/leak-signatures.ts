/**
 * Paths as numbers: two nodes whose paths differ in indices and in how often a step is
 * repeated have the same one, in every graph of the same table. So what has no identity
 * over several snapshots, as Node.js's native objects, whose ids are addresses, is known by
 * the way that leads to it.
 */

import { alikeEdge, typedName } from '../graph/comparable-names';
import type { HeapGraph } from '../graph/heap-graph';
import type { PathTree } from '../paths/path-tree';

export interface SignatureTable {
  /** The signature of a node of this graph; 0 is the root's. */
  of(graph: HeapGraph, tree: PathTree): (node: number) => number;
  /** The signature of the path without its last step that differs; -1 for the root's. */
  above(signature: number): number;
}

export function signatureTable(): SignatureTable {
  const steps = new Map<string, number>();
  const last: string[] = [''];
  const parents: number[] = [-1];
  const add = (signature: number, step: string): number => {
    if (last[signature] === step) return signature;
    const key = `${signature} ${step}`;
    const found = steps.get(key) ?? last.length;
    if (found === last.length) {
      steps.set(key, found);
      last.push(step);
      parents.push(signature);
    }
    return found;
  };
  return {
    of(graph, tree) {
      const known = new Int32Array(graph.nodes.length).fill(-1);
      known[0] = 0;
      const locations = locationRows(graph);
      return (node) => {
        const below: number[] = [];
        let at = node;
        for (; known[at] === -1; at = tree.parent[at] as number) below.push(at);
        let signature = known[at] as number;
        for (let next = below.pop(); next !== undefined; next = below.pop()) {
          const edge = tree.edge[next] as number;
          signature = add(signature, `${edge < 0 ? '' : alikeEdge(graph, edge)} ${typedName(graph, next)} ${locations(next)}`);
          known[next] = signature;
        }
        return signature;
      };
    },
    above: (signature) => parents[signature] ?? -1,
  };
}

function locationRows({ locations }: HeapGraph): (node: number) => string {
  const rows = new Map<number, number>();
  for (let i = 0; i < locations.length; i++) rows.set(locations.node[i] as number, i);
  return (node) => {
    const row = rows.get(node);
    return row === undefined ? '' : `${locations.scriptId[row]}:${locations.line[row]}:${locations.column[row]}`;
  };
}
