export interface Reading {
  station: string;
  time: number;
  temperature: number;
  humidity: number;
  wind: number;
  note: string;
}

const START = Date.UTC(2026, 5, 1);
const NOTES = ['', '', 'checked', 'rain, heavy', 'called "dry"'];

export function* readings(count: number): Generator<Reading> {
  for (let i = 0; i < count; i++) {
    yield {
      station: `station-${i % 25}`,
      time: START + i * 60_000,
      temperature: 12 + 10 * Math.sin(i / 230) + (i % 7) / 10,
      humidity: 40 + ((i * 13) % 50),
      wind: (i * 7) % 23,
      note: NOTES[i % NOTES.length],
    };
  }
}
