import Koa from 'koa';
import { people, request } from '../input.mjs';

const app = new Koa();
const all = people(200);
app.use(async (ctx, next) => {
  await next();
  ctx.set('X-Kind', ctx.response.type);
});
app.use(async (ctx, next) => {
  if (ctx.cookies.get('id') === undefined) ctx.cookies.set('id', String(ctx.querystring.length));
  await next();
});
app.use(async (ctx) => {
  const accepted = ctx.accepts('json', 'html');
  ctx.body = ctx.path === '/users' ? all.slice(0, 20) : { path: ctx.path, query: ctx.query, accepted, fresh: ctx.fresh };
});
const server = app.listen(0, '127.0.0.1', async () => {
  await request(server.address().port, [{ path: '/users' }, { path: '/a?b=1&c=2' }, { path: '/long/path/of/it?q=x' }], 3000);
  server.close();
});
