const address = {
  type: 'object',
  required: ['street', 'city', 'country'],
  additionalProperties: false,
  properties: {
    street: { type: 'string', minLength: 3 },
    city: { type: 'string', minLength: 2 },
    zip: { type: 'string', pattern: '^[0-9]{4,5}$' },
    country: { enum: ['DE', 'AT', 'CH', 'NL', 'FR'] },
  },
};

export const orderSchema = {
  type: 'object',
  required: ['id', 'customerId', 'lines', 'shipTo'],
  properties: {
    id: { type: 'string', pattern: '^O-[0-9]{6}$' },
    customerId: { type: 'string' },
    placedAt: { type: 'string', minLength: 10 },
    channel: { enum: ['web', 'phone', 'store'] },
    shipTo: address,
    billTo: address,
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku', 'qty', 'unitPrice'],
        properties: {
          sku: { type: 'string', pattern: '^[A-Z]{3}-[0-9]+$' },
          qty: { type: 'integer', minimum: 1, maximum: 500 },
          unitPrice: { type: 'number', exclusiveMinimum: 0 },
          discount: { type: 'number', minimum: 0, maximum: 0.9 },
        },
      },
    },
  },
};

export const customerSchema = {
  type: 'object',
  required: ['id', 'name', 'addresses'],
  properties: {
    id: { type: 'string', pattern: '^C-[0-9]{5}$' },
    name: { type: 'string', minLength: 2 },
    email: { type: 'string', pattern: '^[^@ ]+@[^@ ]+$' },
    addresses: { type: 'array', items: address },
  },
};
