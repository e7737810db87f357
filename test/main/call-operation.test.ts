import { expect, it } from 'vitest';
import { type OperationHandlers, createOperationCaller } from '../../src/main/call-operation';
import { UserError } from '../../src/shared/user-error';

/** A caller of which one operation does something, and what it told as the program's own faults. */
function makeCaller(frameOf: OperationHandlers['job.frame']): {
  call: ReturnType<typeof createOperationCaller>;
  faults: unknown[];
} {
  const faults: unknown[] = [];
  const handlers = { 'job.frame': frameOf } as unknown as OperationHandlers;
  return {
    call: createOperationCaller(handlers, '/data', (error, operation) => faults.push([operation, error])),
    faults,
  };
}

it('carries out an operation with input that fits', async () => {
  const asked: unknown[] = [];
  const { call } = makeCaller((input) => {
    asked.push(input);
    return null;
  });
  expect(await call('job.frame', { id: 1, frame: 2 })).toEqual({ ok: true, value: null });
  expect(asked).toEqual([{ id: 1, frame: 2 }]);
});

it.each([
  ['of a name that there is not', 'job.dance', {}, 'There is no operation “job.dance”.'],
  ['of a name that every object has', 'constructor', {}, 'There is no operation “constructor”.'],
  ['with input that does not fit', 'job.frame', { id: 1, frame: 'two' }, /^job\.frame was asked wrongly: frame: .+\.$/],
  ['with no input at all', 'job.frame', undefined, /^job\.frame was asked wrongly: .+\.$/],
])('refuses an operation %s', async (_what, operation, input, message) => {
  const { call, faults } = makeCaller(() => {
    throw new Error('never');
  });
  expect(await call(operation, input)).toEqual({
    ok: false,
    error: { kind: 'arguments', message: typeof message === 'string' ? message : expect.stringMatching(message) },
  });
  expect(faults).toEqual([]);
});

it('says that the data folder can’t be written to, and reports why', async () => {
  const error = Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
  const { call, faults } = makeCaller(() => Promise.reject(error));
  expect(await call('job.frame', { id: 1, frame: 2 })).toMatchObject({ ok: false, error: { kind: 'disk' } });
  expect(faults).toEqual([['job.frame', error]]);
});

it('answers with a person’s mistake as it is, and reports the program’s own', async () => {
  let error: Error = new UserError('There is no job 1.', 'not-found');
  const { call, faults } = makeCaller(() => Promise.reject(error));
  const input = { id: 1, frame: 2 };
  expect(await call('job.frame', input)).toMatchObject({ error: { kind: 'not-found', message: 'There is no job 1.' } });
  expect(faults).toEqual([]);
  error = new Error('The disk is gone.');
  expect(await call('job.frame', input)).toMatchObject({ error: { kind: 'internal', message: 'The disk is gone.' } });
  expect(faults).toEqual([['job.frame', error]]);
});
