// Answers every request with a page that is sorted anew each time.
import { createServer } from 'node:http';

const words = Array.from({ length: 4000 }, (_, i) => `word-${(i * 7919) % 4001}`);

function renderPage() {
  return [...words].sort((a, b) => a.localeCompare(b)).join('\n');
}

const server = createServer((_request, response) => response.end(renderPage()));
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
