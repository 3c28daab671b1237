import http from 'node:http';
import { departures, stations } from './data';
import { send } from './respond';

const all = stations();
let hits = 0;

function board(query: URLSearchParams) {
  const station = all.find((s) => s.id === Number(query.get('station') ?? 0)) ?? all[0];
  const limit = Math.min(600, Number(query.get('limit') ?? 300));
  return {
    station: station.name,
    generated: hits,
    departures: departures(station.id, limit),
  };
}

const server = http.createServer((req, res) => {
  const url = new URL(req.url ?? '/', 'http://localhost');
  hits++;
  switch (url.pathname) {
    case '/board':
      return send(req, res, board(url.searchParams));
    case '/stations':
      return send(req, res, all);
    case '/health':
      res.end('ok');
      return;
    default:
      res.statusCode = 404;
      res.end();
  }
});

server.listen(Number(process.env.PORT), '127.0.0.1');
