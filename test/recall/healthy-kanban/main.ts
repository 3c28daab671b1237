// Orders tickets by a short list of states and a Map of positions; looks the oldest of each up in one pass.
interface Ticket {
  id: string;
  state: string;
  owner: string;
  opened: number;
  title: string;
}

const STATES = ['blocked', 'doing', 'review', 'next'];
const CLOSED = ['done', 'dropped'];
const ALL = [...STATES, ...CLOSED];

function readTickets(count: number): Ticket[] {
  return Array.from({ length: count }, (_, i) => ({ id: `T${(i * 7919) % count}`, state: ALL[(i * 5) % 6], owner: `person${(i * 31) % 40}`, opened: (i * 104_729) % 1_000_003, title: `Ticket ${i}: ${i % 3 ? 'mend' : 'add'}` }));
}

function arranged(tickets: Ticket[], positions: Map<string, number>): Ticket[] {
  const open = tickets.filter(({ state }) => !CLOSED.includes(state));
  return open.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || (positions.get(a.id) ?? 0) - (positions.get(b.id) ?? 0));
}

function oldest(tickets: Ticket[]): Map<string, Ticket> {
  const first = new Map<string, Ticket>();
  for (const ticket of tickets) {
    const known = first.get(ticket.owner);
    if (!known || ticket.opened < known.opened) first.set(ticket.owner, ticket);
  }
  return first;
}

function moved(order: string[], round: number): string[] {
  const at = (round * 997) % order.length;
  return [...order.slice(at), ...order.slice(0, at)];
}

const tickets = readTickets(60_000);
let order = tickets.map(({ id }) => id);
let last: Ticket[] = [];
for (let round = 0; round < 30; round++) {
  order = moved(order, round);
  last = arranged(tickets, new Map(order.map((id, at) => [id, at])));
  if (round % 10 === 0) console.log(`round ${round}: first ${last[0].id} (${last[0].state}), last ${last.at(-1)?.id}`);
}
for (const [owner, { id, opened }] of [...oldest(last)].slice(0, 5)) console.log(owner, id, opened);
