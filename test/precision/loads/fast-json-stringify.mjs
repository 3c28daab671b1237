import build from 'fast-json-stringify';
import { load, people } from '../input.mjs';

const all = people(500);
const schema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      name: { type: 'string' },
      email: { type: 'string' },
      tags: { type: 'array', items: { type: 'string' } },
      address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
    },
  },
};
let stringify = build(schema);
await load((turn) => {
  if (turn % 40 === 0) stringify = build({ ...schema, $id: `s${turn}` });
  stringify(all);
}, 3000);
