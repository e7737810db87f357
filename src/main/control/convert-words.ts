import { z } from 'zod';

/**
 * Converts the strings of a path or a query to the types that a schema expects, where they can be converted; the schema
 * rejects the others. So schemas state the actual types, and the OpenAPI document is generated from them unchanged.
 */
export function convertWords(words: Readonly<Record<string, unknown>>, schema: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(words).map(([name, word]) => [
      name,
      convert(word, Object.hasOwn(schema.shape, name) ? kindOf(schema.shape[name] as z.ZodType) : 'other'),
    ]),
  );
}

type Kind = 'number' | 'boolean' | 'array' | 'other';

function kindOf(schema: z.ZodType): Kind {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable)
    inner = inner.unwrap() as z.ZodType;
  if (inner instanceof z.ZodNumber) return 'number';
  if (inner instanceof z.ZodBoolean) return 'boolean';
  if (inner instanceof z.ZodArray) return 'array';
  return 'other';
}

function convert(word: unknown, kind: Kind): unknown {
  // A repeated parameter, `state=queued&state=paused`, means the same as `state=queued,paused`.
  if (kind === 'array') return [word].flat().flatMap((part) => (typeof part === 'string' ? part.split(',') : [part]));
  if (typeof word !== 'string') return word;
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  if (kind === 'boolean' && /^(true|false)$/.test(word)) return word === 'true';
  return word;
}
