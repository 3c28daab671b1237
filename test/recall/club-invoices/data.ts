export interface Member {
  id: string;
  name: string;
  fee: number;
}

export interface Booking {
  member: string;
  court: number;
  hours: number;
  day: number;
}

const FIRST = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn'];
const LAST = ['Ames', 'Bell', 'Cole', 'Dorn', 'Eck', 'Frey', 'Gold'];

export function readMembers(count: number): Member[] {
  return Array.from({ length: count }, (_, i) => ({ id: `m${i}`, name: `${FIRST[i % 6]} ${LAST[i % 7]}`, fee: 20 + (i % 3) * 15 }));
}

export function readBookings(count: number, members: number): Booking[] {
  return Array.from({ length: count }, (_, i) => ({ member: `m${(i * 7919) % members}`, court: i % 9, hours: 1 + (i % 2), day: 1 + (i % 30) }));
}
