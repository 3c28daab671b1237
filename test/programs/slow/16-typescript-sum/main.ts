// Sums a tree by copying what it has so far for every value.
interface Node {
  readonly value: number;
  readonly children: readonly Node[];
}

const build = (depth: number): Node => ({ value: depth, children: depth === 0 ? [] : [build(depth - 1), build(depth - 1)] });

function collect(root: Node): number[] {
  let values: number[] = [];
  const rest: Node[] = [root];
  for (let node = rest.pop(); node; node = rest.pop()) {
    values = [...values, node.value];
    rest.push(...node.children);
  }
  return values;
}

const total: number = collect(build(13)).reduce((sum, value) => sum + value, 0);
console.log(total);
