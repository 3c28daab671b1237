// Asks a server for four hundred things, sixteen at a time.
async function load(id) {
  const response = await fetch(`${process.env.UPSTREAM}/items/${id}`);
  return response.json();
}

async function loadAll(count, atOnce) {
  const items = [];
  let next = 0;
  const work = async () => {
    while (next < count) items.push(await load(next++));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return items;
}

console.log((await loadAll(400, 16)).length);
