// The pages of a city guide.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import { pages } from './pages.mjs';

const app = new Koa();
const views = path.join(path.dirname(fileURLToPath(import.meta.url)), 'views');

app.use(async (context, next) => {
  const started = process.hrtime.bigint();
  await next();
  context.set('server-timing', `app;dur=${Number(process.hrtime.bigint() - started) / 1e6}`);
});

app.use(async (context, next) => {
  try {
    await next();
  } catch (error) {
    context.status = error.status ?? 500;
    context.body = context.status === 404 ? 'No such page' : String(error);
  }
});

app.use(pages(views));
app.listen(Number(process.env.APP_PORT), '127.0.0.1');
