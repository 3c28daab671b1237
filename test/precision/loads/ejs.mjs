import ejs from 'ejs';
import { load, people } from '../input.mjs';

const all = people(300);
const page =
  '<ul><% for (const one of people) { %><li class="<%= one.active ? "on" : "off" %>"><%= one.name %> <%= one.email %> <% one.tags.forEach((tag) => { %><b><%- tag %></b><% }) %> <%= one.note %></li><% } %></ul>';
const render = ejs.compile(page);
await load((turn) => {
  if (turn % 3 === 0) ejs.compile(page.repeat(10));
  render({ people: all });
});
