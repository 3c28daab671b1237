import { Chess } from 'chess.js';
import { load, random } from '../input.mjs';

const next = random(11);
await load(() => {
  const game = new Chess();
  for (let i = 0; i < 60 && !game.isGameOver(); i++) {
    const moves = game.moves({ verbose: true });
    game.move(moves[next(moves.length)].san);
  }
  const copy = new Chess();
  copy.loadPgn(game.pgn());
  return copy.fen();
});
