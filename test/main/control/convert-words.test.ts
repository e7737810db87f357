import { expect, it } from 'vitest';
import { z } from 'zod';
import { convertWords } from '../../../src/main/control/convert-words';

const schema = z.strictObject({
  id: z.int(),
  share: z.number().optional(),
  all: z.boolean().default(false),
  states: z.array(z.enum(['a', 'b'])).optional(),
  name: z.string(),
});

it('brings words into the types that are meant, and leaves alone what is none', () => {
  expect(convertWords({ id: '-7', share: '1.5', all: 'true', states: 'a,b', name: '12' }, schema)).toEqual({
    id: -7,
    share: 1.5,
    all: true,
    states: ['a', 'b'],
    name: '12',
  });
  expect(convertWords({ states: ['a', 'b,a'] }, schema)).toEqual({ states: ['a', 'b', 'a'] });
  for (const id of ['', ' 7', '1e3', '0x10', '٣', 'seven', '7 ', '+7', '.5'])
    expect(convertWords({ id }, schema)).toEqual({ id });
  for (const all of ['', 'yes', '1', 'TRUE']) expect(convertWords({ all }, schema)).toEqual({ all });
  expect(convertWords({ other: '7', toString: '7' }, schema)).toEqual({ other: '7', toString: '7' });
  expect(convertWords({ id: ['7', '8'] }, schema)).toEqual({ id: ['7', '8'] });
});
