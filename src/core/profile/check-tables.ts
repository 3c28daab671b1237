import { Category } from './categories';
import type { ProfileTables } from './tables';

/** The invariants of `ProfileTables`, each broken one as a sentence. Used by tests and by the slab's reader. */
export function checkTables(tables: ProfileTables): string[] {
  const { nodes, samples, lines, functions, strings } = tables;
  const broken: string[] = [];
  // Sentences are made only for what is broken: a profile has millions of things that hold.
  const fail = (sentence: string): void => {
    if (broken.length < 20) broken.push(sentence);
  };
  if (!(nodes.length > 0)) fail('there is a root');
  if (!(nodes.parent[0] === -1 && nodes.depth[0] === 0)) fail('node 0 is the root');
  if (!(nodes.subtreeEnd[0] === nodes.length)) fail("the root's subtree is everything");
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
    if (!((nodes.func[i] as number) < functions.length)) fail(`function of node ${i} exists`);
    if (!((nodes.self[i] as number) >= 0)) fail(`self of node ${i} is a duration`);
    if (!((nodes.deopt[i] as number) < strings.length)) fail(`deopt reason of node ${i} exists`);
    if (!(end - i === size[i])) fail(`subtree of node ${i} is the range of its descendants`);
    if (i === 0) continue;
    if (!(parent >= 0 && parent < i)) fail(`parent of node ${i} comes before it`);
    if (!(end <= (nodes.subtreeEnd[parent] as number))) fail(`subtree of node ${i} lies within its parent's`);
    if (!(nodes.depth[i] === (nodes.depth[parent] as number) + 1)) fail(`depth of node ${i} is its parent's + 1`);
    childTotal[parent] = (childTotal[parent] as number) + (nodes.total[i] as number);
  }
  const slack = 1e-6 * Math.max(1, Math.abs(sum));
  for (let i = 0; i < nodes.length; i++) {
    const expected = (childTotal[i] as number) + (nodes.self[i] as number);
    if (!(Math.abs((nodes.total[i] as number) - expected) <= slack)) fail(`total of node ${i} is its self and its children's total`);
  }
  if (!(Math.abs(sum - (nodes.total[0] as number)) <= slack)) fail('Σ self equals the total of the root');
  if (!(Number.isFinite(tables.startTime) && Number.isFinite(tables.endTime))) fail('start and end are times');
  const sampled = new Float64Array(nodes.length);
  for (let i = 0; i < samples.length; i++) {
    const node = samples.node[i] as number;
    const next = i + 1 < samples.length ? (samples.start[i + 1] as number) : tables.endTime;
    if (!(node < nodes.length)) fail(`node of sample ${i} exists`);
    sampled[node] = (sampled[node] as number) + next - (samples.start[i] as number);
    if (i > 0 && !((samples.start[i] as number) >= (samples.start[i - 1] as number))) fail(`sample ${i} is in time order`);
  }
  if (samples.length > 0) {
    for (let i = 0; i < nodes.length; i++)
      if (!(Math.abs((nodes.self[i] as number) - (sampled[i] as number)) <= slack)) fail(`self of node ${i} is the time of its samples`);
  }
  for (let i = 0; i < lines.length; i++) if (!((lines.node[i] as number) < nodes.length)) fail(`node of line ${i} exists`);
  for (let i = 0; i < functions.length; i++) {
    for (const column of [functions.name, functions.url, functions.package])
      if (!((column[i] as number) < strings.length)) fail(`strings of function ${i} exist`);
    if (!((functions.category[i] as number) <= Category.Unknown)) fail(`category of function ${i} exists`);
  }
  return broken;
}
