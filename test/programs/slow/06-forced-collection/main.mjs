// Collects garbage by hand after every reading, though nothing asks for it.
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const catalogue = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `article ${id}`, tags: [id % 7] }));

function readings(count) {
  const kept = [];
  for (let at = 0; at < count; at++) kept.push(new Array(600_000).fill(catalogue[at].id).length) && collect();
  return kept.length;
}

const end = Date.now() + 2500;
let all = 0;
while (Date.now() < end) all += readings(20);
console.log(all > 0);
