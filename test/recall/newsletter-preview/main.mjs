import express from 'express';
import { render } from './views.mjs';
import { articles, subscribers } from './content.mjs';

const app = express();
const sent = { previews: 0, archives: 0 };

function pick(topic, limit) {
  const chosen = [];
  for (const article of articles) {
    if (topic && article.topic !== topic) continue;
    chosen.push(article);
    if (chosen.length === limit) break;
  }
  return chosen;
}

app.get('/preview', (req, res) => {
  sent.previews++;
  const subscriber = subscribers[Number(req.query.subscriber ?? 0) % subscribers.length];
  const html = render('newsletter', {
    subject: `News for ${subscriber.name}`,
    subscriber,
    articles: pick(subscriber.topic, 12),
    tracking: req.query.tracking === '1',
  });
  res.type('html').send(html);
});

app.get('/archive', (req, res) => {
  sent.archives++;
  const issues = Array.from({ length: 10 }, (_, i) => ({ number: 100 - i, title: articles[i].title }));
  res.type('html').send(render('archive', { subject: 'Archive', issues }));
});

app.get('/stats', (req, res) => {
  res.json(sent);
});

app.listen(Number(process.env.PORT), '127.0.0.1');
