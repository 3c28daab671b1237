import type { HeapAnalysis } from '../analysis/analyze-heap';
import { CELL, isContextName } from '../graph/comparable-names';
import { graphTypes, stringIs, stringTest } from '../graph/graph-types';

/** What an exported variable of a module is: V8 keeps it in a cell of its own, with no name on the way to it. */
export interface ExportedVariable {
  readonly name: string;
  /** The node of the variables that the module's functions see; -1 where none is known. */
  readonly context: number;
}

/** Retainers that are looked at: a module of more exports is generated code. */
const MOST = 5_000;

/**
 * Names of cells. A module has a table of its exports, in which a name stands before its cell:
 *
 *   context --extension--> module --n--> table --k--> "sessions"
 *                                              --k+1--> cell --value--> Map
 */
export function exportedVariables(analysis: HeapAnalysis): (cell: number) => ExportedVariable | undefined {
  const { graph } = analysis;
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const isCell = stringIs(strings, CELL);
  const isModule = stringIs(strings, 'system / SourceTextModule');
  const isExtension = stringIs(strings, 'extension');
  const isContext = stringTest(strings, isContextName);

  /** The nearest retainers for which `wanted` has an answer. */
  const above = (node: number, wanted: (from: number, edge: number) => number): number => {
    const { first, from, edge } = analysis.retainers;
    const start = first[node] as number;
    for (let r = start, end = Math.min(first[node + 1] as number, start + MOST); r < end; r++) {
      const found = wanted(from[r] as number, edge[r] as number);
      if (found >= 0) return found;
    }
    return -1;
  };
  const contextOf = (table: number): number =>
    above(table, (module) =>
      isModule(nodes.name[module] as number)
        ? above(module, (context, edge) => (isExtension(edges.nameOrIndex[edge] as number) && isContext(nodes.name[context] as number) ? context : -1))
        : -1,
    );

  return (cell) => {
    if (!isCell(nodes.name[cell] as number)) return undefined;
    let name = '';
    let table = -1;
    above(cell, (from, edge) => {
      const before = edge - 1;
      if (nodes.type[from] !== types.array || before < (edges.first[from] as number)) return -1;
      const key = edges.to[before] as number;
      if (nodes.type[key] !== types.string || indexOf(graph, edge) !== indexOf(graph, before) + 1) return -1;
      name = strings.at(nodes.name[key] as number);
      table = from;
      return 0;
    });
    return table < 0 ? undefined : { name, context: contextOf(table) };
  };
}

/** V8 writes the places in a table as text or as numbers. */
function indexOf({ edges, edgeTypes, strings }: HeapAnalysis['graph'], edge: number): number {
  const type = edgeTypes[edges.type[edge] as number];
  const value = edges.nameOrIndex[edge] as number;
  return type === 'element' || type === 'hidden' ? value : Number(strings.at(value));
}
