const UNITS = { temperature: 0.1, humidity: 1, co2: 1, light: 10 };

export function toReading(telegram) {
  const reading = {};
  for (const field of telegram.split(';')) {
    const eq = field.indexOf('=');
    const name = field.slice(0, eq);
    reading[name] = Number(field.slice(eq + 1)) * (UNITS[name] ?? 1);
  }
  return reading;
}
