export interface Measurement {
  sensor: string;
  at: number;
  value: number;
  unit: string;
}

export function measurements(count: number): Measurement[] {
  return Array.from({ length: count }, (_, at) => ({ sensor: `s${at % 8}`, at, value: 50 + 49 * Math.sin(at / 40), unit: '°C' }));
}
