/**
 * The part of JSON Schema that every model API accepts for a tool's arguments. The check shares no code with the
 * server.
 */
type Json = Record<string, unknown>;

const KEYWORDS = new Set([
  ...['type', 'title', 'description', 'format', 'nullable', 'enum', 'default', 'items', 'minItems', 'maxItems'],
  ...['properties', 'required', 'additionalProperties', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern'],
  'anyOf',
]);
const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'];

/** The parts of a schema that some model API refuses, with their places. */
export function refusedBySome(schema: Json, place = '#'): string[] {
  const { type, items, properties, required = [], additionalProperties, enum: choices, anyOf, ...rest } = schema;
  const own = [
    ...Object.keys(schema)
      .filter((key) => !KEYWORDS.has(key))
      .map((key) => `the keyword ${key}`),
    ...(anyOf === undefined && !TYPES.includes(type as string) ? [`the type ${JSON.stringify(type)}`] : []),
    ...(anyOf !== undefined && Object.keys(schema).length > 1 ? ['keywords beside anyOf'] : []),
    ...(choices !== undefined && !(choices as unknown[]).every((one) => typeof one === 'string' && type === 'string')
      ? ['choices that are no texts']
      : []),
    ...(type === 'array' && items === undefined ? ['a list without items'] : []),
    ...(type === 'object' && additionalProperties !== false ? ['an object that is not closed'] : []),
    ...(type === 'object' && properties === undefined ? ['an object without properties'] : []),
    ...(required as string[]).filter((name) => !(name in ((properties ?? {}) as Json))).map((name) => `no ${name}`),
    ...(typeof rest.pattern === 'string' && rest.pattern.includes('(?=') ? ['a pattern that looks ahead'] : []),
  ].map((fault) => `${place}: ${fault}`);
  return [...own, ...insideOf(schema).flatMap(([name, one]) => refusedBySome(one, `${place}/${name}`))];
}

/** The schemas directly inside a schema, by their place in it. */
export function insideOf({ properties, anyOf, items }: Json): [string, Json][] {
  return [
    ...Object.entries((properties ?? {}) as Record<string, Json>),
    ...((anyOf ?? []) as Json[]).map((one, at): [string, Json] => [`anyOf/${at}`, one]),
    ...(items === undefined ? [] : [['items', items as Json] satisfies [string, Json]]),
  ];
}
