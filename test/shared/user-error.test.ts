import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { messageOf, UserError } from '../../src/shared/user-error';

const thrownBy = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

test.each<[string, unknown, string]>([
  ['a sentence of ours', new UserError('There is no camera “null”.'), 'There is no camera “null”.'],
  ['an error', new Error('the disk is full'), 'the disk is full'],
  ['a text', 'a fit', 'a fit'],
  ['a number', 5, '5'],
  ['an object with a message', { message: 'a fit' }, 'a fit'],
  ['nothing', undefined, 'no reason was given'],
  ['null', null, 'no reason was given'],
  ['an object', {}, 'no reason was given'],
  ['a list', [1], 'no reason was given'],
  ['a function', () => 1, 'no reason was given'],
  ['an error without a message', new Error(), 'no reason was given'],
  ['an error with a code only', Object.assign(new Error(), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [
    'an object that throws in turn',
    {
      get message() {
        throw new Error('x');
      },
    },
    'no reason was given',
  ],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        get() {
          throw new Error('x');
        },
      },
    ),
    'no reason was given',
  ],
  [
    'a call of nothing',
    thrownBy(() => (undefined as unknown as () => void)()),
    'a mistake in the program (TypeError); the log says where',
  ],
  [
    'a field of nothing',
    thrownBy(() => (null as unknown as { x: 1 }).x),
    'a mistake in the program (TypeError); the log says where',
  ],
  [
    'a path that is called like that',
    thrownBy(() => readFileSync('/dev/null/undefined')),
    "ENOTDIR: not a directory, open '/dev/null/undefined'",
  ],
  [
    'a text with a stack',
    'x\n    at run (file.js:1:2)',
    'a mistake in the program (it is not known which); the log says where',
  ],
])('%s', (_what, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});

test('a very long message is cut', () => {
  expect(messageOf(new Error('x'.repeat(1e6))).length).toBeLessThan(2_010);
});
