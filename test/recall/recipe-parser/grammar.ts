import { choice, literal, map, NoMatch, optional, pattern, sequence, type Parser } from './combinators';

export interface Ingredient {
  amount: number;
  unit: string;
  name: string;
}

const space = pattern(/ +/, 'space');
const integer = map(pattern(/\d+/, 'number'), Number);
const decimal = map(pattern(/\d+\.\d+/, 'decimal'), Number);
const fraction = map(sequence(integer, literal('/'), integer), ([a, , b]) => a / b);
const mixed = map(sequence(integer, space, fraction), ([whole, , part]) => whole + part);
const amount: Parser<number> = choice(mixed, fraction, decimal, integer);

const unitNames = ['kg', 'g', 'ml', 'l', 'cups', 'cup', 'tbsp', 'tsp'];
const unit: Parser<string> = choice(...unitNames.map((u) => map(sequence(literal(u), space), () => (u === 'cups' ? 'cup' : u))));

const of = optional(map(sequence(literal('of'), space), () => ''), '');
const name = map(pattern(/[a-z][a-z ]*/, 'name'), (s) => s.trim());
const note = optional(map(sequence(literal(','), pattern(/.*/, 'note')), ([, n]) => n), '');

const measured = map(sequence(amount, space, unit, of, name, note), ([a, , u, , n]) => ({ amount: a, unit: u, name: n }));
const counted = map(sequence(amount, space, name, note), ([a, , n]) => ({ amount: a, unit: 'piece', name: n }));
const plain = map(sequence(name, note), ([n]) => ({ amount: 0, unit: 'piece', name: n }));

const ingredient: Parser<Ingredient> = choice<Ingredient>(measured, counted, plain);

export function parseIngredient(line: string): Ingredient | null {
  try {
    return ingredient(line.trim(), 0).value;
  } catch (err) {
    if (err instanceof NoMatch) return null;
    throw err;
  }
}
