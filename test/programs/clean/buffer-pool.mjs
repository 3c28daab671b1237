// Buffers that are lent and come back.
const free = [];

async function withBuffer(use) {
  const buffer = free.pop() ?? Buffer.alloc(4096);
  await use(buffer);
  free.push(buffer);
}

export async function exercise() {
  const pause = () => new Promise((resolve) => setImmediate(resolve));
  await Promise.all(Array.from({ length: 8 }, () => withBuffer(pause)));
}
