import { create, all as every } from 'mathjs';
import { load, random } from '../input.mjs';

const math = create(every);
const next = random(5);
const matrix = Array.from({ length: 25 }, () => Array.from({ length: 25 }, () => next(100)));
await load((turn) => {
  math.evaluate(`f(x, y) = x ^ 2 + sqrt(y) / ${turn + 1}; f(3, 4) + 2; 2 inch to cm`);
  math.simplify('2 * x + 3 * x - (4 - x) ^ 2 + sin(0)').toString();
  math.derivative('x^3 + 2 x ^ 2 + sin(x)', 'x').toString();
  math.inv(math.add(matrix, math.identity(25)));
  math.multiply(math.bignumber('1.23456789'), math.bignumber(turn));
}, 3000);
