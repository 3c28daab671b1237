// Prints the boards of a company's teams, in the order in which their cards were arranged.
import { type Board, type Card, readBoard } from './board';

function arranged({ cards, order }: Board): Card[] {
  return [...cards].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

function columns(cards: Card[]): Map<string, Card[]> {
  const all = new Map<string, Card[]>();
  for (const card of cards) {
    const own = all.get(card.column);
    if (own) own.push(card);
    else all.set(card.column, [card]);
  }
  return all;
}

function column(name: string, cards: Card[]): string {
  const points = cards.reduce((sum, card) => sum + card.points, 0);
  return `${name.padEnd(8)} ${String(cards.length).padStart(5)} cards ${String(points).padStart(6)} points, first: ${cards
    .slice(0, 3)
    .map(({ title }) => title)
    .join(', ')}`;
}

function print(board: Board): string[] {
  const lines = [board.name];
  for (const [name, cards] of columns(arranged(board))) lines.push(`  ${column(name, cards)}`);
  return lines;
}

const boards = Array.from({ length: 12 }, (_, i) => readBoard(i, 4400 + i * 60));
for (const board of boards) console.log(print(board).join('\n'));
console.log(`${boards.reduce((sum, { cards }) => sum + cards.length, 0)} cards`);
