// Calculates the sheet of a craftsman's offers: columns of numbers, and formulas over them.
import { evaluate } from './evaluate.mjs';
import { parse } from './grammar.mjs';

const ROWS = 10;
const cells = new Map();
const formulas = new Map();

let state = 40;
for (let row = 1; row <= ROWS; row++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  cells.set(`A${row}`, 1 + (state >>> 8) % 40);
  cells.set(`B${row}`, 5 + (state >>> 14) % 90);
  cells.set(`C${row}`, (state >>> 5) % 15);
  formulas.set(`D${row}`, `= A${row} * B${row}`);
  formulas.set(`E${row}`, `= round(max((D${row} - min(C${row}; 10)) * (1 + 0.19); 25))`);
  formulas.set(`F${row}`, row % 3 === 0 ? `= if((E${row} > (100 + C${row})); E${row} * (1 - 0.03); E${row})` : `= E${row} + ${row}`);
}
formulas.set('G1', `= ${Array.from({ length: ROWS }, (_, i) => `F${i + 1}`).join(' + ')}`);

for (const [cell, text] of formulas) cells.set(cell, evaluate(parse(text), cells));
for (const row of [1, 6, 9]) console.log(`row ${row}: ${cells.get(`D${row}`)} ${cells.get(`E${row}`)} ${cells.get(`F${row}`).toFixed(2)}`);
console.log(`${formulas.size} formulas, sum ${cells.get('G1').toFixed(2)}`);
