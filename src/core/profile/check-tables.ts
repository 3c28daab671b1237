import { Category } from './categories';
import type { ProfileTables } from './tables';

/** The invariants of `ProfileTables`, each broken one as a sentence. Used by tests and by the slab's reader. */
export function checkTables(tables: ProfileTables): string[] {
  const { nodes, samples, lines, functions, strings } = tables;
  const broken: string[] = [];
  const check = (holds: boolean, sentence: string): void => {
    if (!holds && broken.length < 20) broken.push(sentence);
  };
  check(nodes.length > 0, 'there is a root');
  check(nodes.parent[0] === -1 && nodes.depth[0] === 0, 'node 0 is the root');
  check(nodes.subtreeEnd[0] === nodes.length, "the root's subtree is everything");
  let sum = 0;
  const childTotal = new Float64Array(nodes.length);
  const size = new Uint32Array(nodes.length).fill(1);
  for (let i = nodes.length - 1; i > 0; i--) {
    const parent = nodes.parent[i] as number;
    if (parent >= 0 && parent < i) size[parent] = (size[parent] as number) + (size[i] as number);
  }
  for (let i = 0; i < nodes.length; i++) {
    const parent = nodes.parent[i] as number;
    const end = nodes.subtreeEnd[i] as number;
    sum += nodes.self[i] as number;
    check((nodes.func[i] as number) < functions.length, `function of node ${i} exists`);
    check((nodes.self[i] as number) >= 0, `self of node ${i} is a duration`);
    check((nodes.deopt[i] as number) < strings.length, `deopt reason of node ${i} exists`);
    check(end - i === size[i], `subtree of node ${i} is the range of its descendants`);
    if (i === 0) continue;
    check(parent >= 0 && parent < i, `parent of node ${i} stands before it`);
    check(end <= (nodes.subtreeEnd[parent] as number), `subtree of node ${i} lies within its parent's`);
    check(nodes.depth[i] === (nodes.depth[parent] as number) + 1, `depth of node ${i} is its parent's + 1`);
    childTotal[parent] = (childTotal[parent] as number) + (nodes.total[i] as number);
  }
  const slack = 1e-6 * Math.max(1, Math.abs(sum));
  for (let i = 0; i < nodes.length; i++) {
    const expected = (childTotal[i] as number) + (nodes.self[i] as number);
    check(Math.abs((nodes.total[i] as number) - expected) <= slack, `total of node ${i} is its self and its children's total`);
  }
  check(Math.abs(sum - (nodes.total[0] as number)) <= slack, 'Σ self equals the total of the root');
  check(Number.isFinite(tables.startTime) && Number.isFinite(tables.endTime), 'start and end are times');
  const sampled = new Float64Array(nodes.length);
  for (let i = 0; i < samples.length; i++) {
    const node = samples.node[i] as number;
    const next = i + 1 < samples.length ? (samples.start[i + 1] as number) : tables.endTime;
    check(node < nodes.length, `node of sample ${i} exists`);
    sampled[node] = (sampled[node] as number) + next - (samples.start[i] as number);
    if (i > 0) check((samples.start[i] as number) >= (samples.start[i - 1] as number), `sample ${i} is in time order`);
  }
  if (samples.length > 0) {
    for (let i = 0; i < nodes.length; i++)
      check(Math.abs((nodes.self[i] as number) - (sampled[i] as number)) <= slack, `self of node ${i} is the time of its samples`);
  }
  for (let i = 0; i < lines.length; i++) check((lines.node[i] as number) < nodes.length, `node of line ${i} exists`);
  for (let i = 0; i < functions.length; i++) {
    for (const column of [functions.name, functions.url, functions.package]) check((column[i] as number) < strings.length, `strings of function ${i} exist`);
    check((functions.category[i] as number) <= Category.Unknown, `category of function ${i} exists`);
  }
  return broken;
}
