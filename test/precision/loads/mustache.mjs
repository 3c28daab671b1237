import Mustache from 'mustache';
import { load, people } from '../input.mjs';

const all = people(300);
const page =
  '<ul>{{#people}}<li>{{name}} {{{email}}} {{#tags}}<b>{{.}}</b>{{/tags}} {{address.street}} {{^active}}off{{/active}} {{note}}</li>{{/people}}</ul>';
await load((turn) => {
  if (turn % 3 === 0) Mustache.clearCache();
  Mustache.render(page, { people: all });
});
