export interface Seat {
  row: number;
  number: number;
  price: number;
  taken: string | null;
}

export class Hall {
  readonly seats: Seat[] = [];

  constructor(rows: number, perRow: number) {
    for (let row = 0; row < rows; row++) {
      for (let number = 0; number < perRow; number++) {
        this.seats.push({ row, number, price: row < 6 ? 58 : row < 20 ? 41 : 24, taken: null });
      }
    }
  }

  get free(): Seat[] {
    return this.seats.filter((seat) => seat.taken === null).sort((a, b) => a.row - b.row || a.number - b.number);
  }

  get takings(): number {
    return this.seats.reduce((sum, seat) => (seat.taken === null ? sum : sum + seat.price), 0);
  }
}
