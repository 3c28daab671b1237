import Loki from 'lokijs';
import { load, people } from '../input.mjs';

const all = people(3000);
await load((turn) => {
  const db = new Loki('a.db');
  const users = db.addCollection('users', { indices: ['age'], unique: ['email'], clone: turn % 2 === 0 });
  users.insert(all.map((one) => ({ ...one, address: { ...one.address } })));
  const view = users.addDynamicView('adults');
  view.applyFind({ age: { $gt: 40 } });
  view.applySimpleSort('name');
  for (let i = 0; i < 30; i++) users.find({ $and: [{ age: { $between: [20 + i, 30 + i] } }, { tags: { $contains: 'river' } }] });
  users
    .chain()
    .where((one) => one.active)
    .map((one) => ({ city: one.address.city, score: one.score }))
    .data();
  for (const one of users.find({ name: { $regex: /^a/ } }).slice(0, 50)) users.update({ ...one, age: one.age + 1 });
  users.findAndRemove({ age: { $lt: 20 } });
  view.data();
  db.serialize();
}, 3000);
