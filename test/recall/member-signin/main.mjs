import Koa from 'koa';
import { findMember, timeline } from './members.mjs';
import { verify } from './passwords.mjs';
import { openSession, sessionOf, sessionCount } from './sessions.mjs';

const app = new Koa();

app.use(async (ctx, next) => {
  const started = Date.now();
  await next();
  ctx.set('x-response-time', `${Date.now() - started}ms`);
});

app.use(async (ctx, next) => {
  if (ctx.path !== '/login') return next();
  const member = findMember(String(ctx.query.user ?? ''));
  const password = String(ctx.query.password ?? '');
  if (!member || !verify(password, member.password)) {
    ctx.status = 401;
    ctx.body = { error: 'unknown user or wrong password' };
    return;
  }
  const token = openSession(member.id);
  ctx.body = { token, name: member.name };
});

app.use(async (ctx, next) => {
  if (ctx.path !== '/timeline') return next();
  const id = sessionOf(ctx.get('x-session')) ?? 0;
  ctx.body = { entries: timeline(id, Number(ctx.query.page ?? 0)) };
});

app.use(async (ctx) => {
  if (ctx.path === '/health') ctx.body = { sessions: sessionCount() };
});

app.listen(Number(process.env.PORT), '127.0.0.1');
