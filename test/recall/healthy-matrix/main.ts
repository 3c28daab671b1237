// Multiplies matrices, block by block, and checks the result with a random vector.
type Matrix = { readonly size: number; readonly cells: Float64Array };

function random(size: number, seed: number): Matrix {
  const cells = new Float64Array(size * size);
  let state = seed;
  for (let i = 0; i < cells.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    cells[i] = state / 2 ** 32 - 0.5;
  }
  return { size, cells };
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const { size } = a;
  const cells = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a.cells[i * size + k];
      for (let j = 0; j < size; j++) cells[i * size + j] += factor * b.cells[k * size + j];
    }
  }
  return { size, cells };
}

function apply(m: Matrix, v: Float64Array): Float64Array {
  const result = new Float64Array(m.size);
  for (let i = 0; i < m.size; i++) for (let j = 0; j < m.size; j++) result[i] += m.cells[i * m.size + j] * v[j];
  return result;
}

const size = 720;
const a = random(size, 1);
const b = random(size, 2);
let product = a;
for (let round = 0; round < 3; round++) product = multiply(product, b);
const v = new Float64Array(size).fill(1);
const expected = apply(a, apply(b, apply(b, apply(b, v))));
const error = apply(product, v).reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i])), 0);
console.log(error < 1e-3 ? 'right' : 'wrong', error);
