import { evaluate } from 'mathjs';

export interface Rule {
  name: string;
  formula: string;
  unit: 'EUR' | '%' | 'kg';
}

/** The formulas that the people of the shop have typed in. */
export const RULES: Rule[] = [
  { name: 'net', formula: 'quantity * price * (1 - discount / 100)', unit: 'EUR' },
  { name: 'freight', formula: 'quantity * weight > 30 ? 4.9 + ceil((quantity * weight - 30) / 10) * 1.5 : 4.9', unit: 'EUR' },
  { name: 'margin', formula: 'round((price * (1 - discount / 100) - cost) / price * 100, 1)', unit: '%' },
  { name: 'gross', formula: 'quantity * weight * 1.08 + 0.3', unit: 'kg' },
];

export type Line = Record<'quantity' | 'price' | 'discount' | 'weight' | 'cost', number>;

/** The figures of a line of an order. */
export function figures(line: Line): Record<string, number> {
  const results: Record<string, number> = {};
  for (const { name, formula } of RULES) results[name] = Number(evaluate(formula, { ...line }));
  return results;
}
