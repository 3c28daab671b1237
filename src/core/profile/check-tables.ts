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
  for (let i = 0; i < nodes.length; i++) {
    const parent = nodes.parent[i] as number;
    const end = nodes.subtreeEnd[i] as number;
    sum += nodes.self[i] as number;
    check((nodes.func[i] as number) < functions.length, `function of node ${i} exists`);
    check(end > i && end <= nodes.length, `subtree of node ${i} is a range`);
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
  for (let i = 0; i < samples.length; i++) {
    check((samples.node[i] as number) < nodes.length, `node of sample ${i} exists`);
    if (i > 0) check((samples.start[i] as number) >= (samples.start[i - 1] as number), `sample ${i} is in time order`);
  }
  for (let i = 0; i < lines.length; i++) check((lines.node[i] as number) < nodes.length, `node of line ${i} exists`);
  for (let i = 0; i < functions.length; i++) {
    check((functions.name[i] as number) < strings.length && (functions.url[i] as number) < strings.length, `strings of function ${i} exist`);
  }
  return broken;
}
