import Handlebars from 'handlebars';
import { load, people } from '../input.mjs';

const all = people(300);
Handlebars.registerPartial('tag', '<b>{{this}}</b>');
Handlebars.registerHelper('upper', (one) => String(one).toUpperCase());
const page =
  '<ul>{{#each people}}<li class="{{#if active}}on{{else}}off{{/if}}">{{upper name}} &lt;{{email}}&gt; {{#each tags}}{{> tag}} {{/each}}{{#with address}}{{street}}, {{zip}} {{city}}{{/with}}{{note}}</li>{{/each}}</ul>';
const render = Handlebars.compile(page);
await load((turn) => {
  if (turn % 3 === 0) Handlebars.precompile(page.repeat(5));
  render({ people: all });
});
