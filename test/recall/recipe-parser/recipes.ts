const names = ['flour', 'sugar', 'olive oil', 'milk', 'onion', 'garlic', 'rice', 'butter', 'egg', 'carrot'];
const units = ['g', 'kg', 'ml', 'l', 'cup', 'cups', 'tbsp', 'tsp', ''];
const amounts = ['1', '2', '250', '1/2', '1 1/2', '0.5', '3', '12'];
const notes = ['', ', chopped', ', at room temperature', ''];

export interface Recipe {
  title: string;
  ingredients: string[];
}

export function* recipes(count: number): Generator<Recipe> {
  for (let r = 0; r < count; r++) {
    const ingredients: string[] = [];
    for (let i = 0; i < 10; i++) {
      const k = r * 10 + i;
      const unit = units[(k * 5) % units.length];
      const of = unit && k % 3 === 0 ? 'of ' : '';
      if (k % 29 === 0) ingredients.push(`salt${notes[k % 4]}`);
      else ingredients.push(`${amounts[(k * 3) % 8]} ${unit ? unit + ' ' : ''}${of}${names[(k * 7) % 10]}${notes[k % 4]}`);
    }
    yield { title: `Recipe ${r}`, ingredients };
  }
}
