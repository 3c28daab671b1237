import express from 'express';
import { home, title, watchlist } from './handlers.mjs';

export const app = express();
app.disable('x-powered-by');
app.disable('etag');

const settings = express.Router();

app.use(settings);
app.get('/', home);
app.get('/title/:number', title);
app.get('/members/:member/watchlist', watchlist);
app.use((_request, response) => {
  response.status(404).json({ error: 'not found' });
});

/** Takes over new settings, while the server runs. */
export function apply({ layout, moved }) {
  settings.use((request, _response, next) => {
    request.layout = layout;
    next();
  });
  for (const { from, to } of moved) settings.get(from, (_request, response) => response.redirect(301, to));
}
