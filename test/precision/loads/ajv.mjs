import Ajv from 'ajv';
import { load, people } from '../input.mjs';

const all = people(300);
const schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id', 'name', 'email', 'address'],
    properties: {
      id: { type: 'integer', minimum: 0 },
      name: { type: 'string', minLength: 3, maxLength: 80 },
      email: { type: 'string', pattern: '^[^@]+@[^@]+$' },
      age: { type: 'integer', minimum: 0, maximum: 150 },
      tags: { type: 'array', uniqueItems: true, items: { type: 'string' } },
      address: {
        type: 'object',
        properties: { street: { type: 'string' }, city: { enum: ['amber', 'basil', 'cedar', 'delta', 'ember'] }, zip: { type: 'string', pattern: '^[0-9]+$' } },
      },
      active: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
    },
    additionalProperties: true,
  },
};
await load((turn) => {
  const ajv = new Ajv({ allErrors: true });
  const validate = ajv.compile({ ...schema, $id: `s${turn}` });
  for (let i = 0; i < 10; i++) validate(all);
});
