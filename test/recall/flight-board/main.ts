// Sorts the departures of an airport for its board.
import { departures, type Departure } from './departures';
import { departsAt, isLate } from './times';

function board(list: Departure[]): Departure[] {
  return list
    .filter((one) => one.status !== 'cancelled')
    .sort((a, b) => departsAt(a).toMillis() - departsAt(b).toMillis() || a.flight.localeCompare(b.flight));
}

function line(one: Departure): string {
  return `${one.time.slice(-5)} ${one.flight.padEnd(8)} ${one.to.padEnd(14)} ${one.gate.padStart(4)} ${isLate(one) ? 'late' : ''}`;
}

function busiestGate(list: Departure[]): [string, number] {
  const gates = new Map<string, number>();
  for (const { gate } of list) gates.set(gate, (gates.get(gate) ?? 0) + 1);
  return [...gates].reduce((most, one) => (one[1] > most[1] ? one : most));
}

const all = departures(6500);
const sorted = board(all);
const text = sorted.slice(0, 400).map(line);
console.log(text.slice(0, 4).join('\n'));
console.log(`${sorted.length} departures, busiest gate ${busiestGate(sorted).join(' with ')}`);
