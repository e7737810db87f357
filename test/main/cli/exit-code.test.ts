import { expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/main/cli/exit-code';
import { UserError } from '../../../src/shared/user-error';

it.each([
  [2, new UserError('The range runs backwards.', 'arguments')],
  [2, new UserError('There is no job 7.', 'not-found')],
  [1, new UserError('The disk is full.')],
  [1, new Error('a mistake')],
  [1, 'something that was thrown'],
])('is %d for %s', (code, error) => expect(exitCodeOf(error)).toBe(code));
