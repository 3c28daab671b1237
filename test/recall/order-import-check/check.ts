import Ajv from 'ajv';

export interface Problem {
  field: string;
  message: string;
}

const options = { allErrors: true, coerceTypes: false, strict: false };

export function checkRecord(schema: object, payload: unknown): Problem[] {
  const ajv = new Ajv(options);
  const validate = ajv.compile(schema);
  if (validate(payload)) return [];
  return (validate.errors ?? []).map((err) => ({
    field: err.instancePath || err.params.missingProperty || '(root)',
    message: err.message ?? 'invalid',
  }));
}
