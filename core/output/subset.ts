/** The part of JSON Schema that every model API accepts for the arguments of a tool. */
import { choicesOf, DAY_PATTERN, itemsOf, type Json, kindsOf, openOf, propertiesOf } from './kinds.js';

/** The names of an open map's pairs: no model API accepts names that its schema does not list. */
export const PAIR = { key: 'key', value: 'value' } as const;

/** Called with what the schema can no longer say, and where, in words for its author. */
type Tell = (place: string, fault: string) => void;

/** Names of arguments that all of them accept. */
const NAME = /^[\w.-]{1,64}$/;

/** Kept unchanged, whatever the kind. The strict check still covers what these keywords can't say. */
const KEPT = new Set([
  ...['type', 'title', 'description', 'default', 'enum', 'minItems', 'maxItems', 'required'],
  ...['minimum', 'maximum', 'minLength', 'maxLength'],
]);

/**
 * The schema in those keywords only: one type each, lists with their items, every object closed. A model API that meets
 * any other keyword refuses the whole request, with the tools of all servers.
 */
export function toSubset(schema: Json, tell: Tell = () => {}, place = ''): Json {
  const kinds = kindsOf(schema);
  const nullable = kinds.some(({ type }) => type === 'null') && { nullable: true };
  const [first, ...others] = kinds.filter(({ type }) => type !== 'null');
  const { description, default: preset } = schema;
  const said = description === undefined ? {} : { description };
  if (first === undefined) return { ...anything(tell, place), ...said, ...nullable };
  const beside = { ...(preset !== undefined && { default: preset }), ...said };
  if (others.length === 0) return { ...beside, ...narrow(first, tell, place), ...nullable };
  // Some of them accept nothing beside `anyOf`.
  const [head, ...tail] = [first, ...others].map(({ default: _, description: own, ...kind }) =>
    narrow({ ...kind, ...(own !== undefined && own !== description && { description: own }) }, tell, place),
  );
  return { anyOf: [{ ...said, ...head, ...nullable }, ...tail] };
}

function narrow(schema: Json, tell: Tell, place: string): Json {
  const own = Object.fromEntries(Object.entries(schema).filter(([key]) => KEPT.has(key)));
  const open = openOf(schema);
  switch (schema.type) {
    case 'string':
      return text(own, schema);
    case 'integer':
    case 'number':
      return number(own, schema);
    case 'boolean':
      return inWords(own, choicesOf(schema));
    case 'array':
      return { ...own, items: toSubset(itemsOf(schema), tell, place) };
    case 'object':
      if (open !== undefined && Object.keys(propertiesOf(schema)).length === 0) return pairs(own, open, tell, place);
      if (open !== undefined) tell(place, 'takes names that it does not list: list them');
      return object(own, schema, tell, place);
    default:
      return { ...anything(tell, place), ...own };
  }
}

function object({ required, ...own }: Json, schema: Json, tell: Tell, place: string): Json {
  const properties = Object.entries(propertiesOf(schema)).map(([name, inner]) => {
    const at = place === '' ? name : `${place}.${name}`;
    if (!NAME.test(name)) tell(at, 'has a name that not all take: letters, digits, "_", "." and "-", 64 at most');
    return [name, toSubset(inner, tell, at)];
  });
  const needed = required === undefined ? {} : { required };
  return { ...own, properties: Object.fromEntries(properties), ...needed, additionalProperties: false };
}

/** An open map as a list of its pairs; reading turns it back. */
function pairs({ required: _, ...own }: Json, open: Json, tell: Tell, place: string): Json {
  tell(place, 'is an open map: make it a list of objects whose names say what they hold');
  const inner = toSubset(open, undefined, place);
  const pair = { type: 'object', properties: { [PAIR.key]: { type: 'string' }, [PAIR.value]: inner } };
  return { ...own, type: 'array', items: { ...pair, required: Object.values(PAIR), additionalProperties: false } };
}

/** What takes anything is offered as plain text. */
function anything(tell: Tell, place: string): Json {
  tell(place, 'has no type: say which');
  return { type: 'string' };
}

/** Formats that not all of them know, in words. */
const FORMATS: Record<string, string> = {
  ...{ email: 'An e-mail address', uri: 'A web address', uuid: 'A UUID', time: 'A time', duration: 'A duration' },
};

/** Not all of them accept regular expressions that look around. */
const LOOKS_AROUND = /\(\?(?:[=!]|<[=!])/;

function text(own: Json, schema: Json): Json {
  const choices = choicesOf(schema);
  const { format, pattern } = schema;
  if (choices !== undefined) return { ...own, enum: choices };
  if (format === 'date') return { ...own, pattern: DAY_PATTERN };
  if (format === 'date-time') return { ...own, format };
  if (typeof format === 'string') return { ...(FORMATS[format] && { description: FORMATS[format] }), ...own };
  return { ...own, ...(typeof pattern === 'string' && !LOOKS_AROUND.test(pattern) && { pattern }) };
}

/** Bounds as inclusive ones, and no choices: some accept only choices of text. */
function number(own: Json, schema: Json): Json {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  const choices = choicesOf(schema) as number[] | undefined;
  const whole = schema.type === 'integer' || choices?.every(Number.isInteger);
  const step = whole ? 1 : 0;
  const bounds = {
    ...(typeof above === 'number' && { minimum: whole ? Math.floor(above) + step : above }),
    ...(typeof below === 'number' && { maximum: whole ? Math.ceil(below) - step : below }),
    ...(choices !== undefined && { minimum: Math.min(...choices), maximum: Math.max(...choices) }),
  };
  return inWords({ ...own, type: whole ? 'integer' : 'number', ...bounds }, choices);
}

/** Choices that are not text go into the description. */
function inWords({ enum: _, ...own }: Json, choices: readonly unknown[] | undefined): Json {
  if (choices === undefined) return own;
  const words = choices.length === 1 ? `${choices[0]} alone` : `One of ${choices.join(', ')}`;
  return { ...own, description: own.description === undefined ? words : `${own.description} (${words})` };
}
