import _ from 'lodash';
import { crmContacts, newsletterContacts, type Contact } from './sources';

function normalise(contact: Contact): Contact {
  return {
    email: contact.email.trim().toLowerCase(),
    name: _.startCase(contact.name.toLowerCase()),
    city: contact.city.trim(),
    tags: [...contact.tags].sort(),
  };
}

function mergeContacts(...lists: Contact[][]): Contact[] {
  const all = lists.flat().map(normalise);
  return _.uniqWith(all, _.isEqual);
}

function mailDomains(contacts: Contact[]) {
  return _(contacts)
    .countBy((c) => c.email.slice(c.email.indexOf('@') + 1))
    .toPairs()
    .orderBy(1, 'desc')
    .take(3)
    .value();
}

const crm = crmContacts(1600);
const newsletter = newsletterContacts(1600);
const merged = mergeContacts(crm, newsletter);
const tagged = _.groupBy(merged, (c) => c.tags[0] ?? 'none');

console.log(`crm ${crm.length}, newsletter ${newsletter.length}, merged ${merged.length}`);
for (const [tag, list] of Object.entries(tagged)) console.log(`  ${tag}: ${list.length}`);
console.log(mailDomains(merged).map(([d, n]) => `${d} ${n}`).join(', '));
