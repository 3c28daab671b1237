// Sorts an address book once and answers many questions of what begins with what.
const collator = new Intl.Collator('sv', { sensitivity: 'base', numeric: true });

interface Person {
  name: string;
  born: number;
}

function people(count: number): Person[] {
  const syllables = ['an', 'ber', 'cå', 'dö', 'e', 'fä', 'gun', 'hil', 'i', 'jo', 'ka', 'lö', 'ma', 'ni', 'os'];
  let seed = 5;
  const next = (n: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed >>> 8) % n;
  };
  return Array.from({ length: count }, () => ({ name: `${syllables[next(15)]}${syllables[next(15)]}${syllables[next(15)]} ${next(900)}`, born: 1920 + next(100) }));
}

function firstNotBefore(sorted: Person[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (collator.compare(sorted[middle].name, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

const sorted = people(220_000).sort((a, b) => collator.compare(a.name, b.name));
const byYear = new Map<number, number>();
for (const { born } of sorted) byYear.set(born, (byYear.get(born) ?? 0) + 1);
let found = 0;
for (const { name } of people(120_000)) {
  const at = firstNotBefore(sorted, name);
  if (at < sorted.length && collator.compare(sorted[at].name, name) === 0) found++;
}
console.log(sorted.length, found, byYear.size, sorted[0].name);
