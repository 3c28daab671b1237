let edition = 0;

/** What the configuration service answers: the layout of the pages, and pages that have moved. */
export async function fetchSettings() {
  edition += 1;
  return {
    edition,
    layout: { name: edition % 2 ? 'wide' : 'compact', perRow: edition % 2 ? 8 : 5 },
    moved: Array.from({ length: 45 }, (_, i) => ({ from: `/collections/:season/${['winter', 'summer', 'classics'][i % 3]}-${i}`, to: `/title/${100 + i}` })),
  };
}
