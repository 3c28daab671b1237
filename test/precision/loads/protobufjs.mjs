import protobuf from 'protobufjs';
import { load, people } from '../input.mjs';

const source =
  'syntax = "proto3"; message Address { string street = 1; string city = 2; string zip = 3; } message Person { int32 id = 1; string name = 2; string email = 3; double score = 4; repeated string tags = 5; Address address = 6; bool active = 7; } message People { repeated Person all = 1; map<string, Person> by = 2; }';
const { root } = protobuf.parse(source);
const People = root.lookupType('People');
const all = people(300);
const message = { all, by: Object.fromEntries(all.slice(0, 50).map((one) => [one.email, one])) };
await load((turn) => {
  if (turn % 10 === 0) protobuf.parse(source);
  if (People.verify(message)) throw new Error('bad');
  const bytes = People.encode(People.fromObject(message)).finish();
  People.toObject(People.decode(bytes));
});
