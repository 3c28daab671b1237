export interface Recipe {
  title: string;
  ingredients: string[];
  author: string;
}

const DISHES = ['soup', 'gratin', 'salad', 'curry', 'stew', 'pie', 'pasta', 'risotto', 'omelette', 'dumplings'];
const THINGS = ['pumpkin', 'leek', 'lentil', 'mushroom', 'spinach', 'salmon', 'potato', 'chickpea', 'tomato', 'fennel', 'carrot', 'apple'];
const AUTHORS = ['Aylin', 'Bruno', 'Chiara', 'Dmitri', 'Elif', 'Farid'];

export function cookbook(count: number): Recipe[] {
  let state = 61;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 11) % below;
  };
  return Array.from({ length: count }, (_, i) => {
    const things = Array.from({ length: 3 + next(5) }, () => THINGS[next(12)]);
    return { title: `${things[0]} and ${things[1]} ${DISHES[next(10)]} no. ${i}`, ingredients: [...things, 'salt', 'olive oil'], author: AUTHORS[next(6)] };
  });
}
