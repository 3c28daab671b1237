const GENRES = ['drama', 'comedy', 'crime', 'nature', 'anime'];

const movie = (number) => ({ number, title: `Movie ${number}`, genre: GENRES[number % 5], minutes: 80 + (number * 7) % 60, stars: 1 + (number % 5) });

export function home(request, response) {
  const rows = GENRES.map((genre, i) => ({ genre, movies: Array.from({ length: request.layout.perRow }, (_, j) => movie(i + 5 * (j + 3))) }));
  response.json({ layout: request.layout.name, rows });
}

export function title(request, response) {
  response.json(movie(Number(request.params.number)));
}

export function watchlist(request, response) {
  response.json({ member: request.params.member, movies: Array.from({ length: 5 }, (_, i) => movie(i * 17)) });
}
