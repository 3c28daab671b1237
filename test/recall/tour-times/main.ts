// When the concerts of a tour are to be seen live, for listeners in other places of the world.
import { clock, local, offset } from './zones';

interface Concert {
  city: string;
  zone: string;
  start: number;
}

const CITIES: [string, string][] = [
  ['Berlin', 'Europe/Berlin'],
  ['Lima', 'America/Lima'],
  ['Sydney', 'Australia/Sydney'],
  ['Tokyo', 'Asia/Tokyo'],
  ['Halifax', 'America/Halifax'],
  ['Nairobi', 'Africa/Nairobi'],
];
const DAY = 86_400_000;

function tour(count: number): Concert[] {
  return Array.from({ length: count }, (_, i) => {
    const [city, zone] = CITIES[i % CITIES.length];
    const eight = Date.UTC(2026, 0, 1, 20) + Math.floor(i / 2) * DAY;
    return { city, zone, start: eight - offset(eight, zone) * 60_000 };
  });
}

function listing(concert: Concert): string {
  const times = CITIES.filter(([city]) => city !== concert.city).map(([city, zone]) => `${city} ${clock(local(concert.start, zone))}`);
  return `${concert.city} ${clock(local(concert.start, concert.zone))}: ${times.join(', ')}`;
}

function atNight(concerts: Concert[], zone: string): number {
  return concerts.filter(({ start }) => local(start, zone).hour < 6).length;
}

const concerts = tour(3000);
const lines = concerts.map(listing);
for (const line of lines.slice(0, 6)) console.log(line);
console.log(`${lines.length} concerts, ${new Set(lines).size} different lines`);
for (const [city, zone] of CITIES) console.log(`${city} listens at night to ${atNight(concerts, zone)}`);
