export function initialState(count) {
  const shapes = {};
  for (let i = 0; i < count; i++) {
    shapes[`shape${i}`] = {
      id: `shape${i}`,
      x: (i * 37) % 4000,
      y: (i * 53) % 4000,
      width: 40 + (i % 60),
      height: 20 + (i % 30),
      label: { text: `Step ${i}`, font: { family: 'Inter', size: 12, weight: 400 } },
      ports: [{ side: 'left', links: [`shape${(i + 1) % count}`] }, { side: 'right', links: [] }],
    };
  }
  return { shapes, selection: [], view: { zoom: 1, offset: { x: 0, y: 0 } } };
}

export function* recordedActions(count) {
  for (let i = 0; i < count; i++) {
    if (i % 10 === 0) yield { type: 'select', ids: [`shape${i % 500}`, `shape${(i + 3) % 500}`] };
    else if (i % 17 === 0) yield { type: 'rename', id: `shape${i % 500}`, text: `Renamed ${i}` };
    else if (i % 5 === 0) yield { type: 'zoom', factor: i % 2 ? 1.1 : 0.9 };
    else yield { type: 'move', dx: (i % 7) - 3, dy: (i % 5) - 2 };
  }
}
