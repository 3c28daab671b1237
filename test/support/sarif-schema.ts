/**
 * What SARIF 2.1.0 asks of the parts that Plateau writes (sections 3.13 to 3.58 of the standard):
 * closed objects, so that a misspelt property is a failure. Written from the standard's text.
 */
const text = { type: 'string', minLength: 1 };
const level = { enum: ['none', 'note', 'warning', 'error'] };
const object = (properties: object, required: readonly string[] = []): object => ({ type: 'object', additionalProperties: false, properties, required });
const list = (items: object): object => ({ type: 'array', items });
const whole = (minimum: number): object => ({ type: 'integer', minimum });
const bag = { type: 'object' };
const message = object({ text, markdown: text }, ['text']);
const artifactLocation = object({ uri: { type: 'string', format: 'uri-reference' }, uriBaseId: text, index: whole(0) });
const region = object({ startLine: whole(1), startColumn: whole(1), endLine: whole(1), endColumn: whole(1), charOffset: whole(0), charLength: whole(0) });
const location = object({ id: whole(0), physicalLocation: object({ artifactLocation, region }, ['artifactLocation']), message });
const rule = object(
  {
    id: text,
    name: text,
    shortDescription: message,
    fullDescription: message,
    help: message,
    helpUri: text,
    defaultConfiguration: object({ level, rank: { type: 'number', minimum: 0, maximum: 100 } }),
    properties: bag,
  },
  ['id'],
);
const fix = object(
  {
    description: message,
    artifactChanges: {
      ...list(
        object(
          {
            artifactLocation,
            replacements: { ...list(object({ deletedRegion: region, insertedContent: object({ text: { type: 'string' } }) }, ['deletedRegion'])), minItems: 1 },
          },
          ['artifactLocation', 'replacements'],
        ),
      ),
      minItems: 1,
    },
  },
  ['artifactChanges'],
);
const result = object(
  {
    ruleId: text,
    ruleIndex: whole(0),
    level,
    message,
    locations: list(location),
    relatedLocations: list(location),
    fingerprints: { type: 'object', additionalProperties: { type: 'string' } },
    rank: { type: 'number', minimum: -1, maximum: 100 },
    fixes: list(fix),
    suppressions: list(object({ kind: { enum: ['inSource', 'external'] }, status: { enum: ['accepted'] }, justification: text }, ['kind'])),
    properties: bag,
  },
  ['message'],
);

export const sarifSchema = object(
  {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: list(
      object(
        {
          tool: object({ driver: object({ name: text, version: text, rules: { ...list(rule), uniqueItems: true } }, ['name']) }, ['driver']),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          originalUriBaseIds: { type: 'object', additionalProperties: object({ uri: { type: 'string', pattern: '/$' } }) },
          invocations: list(
            object({ executionSuccessful: { type: 'boolean' }, toolExecutionNotifications: list(object({ level, message }, ['message'])) }, [
              'executionSuccessful',
            ]),
          ),
          results: list(result),
        },
        ['tool'],
      ),
    ),
  },
  ['version', 'runs'],
);
