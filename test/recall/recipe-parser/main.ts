import { parseIngredient, type Ingredient } from './grammar';
import { recipes } from './recipes';

const GRAMS: Record<string, number> = { g: 1, kg: 1000, ml: 1, l: 1000, cup: 240, tbsp: 15, tsp: 5, piece: 60 };

function weight(ingredient: Ingredient): number {
  return ingredient.amount * (GRAMS[ingredient.unit] ?? 1);
}

const shopping = new Map<string, number>();
let parsed = 0;
const failed: string[] = [];

for (const recipe of recipes(4000)) {
  for (const line of recipe.ingredients) {
    const ingredient = parseIngredient(line);
    if (!ingredient) {
      failed.push(line);
      continue;
    }
    parsed++;
    shopping.set(ingredient.name, (shopping.get(ingredient.name) ?? 0) + weight(ingredient));
  }
}

console.log(`${parsed} ingredients parsed, ${failed.length} not understood`);
for (const [name, grams] of [...shopping].sort((a, b) => b[1] - a[1]).slice(0, 4)) {
  console.log(`${name.padEnd(12)} ${(grams / 1000).toFixed(1)} kg`);
}
