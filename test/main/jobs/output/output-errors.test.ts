import { describe, expect, it } from 'vitest';
import { FrameError } from '../../../../src/main/engines/render-engine';
import { NoSpaceError, outputError, readMayPass, renameError } from '../../../../src/main/jobs/output/output-errors';
import { failureOf } from '../../../../src/main/jobs/retry-policy';
import { UserError } from '../../../../src/shared/user-error';

const error = (code: string): Error => Object.assign(new Error(code), { code });

describe('an image that can’t be written', () => {
  it.each(['EIO', 'ESTALE', 'ETIMEDOUT', 'EMFILE', 'EBUSY', 'ENOENT'])('counts a try after %s', (code) => {
    for (const made of [outputError('It cannot be written', error(code)), renameError('It stays', error(code))]) {
      expect(made).toBeInstanceOf(FrameError);
      expect(failureOf(made)).toMatchObject({ cause: 'output', kind: 'output' });
      expect(made.message).not.toContain('space');
    }
  });

  it.each(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOTEMPTY', 'ENAMETOOLONG', 'ELOOP'])(
    'fails its job after %s',
    (code) => {
      expect(outputError('It cannot be written', error(code))).toBeInstanceOf(UserError);
      expect(failureOf(renameError('It stays', error(code), 'linux')).cause).toBe('fatal');
    },
  );

  it('waits for room', () => {
    for (const code of ['ENOSPC', 'EDQUOT']) expect(renameError('It stays', error(code))).toBeInstanceOf(NoSpaceError);
  });

  it('may be in use by another program where that is Windows', () => {
    for (const code of ['EACCES', 'EPERM', 'EBUSY'])
      expect(failureOf(renameError('It stays', error(code), 'win32'))).toMatchObject({
        cause: 'transient',
        reason: expect.stringMatching(/: close the program that has it open, or remove what is there\.$/) as unknown,
      });
    expect(failureOf(renameError('It stays', error('EISDIR'), 'win32')).cause).toBe('fatal');
  });
});

it('can’t be read for a moment, or for good', () => {
  const codes = ['EIO', 'ESTALE', 'ETIMEDOUT', 'ENOENT', 'EACCES', 'EISDIR'];
  expect(codes.filter((code) => readMayPass(error(code)))).toEqual(['EIO', 'ESTALE', 'ETIMEDOUT']);
});
