import nunjucks from 'nunjucks';
import { load, people } from '../input.mjs';

const all = people(300);
const page =
  '<ul>{% for one in people %}<li class="{{ "on" if one.active else "off" }}">{{ one.name | title }} {{ one.email | urlize }} {% for tag in one.tags | sort %}<b>{{ loop.index }} {{ tag | upper }}</b>{% endfor %} {{ one.note | truncate(40) | escape }} {{ one.score | round(1) }}</li>{% endfor %}</ul>{% for city, group in people | groupby("active") %}{{ city }}{{ group | length }}{% endfor %}';
const env = new nunjucks.Environment(null, { autoescape: true });
const template = nunjucks.compile(page, env);
await load((turn) => {
  if (turn % 3 === 0) nunjucks.precompileString(page.repeat(4), { name: 'page', env });
  template.render({ people: all });
});
