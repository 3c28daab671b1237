export interface Card {
  id: string;
  column: string;
  title: string;
  points: number;
}

export interface Board {
  name: string;
  /** The ids of all cards, as their owner has arranged them. */
  order: string[];
  cards: Card[];
}

const COLUMNS = ['backlog', 'next', 'doing', 'review', 'done'];

/** A board as it comes from the server: cards by their id, the order beside them. */
export function readBoard(number: number, count: number): Board {
  const cards = Array.from({ length: count }, (_, i) => ({ id: `c${number}-${i}`, column: COLUMNS[(i * 7) % 5], title: `Card ${i}`, points: 1 + (i % 8) }));
  const order = cards.map((_, i) => `c${number}-${(i * 7919) % count}`);
  return JSON.parse(JSON.stringify({ name: `Board ${number}`, order, cards }));
}
