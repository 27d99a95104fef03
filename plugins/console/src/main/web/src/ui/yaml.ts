import { Document, parseDocument, type Scalar, visit } from 'yaml';
import type { Json } from '../types';

/** Scalars are texts to the configuration: a number needs no quotes in it. */
function bare(value: Json): Json {
  if (typeof value === 'string') {
    return /^(0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value === 'true' || value === 'false' ? value === 'true' : value;
  }
  if (Array.isArray(value)) {
    return value.map(bare);
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, bare(each)]))
    : value;
}

/** A value as YAML, in the style of the configuration: what would need quotes in it has them. */
export function yaml(value: Json): string {
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) {
    return '';
  }
  return new Document(bare(value)).toString({ lineWidth: 100, flowCollectionPadding: false, singleQuote: false });
}

/** The same in one line. */
export function inline(value: Json): string {
  if (value === null) {
    return '';
  }
  const document = new Document(bare(value));
  visit(document, {
    Collection(_, node) {
      node.flow = true;
    },
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim();
  return text === '{}' || text === '[]' ? '' : text.replace(/^\{(.*)\}$/s, '$1');
}

/** What a text says, scalars as they are written; why it says nothing where it is no YAML. */
export function parse(text: string): { value: Json } | { error: string; line: number } {
  const document = parseDocument(text, { schema: 'failsafe', strict: true, uniqueKeys: true });
  const error = document.errors[0];
  if (error) {
    return { error: error.message.split('\n')[0], line: error.linePos?.[0].line ?? 1 };
  }
  // `limit:` with nothing after it is nothing, not an empty text.
  visit(document, {
    Scalar(key, node) {
      const scalar = node as Scalar;
      if (key !== 'key' && scalar.value === '' && scalar.type === 'PLAIN') {
        scalar.value = null;
      }
    },
  });
  return { value: (document.toJS() ?? null) as Json };
}
