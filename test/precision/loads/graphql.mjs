import { buildSchema, execute, parse, printSchema, validate } from 'graphql';
import { load, people } from '../input.mjs';

const schema = buildSchema(
  'type Address { street: String city: String zip: String } type Person { id: ID! name: String! email: String tags: [String!] address: Address friends: [Person!] } type Query { people(first: Int): [Person!]! person(id: ID!): Person }',
);
const all = people(200).map((one) => ({ ...one, friends: () => all.slice(one.id % 50, (one.id % 50) + 5) }));
const rootValue = { people: ({ first }) => all.slice(0, first), person: ({ id }) => all[id] };
const source =
  'fragment F on Person { id name email tags address { street city zip } } query Q($n: Int) { people(first: $n) { ...F friends { ...F friends { id name } } } person(id: "3") { ...F } }';
await load(async (turn) => {
  const document = parse(`${source} # ${turn}`);
  validate(schema, document);
  await execute({ schema, document, rootValue, variableValues: { n: 40 } });
  if (turn % 20 === 0) buildSchema(printSchema(schema));
});
