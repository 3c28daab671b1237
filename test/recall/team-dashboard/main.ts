// The start page of an intranet, put together from several services.
import http from 'node:http';
import { fetchJson } from './services';

interface Page {
  user: string;
  news: number;
  calendar: number;
  mails: number;
  tasks: number;
  weather: number;
}

async function startPage(user: string): Promise<Page> {
  const news = await fetchJson('news', 90);
  const calendar = await fetchJson('calendar', 120);
  const mails = await fetchJson('mails', 70);
  const tasks = await fetchJson('tasks', 110);
  const weather = await fetchJson('weather', 60);
  return { user, news: news.value, calendar: calendar.value, mails: mails.value, tasks: tasks.value, weather: weather.value };
}

function html(page: Page): string {
  const rows = Object.entries(page).map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
  return `<!doctype html><title>${page.user}</title><dl>${rows.join('')}</dl>`;
}

const server = http.createServer((request, response) => {
  const user = new URL(request.url ?? '/', 'http://localhost').searchParams.get('user') ?? 'guest';
  startPage(user).then(
    (page) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(html(page));
    },
    (error) => response.writeHead(502).end(String(error)),
  );
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
