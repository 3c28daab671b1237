import type { Booking, Member } from './data';

const PRICES = [18, 18, 18, 22, 22, 22, 30, 30, 30];
const WEEKEND = 1.25;

export interface Invoice {
  number: string;
  to: string;
  lines: { text: string; amount: number }[];
  total: number;
}

function price({ court, hours, day }: Booking): number {
  return PRICES[court] * hours * (day % 7 > 4 ? WEEKEND : 1);
}

function invoice(member: Member, bookings: Booking[], month: string): Invoice {
  const own = bookings.filter((booking) => booking.member === member.id);
  const lines = own.map((booking) => ({ text: `${month}-${booking.day} court ${booking.court}, ${booking.hours} h`, amount: price(booking) }));
  lines.unshift({ text: 'Monthly fee', amount: member.fee });
  return { number: `${month}/${member.id}`, to: member.name, lines, total: lines.reduce((sum, { amount }) => sum + amount, 0) };
}

/** The invoices of all members for a month. */
export function invoices(members: Member[], bookings: Booking[], month: string): Invoice[] {
  return members.map((member) => invoice(member, bookings, month)).filter(({ total }) => total > 0);
}

/** What the club takes in, by court. */
export function byCourt(bookings: Booking[]): number[] {
  const sums = PRICES.map(() => 0);
  for (const booking of bookings) sums[booking.court] += price(booking);
  return sums;
}
