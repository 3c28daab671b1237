// express-session's store in memory keeps a session for each visitor without a cookie.
import express from 'express';
import session from 'express-session';

const store = new session.MemoryStore();
const app = express();
app.use(session({ store, secret: 'test', resave: false, saveUninitialized: true }));
app.get('/', (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  response.send('hello');
});
app.get('/count', (_, response) => store.length((_, count) => response.json(count)));
app.listen(Number(process.env.PORT), '127.0.0.1');
