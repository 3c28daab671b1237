import { evaluate } from 'mathjs';

export function calculate(expression) {
  return String(evaluate(expression));
}
