const OPERATORS = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? 0 : a / b),
  '^': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
};

const FUNCTIONS = { min: Math.min, max: Math.max, round: Math.round, if: (test, yes, no) => (test ? yes : no) };

export function evaluate(node, cells) {
  if ('number' in node) return node.number;
  if ('cell' in node) return cells.get(node.cell) ?? 0;
  if ('call' in node) return FUNCTIONS[node.call](...node.values.map((value) => evaluate(value, cells)));
  return OPERATORS[node.operator](evaluate(node.left, cells), evaluate(node.right, cells));
}
