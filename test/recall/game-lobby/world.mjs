const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export class World {
  tick = 0;
  players = [];
  items = [];

  constructor(players, items, seed) {
    this.state = seed;
    for (let i = 0; i < players; i++) this.players.push({ id: i, name: `player-${LETTERS[i % 26]}${i}`, x: this.random() * 900, y: this.random() * 600, dx: this.random() * 4 - 2, dy: this.random() * 4 - 2, score: 0 });
    for (let i = 0; i < items; i++) this.items.push({ id: i, kind: ['coin', 'heart', 'key'][i % 3], x: this.random() * 900, y: this.random() * 600 });
  }

  random() {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state / 2 ** 32;
  }

  step() {
    this.tick += 1;
    for (const player of this.players) {
      player.x = (player.x + player.dx + 900) % 900;
      player.y = (player.y + player.dy + 600) % 600;
      for (const item of this.items) {
        if ((player.x - item.x) ** 2 + (player.y - item.y) ** 2 > 64) continue;
        player.score += item.kind === 'coin' ? 1 : 5;
        item.x = this.random() * 900;
        item.y = this.random() * 600;
      }
    }
  }

  view() {
    const round = (value) => Math.round(value * 10) / 10;
    return {
      tick: this.tick,
      players: this.players.map(({ id, name, x, y, score }) => ({ id, name, x: round(x), y: round(y), score })),
      items: this.items.map(({ id, kind, x, y }) => ({ id, kind, x: round(x), y: round(y) })),
    };
  }
}
