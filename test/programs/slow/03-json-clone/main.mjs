// Keeps a history of a document by cloning all of it for each change.
const document = { title: 'Report', sections: Array.from({ length: 300 }, (_, i) => ({ id: i, text: `Section ${i} `.repeat(8), tags: ['a', 'b', 'c'] })) };

function clone(value) {
  return JSON.parse(JSON.stringify(value));
}

function change(state, at) {
  const next = clone(state);
  next.sections[at % next.sections.length].text += '.';
  return next;
}

const end = Date.now() + 1200;
let state = document;
let changes = 0;
while (Date.now() < end) state = change(state, changes++);
console.log(changes);
