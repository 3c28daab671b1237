const KINDS = ['museum', 'park', 'theatre', 'market'];
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const places = Array.from({ length: 60 }, (_, i) => ({
  slug: `${KINDS[i % 4]}-${i}`,
  name: `The ${KINDS[i % 4]} of street ${i}`,
  kind: KINDS[i % 4],
  price: (i * 7) % 30,
  stars: 1 + (i % 5),
  text: `Built in ${1800 + i * 3}, it is worth a visit in every season.`,
  hours: Object.fromEntries(DAYS.map((day, at) => [day, at === i % 7 ? 'closed' : `${8 + (i % 3)}:00 to ${17 + (at % 3)}:00`])),
}));
const bySlug = new Map(places.map((place) => [place.slug, place]));

export const find = (slug) => bySlug.get(slug);

/** Other places of the same kind. */
export function near(place) {
  return places.filter((other) => other.kind === place.kind && other !== place).slice(0, 8);
}
