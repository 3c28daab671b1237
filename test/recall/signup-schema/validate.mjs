import { Ajv } from 'ajv';

const ADDRESS = {
  type: 'object',
  properties: { street: { type: 'string', minLength: 1 }, city: { type: 'string', minLength: 1 }, zip: { type: 'string', pattern: '^[0-9]{5}$' } },
  required: ['street', 'city', 'zip'],
  additionalProperties: false,
};

const USER = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 80 },
    email: { type: 'string', pattern: '^[^@ ]+@[^@ ]+$' },
    age: { type: 'integer', minimum: 0, maximum: 150 },
    address: ADDRESS,
    tags: { type: 'array', items: { type: 'string' }, maxItems: 20 },
  },
  required: ['name', 'email', 'address'],
};

/** What is wrong with a user; empty if nothing is. */
export function validate(user) {
  const ajv = new Ajv({ allErrors: true });
  const check = ajv.compile(USER);
  if (check(user)) return [];
  return check.errors.map((error) => `${error.instancePath} ${error.message}`);
}
