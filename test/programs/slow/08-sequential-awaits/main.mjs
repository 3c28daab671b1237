// Asks a server for sixty things that do not depend on each other, one after another.
async function load(id) {
  const response = await fetch(`${process.env.UPSTREAM}/items/${id}`);
  return response.json();
}

async function loadAll(count) {
  const items = [];
  for (let id = 0; id < count; id++) {
    items.push(await load(id));
  }
  return items;
}

console.log((await loadAll(60)).length);
