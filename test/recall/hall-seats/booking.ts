import type { Hall, Seat } from './hall';

export interface Wish {
  who: string;
  people: number;
  most: number;
}

function together(seats: Seat[]): boolean {
  return seats.every((seat, i) => i === 0 || (seat.row === seats[0].row && seat.number === seats[i - 1].number + 1));
}

/** The first seats side by side that the guests can afford. */
export function find(hall: Hall, wish: Wish): Seat[] | null {
  for (let start = 0; start + wish.people <= hall.free.length; start++) {
    const seats = hall.free.slice(start, start + wish.people);
    if (seats[0].price <= wish.most && together(seats)) return seats;
  }
  return null;
}

export function book(hall: Hall, wish: Wish): boolean {
  const seats = find(hall, wish);
  if (seats === null) return false;
  for (const seat of seats) seat.taken = wish.who;
  return true;
}
