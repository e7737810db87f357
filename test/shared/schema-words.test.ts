import { expect, test } from 'vitest';
import { z } from 'zod';
import '../../src/shared/schema-words';

test.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, 'it is missing'],
  [z.string(), null, 'a text is expected, and nothing is given'],
  [z.number(), 'x', 'a number is expected, and a text is given'],
  [z.number(), Number.NaN, 'a number is expected, and a number without end is given'],
  [z.int(), 1.5, 'a whole number is expected, and a number is given'],
  [z.boolean(), [], 'true or false is expected, and a list is given'],
  [z.strictObject({}), 5, 'an object is expected, and a number is given'],
  [z.enum(['a', 'b']), 'c', 'it must be one of “a”, “b”'],
  [z.literal(1), 2, 'it must be 1'],
  [z.string().min(2), 'a', 'it must have at least 2 characters'],
  [z.array(z.int()).max(1), [1, 2], 'it must have at most 1 entry'],
  [z.number().min(3), 2, 'it must be at least 3'],
  [z.number().gt(3), 3, 'it must be more than 3'],
  [z.strictObject({}), { x: 1 }, 'there is nothing called “x” here'],
  [z.union([z.string(), z.boolean()]), 5, 'it does not fit'],
  [z.string().regex(/a/, 'an id has letters'), 'b', 'an id has letters'],
])('%#: what does not fit is told in words', (schema, value, words) => {
  expect(schema.safeParse(value).error?.issues[0]?.message).toBe(words);
});
