export function buildNetwork(count) {
  const stops = [];
  for (let i = 0; i < count; i++) {
    const links = [];
    for (const step of [1, -1, 13, -13, 170]) {
      const to = i + step;
      if (to >= 0 && to < count) links.push({ to, line: Math.abs(step), minutes: 1 + (Math.abs(step) % 7) });
    }
    stops.push({
      name: `Stop ${i}`,
      lift: i % 4 !== 0,
      position: { lat: 48 + (i % 97) / 100, lon: 11 + (i % 89) / 100 },
      links,
      timetable: Array.from({ length: 6 }, (_, h) => ({ hour: 6 + h * 3, departures: 2 + ((i + h) % 9) })),
    });
  }
  return { version: 3, stops };
}
