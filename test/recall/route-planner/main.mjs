// The quickest way through a road network.
const WIDTH = 300;
const HEIGHT = 240;

function network() {
  const roads = new Map();
  let seed = 42;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const link = (a, b) => {
    const minutes = 1 + Math.floor(random() * 20);
    for (const [from, to] of [[a, b], [b, a]]) {
      if (!roads.has(from)) roads.set(from, []);
      roads.get(from).push({ to, minutes });
    }
  };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const node = y * WIDTH + x;
      if (x + 1 < WIDTH) link(node, node + 1);
      if (y + 1 < HEIGHT) link(node, node + WIDTH);
    }
  }
  return roads;
}

class PriorityQueue {
  #items = [];

  enqueue(node, priority) {
    this.#items.push({ node, priority });
    this.#items.sort((a, b) => b.priority - a.priority);
  }

  dequeue() {
    return this.#items.pop();
  }

  get size() {
    return this.#items.length;
  }
}

function quickest(roads, from, to) {
  const best = new Map([[from, 0]]);
  const previous = new Map();
  const open = new PriorityQueue();
  open.enqueue(from, 0);
  while (open.size > 0) {
    const { node, priority } = open.dequeue();
    if (node === to) break;
    if (priority > best.get(node)) continue;
    for (const road of roads.get(node)) {
      const minutes = priority + road.minutes;
      if (minutes >= (best.get(road.to) ?? Infinity)) continue;
      best.set(road.to, minutes);
      previous.set(road.to, node);
      open.enqueue(road.to, minutes);
    }
  }
  const path = [to];
  while (path.at(-1) !== from) path.push(previous.get(path.at(-1)));
  return { minutes: best.get(to), path: path.reverse() };
}

const roads = network();
for (const to of [WIDTH * HEIGHT - 1, WIDTH - 1, WIDTH * (HEIGHT - 1)]) {
  const { minutes, path } = quickest(roads, 0, to);
  console.log(`to ${to}: ${minutes} minutes over ${path.length} crossings`);
}
