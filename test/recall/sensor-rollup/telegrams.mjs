const OPTIONAL = ['battery', 'rssi', 'motion', 'noise', 'pressure', 'voc', 'door', 'uptime'];

export function* telegrams(count) {
  let s = 4711;
  const rnd = (n) => {
    s = (Math.imul(s, 22695477) + 1) >>> 0;
    return (s >>> 8) % n;
  };
  for (let i = 0; i < count; i++) {
    const fields = [`temperature=${180 + rnd(90)}`, `humidity=${30 + rnd(50)}`, `co2=${400 + rnd(1200)}`, `light=${rnd(90)}`];
    for (const name of OPTIONAL) if (rnd(2)) fields.push(`${name}=${rnd(100)}`);
    // every firmware sends its fields in an order of its own
    for (let k = fields.length - 1; k > 0; k--) {
      const j = rnd(k + 1);
      [fields[k], fields[j]] = [fields[j], fields[k]];
    }
    yield fields.join(';');
  }
}
