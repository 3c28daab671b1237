import type { HeapAnalysis } from '../analysis/analyze-heap';
import { nodeName } from '../analysis/heap-names';
import { graphTypes } from '../graph/graph-types';
import { propertyText } from '../graph/object-shapes';
import { isPlainClass } from './leak-classes';

/** Properties of an object that are looked at, and characters of a label. */
const MOST_PROPERTIES = 200;
const LONGEST = 100;

/**
 * What objects that pile up are called, by the class they were counted by: plain objects by
 * the properties that all of them have, `{id, items}`. What only some have is data, as in
 * `{user-37: …}`, and others the next time; of those without any in common it is `Object`.
 */
export function groupLabel(
  analysis: HeapAnalysis,
  { name, sample, examples }: { readonly name: string; readonly sample: number; readonly examples: readonly number[] },
): string {
  const { graph } = analysis;
  const { nodes, nodeTypes } = graph;
  // Text is no class.
  if (/string$/.test(nodeTypes[nodes.type[sample] as number] ?? '')) return 'string';
  // The name of one is its pattern.
  if (nodeTypes[nodes.type[sample] as number] === 'regexp') return 'RegExp';
  if (name.startsWith('closure:bound ')) return name.slice('closure:'.length);
  if (!isPlainClass(name)) return nodeName(analysis, sample).slice(0, 200) || name;
  let common = properties(analysis, sample);
  let isCut = false;
  for (const node of examples) {
    const own = new Set(properties(analysis, node));
    isCut ||= own.size !== common.length;
    common = common.filter((one) => own.has(one));
  }
  return common.length === 0 ? 'Object' : labelOf(common, isCut);
}

function properties({ graph: { edges, nodeTypes, edgeTypes, strings } }: HeapAnalysis, node: number): string[] {
  const { property } = graphTypes({ nodeTypes, edgeTypes }).edge;
  const found: string[] = [];
  const start = edges.first[node] as number;
  for (let e = start, end = Math.min(edges.first[node + 1] as number, start + MOST_PROPERTIES); e < end; e++) {
    const name = edges.type[e] === property ? strings.at(edges.nameOrIndex[e] as number) : '__proto__';
    if (name !== '__proto__') found.push(name);
  }
  return found;
}

function labelOf(names: readonly string[], isCut: boolean): string {
  const shown: string[] = [];
  let length = 0;
  for (const name of names) {
    const text = propertyText(name);
    length += text.length + 2;
    if (shown.length > 0 && length > LONGEST) break;
    shown.push(text);
  }
  return `{${shown.join(', ')}${isCut || shown.length < names.length ? ', …' : ''}}`;
}
