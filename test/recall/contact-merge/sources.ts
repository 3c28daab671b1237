export interface Contact {
  email: string;
  name: string;
  city: string;
  tags: string[];
}

const first = ['Anna', 'Ben', 'Clara', 'David', 'Eva', 'Felix', 'Greta', 'Hugo'];
const last = ['Meyer', 'Schulz', 'Rossi', 'Dubois', 'Jansen', 'Novak'];
const cities = ['Berlin', 'Milano', 'Lyon', 'Utrecht', 'Praha'];
const domains = ['example.org', 'mail.test', 'firma.example'];

function contact(i: number): Contact {
  const f = first[i % first.length];
  const l = last[(i * 5) % last.length];
  return {
    email: `${f}.${l}.${i}@${domains[i % domains.length]}`,
    name: `${f} ${l}`,
    city: cities[(i * 3) % cities.length],
    tags: i % 4 === 0 ? ['vip', 'b2b'] : i % 3 === 0 ? ['trial'] : ['customer'],
  };
}

export function crmContacts(n: number): Contact[] {
  return Array.from({ length: n }, (_, i) => contact(i));
}

export function newsletterContacts(n: number): Contact[] {
  return Array.from({ length: n }, (_, i) => {
    const c = contact(Math.floor(n * 0.6) + i);
    return { ...c, email: ` ${c.email.toUpperCase()}`, tags: [...c.tags].reverse() };
  });
}
