export interface Departure {
  flight: string;
  to: string;
  gate: string;
  time: string;
  delay: number;
  status: 'planned' | 'cancelled';
}

const CITIES = ['Lisbon', 'Oslo', 'Rome', 'Vienna', 'Zagreb', 'Porto', 'Riga'];

export function departures(count: number): Departure[] {
  const two = (n: number) => String(n).padStart(2, '0');
  return Array.from({ length: count }, (_, i) => {
    const n = (i * 7919) % 40320;
    return {
      flight: `PL${1000 + (i % 3000)}`,
      to: CITIES[i % CITIES.length],
      gate: `${'ABC'[i % 3]}${i % 40}`,
      time: `${two(1 + (Math.floor(n / 1440) % 28))}.07.2025 ${two(Math.floor(n / 60) % 24)}:${two(n % 60)}`,
      delay: i % 33,
      status: i % 19 === 0 ? 'cancelled' : 'planned',
    };
  });
}
