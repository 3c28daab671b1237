import pug from 'pug';
import { load, people } from '../input.mjs';

const all = people(300);
const page = `doctype html
html
  body
    mixin tag(name)
      b(class=name)= name
    ul
      each one in people
        li(class=one.active ? 'on' : 'off', data-id=one.id)
          a(href='mailto:' + one.email)= one.name
          each t in one.tags
            +tag(t)
          if one.age > 40
            p #{one.note}
          else
            p: em= one.address.city
`;
const render = pug.compile(page);
await load((turn) => {
  if (turn % 2 === 0) pug.compile(page);
  render({ people: all });
});
