// Letters to the members of a club, from one template.
import Handlebars from 'handlebars';

const TEMPLATE = `Dear {{first}} {{last}},

{{#if overdue}}please pay {{money due}} until {{day until}}.{{else}}nothing is open.{{/if}}

Your bookings:
{{#each bookings}}
  {{day date}}  {{what}}  {{money price}}
{{else}}
  none
{{/each}}
Yours, {{sender}}
`;

const euros = new Intl.NumberFormat('de', { style: 'currency', currency: 'EUR' });
const days = new Intl.DateTimeFormat('de', { dateStyle: 'medium', timeZone: 'UTC' });
const handlebars = Handlebars.create();
handlebars.registerHelper({ money: (cents) => euros.format(cents / 100), day: (time) => days.format(time) });
const letter = handlebars.compile(TEMPLATE, { noEscape: true });

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

function* members(count) {
  for (let i = 0; i < count; i++) {
    const bookings = Array.from({ length: i % 6 }, (_, k) => ({ date: START + ((i + k * 9) % 365) * DAY, what: `court ${k + 1}`, price: 1500 + k * 250 }));
    yield { first: `First${i % 90}`, last: `Last${i % 301}`, overdue: i % 4 === 0, due: (i * 137) % 9000, until: START + (i % 365) * DAY, bookings };
  }
}

function statistics(texts) {
  let open = 0;
  let longest = 0;
  for (const text of texts) {
    if (text.includes('please pay')) open++;
    longest = Math.max(longest, text.length);
  }
  return { letters: texts.length, open, longest };
}

const texts = [];
for (const member of members(120_000)) texts.push(letter({ ...member, sender: 'the board' }));
console.log(statistics(texts));
console.log(texts[4]);
