// A soak of the game server: a few hundred players, who see one another at every tick.
import { Writable } from 'node:stream';
import { Lobby } from './lobby.mjs';
import { World } from './world.mjs';

const PLAYERS = 220;
const TICKS = 110;

function socket() {
  return new Writable({
    decodeStrings: false,
    write(_text, _encoding, done) {
      done();
    },
  });
}

const world = new World(PLAYERS, 60, 4711);
const lobby = new Lobby();
for (const player of world.players) lobby.join({ player: player.id, open: player.id % 19 !== 0, socket: socket() });

for (let tick = 0; tick < TICKS; tick++) {
  world.step();
  lobby.broadcast({ type: 'state', state: world.view() });
  if (tick % 25 === 0) lobby.broadcast({ type: 'best', players: [...world.players].sort((a, b) => b.score - a.score).slice(0, 3).map(({ name }) => name) });
  await new Promise((resolve) => setImmediate(resolve));
}

const best = [...world.players].sort((a, b) => b.score - a.score)[0];
console.log(`${world.tick} ticks, ${(lobby.sent / 1024 / 1024).toFixed(0)} MB sent, best ${best.name} with ${best.score}`);
