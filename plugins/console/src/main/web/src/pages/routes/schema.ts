import type { Json, JsonObject } from '../../types';
import { object } from './draft';

/** A part of the JSON Schema of the configuration, as far as a form needs it. */
export interface Schema extends JsonObject {}

export type Kind =
  | { kind: 'choice'; values: string[] }
  | { kind: 'flag' }
  | { kind: 'number'; min?: number; max?: number }
  | { kind: 'text'; format?: string; pattern?: string; secret: boolean }
  | { kind: 'texts'; values?: string[] }
  | { kind: 'pairs' }
  | { kind: 'group'; schema: Schema }
  | { kind: 'oneOf'; options: { key: string; schema: Schema }[] }
  | { kind: 'written' };

const alternatives = (schema: Schema): Schema[] =>
  ((schema.anyOf ?? schema.oneOf ?? []) as Schema[]).filter((each) => each.type !== 'null');

/** A schema without the alternatives that a form does not need: null, the short form beside the long. */
export function plain(schema: Schema, defs: JsonObject = {}): Schema {
  if (typeof schema.$ref === 'string') {
    return plain(object(defs[schema.$ref.replace('#/$defs/', '')]) as Schema, defs);
  }
  const ways = alternatives(schema);
  if (ways.length === 0 || schema.properties) {
    return schema;
  }
  if (ways.length === 1) {
    return { ...plain(ways[0], defs), ...rest(schema) };
  }
  return schema;
}

function rest(schema: Schema): Schema {
  const { anyOf: _, oneOf: __, ...others } = schema;
  return others;
}

/** How a form asks for a value of this schema. */
export function kindOf(raw: Schema, defs: JsonObject): Kind {
  const schema = plain(raw, defs);
  if (Array.isArray(schema.enum)) {
    return { kind: 'choice', values: schema.enum.map(String) };
  }
  switch (schema.type) {
    case 'boolean':
      return { kind: 'flag' };
    case 'integer':
    case 'number':
      return { kind: 'number', min: schema.minimum as number | undefined, max: schema.maximum as number | undefined };
    case 'string':
      return {
        kind: 'text',
        format: schema.format as string | undefined,
        pattern: schema.pattern as string | undefined,
        secret: schema.writeOnly === true,
      };
    case 'array': {
      const items = object(schema.items as Json) as Schema;
      const one = kindOf(items, defs);
      return one.kind === 'choice'
        ? { kind: 'texts', values: one.values }
        : one.kind === 'text' || one.kind === 'number'
          ? { kind: 'texts' }
          : { kind: 'written' };
    }
    case 'object':
      return schema.properties
        ? { kind: 'group', schema }
        : kindOf(object(schema.additionalProperties as Json) as Schema, defs).kind === 'text'
          ? { kind: 'pairs' }
          : { kind: 'written' };
  }
  const ways = alternatives(schema).map((way) => plain(way, defs));
  const single = ways.filter((way) => way.type === 'object' && Object.keys(object(way.properties)).length === 1 && Array.isArray(way.required));
  if (single.length > 1 && single.length === ways.length) {
    return {
      kind: 'oneOf',
      options: single.map((way) => {
        const [key, inner] = Object.entries(object(way.properties))[0];
        return { key, schema: inner as Schema };
      }),
    };
  }
  // A text, or several of them: one a line.
  if (ways.some((way) => way.type === 'array') && ways.some((way) => way.type === 'string')) {
    return { kind: 'texts' };
  }
  // The short form of what else is a group.
  const short = ways.find((way) => way.type !== 'object' && way.type !== 'array');
  return short ? kindOf(short, defs) : ways[0] ? kindOf(ways[0], defs) : { kind: 'written' };
}
