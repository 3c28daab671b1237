// Solves sudokus by backtracking over bit masks.
const PUZZLES = [
  '..............3.85..1.2.......5.7.....4...1...9.......5......73..2.1........4...9',
  '8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..',
  '4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......',
];

class Board {
  rows = new Uint16Array(9);
  columns = new Uint16Array(9);
  boxes = new Uint16Array(9);
  cells = new Uint8Array(81);
  open = [];

  constructor(text) {
    for (let i = 0; i < 81; i++) {
      if (text[i] === '.') this.open.push(i);
      else this.put(i, Number(text[i]));
    }
  }

  free(i) {
    const row = (i / 9) | 0;
    const column = i % 9;
    return ~(this.rows[row] | this.columns[column] | this.boxes[((row / 3) | 0) * 3 + ((column / 3) | 0)]) & 0x3fe;
  }

  put(i, digit) {
    this.#flip(i, digit);
    this.cells[i] = digit;
  }

  remove(i) {
    this.#flip(i, this.cells[i]);
    this.cells[i] = 0;
  }

  #flip(i, digit) {
    const row = (i / 9) | 0;
    const column = i % 9;
    this.rows[row] ^= 1 << digit;
    this.columns[column] ^= 1 << digit;
    this.boxes[((row / 3) | 0) * 3 + ((column / 3) | 0)] ^= 1 << digit;
  }
}

const bits = (mask) => {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
};

function solve(board, depth = 0) {
  if (depth === board.open.length) return true;
  let best = depth;
  let fewest = 10;
  for (let k = depth; k < board.open.length; k++) {
    const count = bits(board.free(board.open[k]));
    if (count < fewest) {
      fewest = count;
      best = k;
    }
  }
  if (fewest === 0) return false;
  const cell = board.open[best];
  board.open[best] = board.open[depth];
  board.open[depth] = cell;
  for (let digit = 1, mask = board.free(cell); digit <= 9; digit++) {
    if ((mask & (1 << digit)) === 0) continue;
    board.put(cell, digit);
    if (solve(board, depth + 1)) return true;
    board.remove(cell);
  }
  return false;
}

for (const puzzle of PUZZLES) {
  let board;
  for (let round = 0; round < 260; round++) {
    board = new Board(puzzle);
    if (!solve(board)) throw new Error('no solution');
  }
  console.log(board.cells.join(''));
}
