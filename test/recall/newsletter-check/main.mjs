// Checks the addresses of a newsletter before it is sent.
const ADDRESS = /^([\w%+-]+\.?)+@([\w-]+\.)+[a-zA-Z]{2,24}$/;
const BLOCKED = new Set(['mailinator.example', 'trash.example']);

function* subscribers() {
  for (let i = 0; i < 40000; i++) yield { id: i, address: `first.last${i}@mail${i % 50}.example.org`, topics: ['news', i % 3 ? 'offers' : 'events'] };
  const typed = ['MyNameIsNotReallyAnAddressX', 'please_remove_me_from_this_1', 'nobody.wants.this.newsletter'];
  for (let i = 0; i < 18; i++) yield { id: 90000 + i, address: `${typed[i % 3]}${i % 2 ? '!' : ' '}`, topics: ['news'] };
}

function domainOf(address) {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function check(subscriber) {
  const problems = [];
  if (!ADDRESS.test(subscriber.address)) problems.push('not an address');
  else if (BLOCKED.has(domainOf(subscriber.address))) problems.push('blocked domain');
  if (subscriber.topics.length === 0) problems.push('no topics');
  return problems;
}

function summary(list) {
  const domains = new Map();
  for (const { address } of list) {
    const domain = domainOf(address);
    domains.set(domain, (domains.get(domain) ?? 0) + 1);
  }
  return [...domains].sort((a, b) => b[1] - a[1]).slice(0, 3);
}

const good = [];
const bad = [];
for (const subscriber of subscribers()) {
  const problems = check(subscriber);
  if (problems.length === 0) good.push(subscriber);
  else bad.push({ ...subscriber, problems });
}
console.log(`${good.length} good, ${bad.length} bad`);
for (const [domain, count] of summary(good)) console.log(domain, count);
for (const { id, problems } of bad) console.log(id, problems.join(', '));
