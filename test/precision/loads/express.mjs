import express from 'express';
import { people, request } from '../input.mjs';

const app = express();
const all = people(200);
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.use((req, res, next) => {
  res.set('X-Seen', req.ip);
  next();
});
const users = express.Router();
for (let i = 0; i < 40; i++) users.get(`/section${i}/:id`, (req, res) => res.json({ section: i, id: req.params.id }));
users.get('/', (_req, res) => res.json(all.slice(0, 20)));
users.get('/:id', (req, res) => res.json(all[Number(req.params.id)]));
users.post('/', (req, res) => res.status(201).json(req.body));
app.use('/users', users);
app.get('/search', (req, res) => res.send(`<p>${req.query.q}</p>`));
const server = app.listen(0, '127.0.0.1', async () => {
  const body = JSON.stringify(all.slice(0, 5));
  await request(
    server.address().port,
    [
      { path: '/users' },
      { path: '/users/7' },
      { path: '/users/section39/5' },
      { path: '/search?q=a&b[]=1&b[]=2&c[d]=3' },
      { path: '/users', method: 'POST', body },
      { path: '/none' },
    ],
    3000,
  );
  server.close();
});
