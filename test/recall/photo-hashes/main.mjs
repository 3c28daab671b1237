// Finds photos that look alike in the import of a camera; the hashes are computed in threads.
import { hashAll } from './hashing.mjs';

const photos = Array.from({ length: 130 }, (_, i) => ({ name: `DSC_${String(4000 + i)}.jpg`, number: i % 9 === 8 ? i - 1 : i }));

function alike(hashes) {
  const groups = new Map();
  for (const { name, likeness, sum } of hashes) {
    const key = `${likeness} ${sum.slice(0, 8)}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].filter((names) => names.length > 1).map((names) => names.sort());
}

const hashes = await hashAll(photos);
const groups = alike(hashes).sort((a, b) => (a[0] < b[0] ? -1 : 1));
console.log(`${hashes.length} photos, ${groups.length} groups of photos alike`);
for (const names of groups.slice(0, 3)) console.log(names.join(' = '));
