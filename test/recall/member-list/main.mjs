// Orders the members of a club for the printed list: by branch, then by name, as a German reader expects.
const FIRST = ['Änne', 'Anton', 'Özlem', 'Otto', 'Émile', 'Emil', 'Zoë', 'Ulrike', 'Ülkü', 'Jörg', 'Jonas', 'Ines'];
const LAST = ['Müller', 'Mueller', 'Schäfer', 'Schaefer', 'Öztürk', 'Groß', 'Gross', 'Brûlé', 'van Dyk', 'Van Dijk'];

function members(count) {
  const list = [];
  let seed = 7;
  const next = (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % n;
  };
  for (let i = 0; i < count; i++) {
    list.push({ id: i, first: FIRST[next(FIRST.length)], last: `${LAST[next(LAST.length)]}-${next(5000)}`, branch: `Ortsgruppe ${next(12)}`, since: 1970 + next(55) });
  }
  return list;
}

function byName(a, b) {
  const last = a.last.localeCompare(b.last, 'de', { sensitivity: 'base' });
  if (last !== 0) return last;
  return a.first.localeCompare(b.first, 'de', { sensitivity: 'base' });
}

function groupByBranch(list) {
  const groups = new Map();
  for (const member of list) {
    const group = groups.get(member.branch);
    if (group) group.push(member);
    else groups.set(member.branch, [member]);
  }
  return groups;
}

function printed(list) {
  return list.map((member) => `${member.last}, ${member.first} (${member.since})`).join('\n');
}

function jubilees(list, year) {
  return list.filter((member) => (year - member.since) % 25 === 0 && year > member.since).length;
}

const everyone = members(26000);
const groups = groupByBranch(everyone);
let size = 0;
for (const [branch, list] of groups) {
  const text = printed(list.sort(byName));
  size += text.length;
  console.log(branch, list.length, text.slice(0, 24), jubilees(list, 2025));
}
console.log(`${size} characters`);
