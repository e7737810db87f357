import { describe, expect, it } from 'vitest';
import { FrameError, FrameLostError } from '../../../src/main/engines/render-engine';
import { TemporaryFolderError } from '../../../src/main/engines/temporary-folder';
import { NoSpaceError, OutputError } from '../../../src/main/jobs/output/output-errors';
import { OccupiedError, PartialRenameError } from '../../../src/main/jobs/output/frame-output';
import {
  type FailureCause,
  afterFailure,
  afterStartFailure,
  backoffAfter,
  failureOf,
  jobVerdict,
  mayBackOff,
  rendersAgain,
} from '../../../src/main/jobs/retry-policy';
import { FAILURE_KINDS } from '../../../src/shared/totals';
import { UserError } from '../../../src/shared/user-error';

const withCode = (code: string): Error => Object.assign(new Error(`${code}: a system’s error`), { code });

const blocked = new UserError('a folder is there');
const full = new NoSpaceError('full');
const crashed = new Error('it crashed');
const refused = new UserError('No browser is installed.');
const unwritable = new TemporaryFolderError('/tmp', withCode('ENOENT'));
const gone = new FrameError('deleted', false, 'output');

describe('why a try failed', () => {
  it.each([
    ['the disk is full', new NoSpaceError('full'), 'no-space', 'output'],
    ['the disk is full under the engine', withCode('ENOSPC'), 'no-space', 'render'],
    ['a quota is used up', withCode('EDQUOT'), 'no-space', 'render'],
    ['somebody else’s image is in the way', new OccupiedError('taken'), 'occupied', 'output'],
    ['the output can’t be written', new UserError('read-only'), 'fatal', 'output'],
    ['some files are in their places, others can’t be', new PartialRenameError(blocked, []), 'fatal', 'output'],
    ['some files are in their places, and the disk is full', new PartialRenameError(full, []), 'no-space', 'output'],
    ['some files are in their places, others are gone', new PartialRenameError(gone, []), 'transient', 'output'],
    ['the output’s disk reports an error', new OutputError('i/o error'), 'output', 'output'],
    ['the scene is broken', new FrameError('no camera', true), 'fatal', 'render'],
    ['its machine is gone', new FrameLostError('cut off'), 'lost', 'render'],
    ['a fault of ours', new TypeError('undefined'), 'transient', 'render'],
    ['something that is no error', 'a string', 'transient', 'render'],
    ['nothing at all', undefined, 'transient', 'render'],
  ] as const)('%s', (_what, error, cause, kind) => {
    expect(failureOf(error)).toMatchObject({ cause, kind, reason: expect.any(String) as unknown });
  });

  it.each(FAILURE_KINDS.flatMap((kind) => [true, false].map((final) => [kind, final] as const)))(
    'the engine says %s, final: %s',
    (kind, final) => {
      expect(failureOf(new FrameError('why', final, kind))).toEqual({
        cause: final ? 'fatal' : 'transient',
        kind,
        code: kind,
        reason: 'why',
      });
      expect(failureOf(new FrameError('why', final, kind, [], 'camera')).code).toBe('camera');
    },
  );
});

it('says of an image in the way that it is one', () => {
  expect(failureOf(new OccupiedError('taken')).code).toBe('images-in-the-way');
});

it('is the machine’s own fault, for all that is known, where another one may have the job', () => {
  const causes = (others: boolean): FailureCause[] =>
    [new FrameError('no graphics', true), new FrameError('crashed', false), new UserError('read-only'), full].map(
      (error) => failureOf(error, () => others).cause,
    );
  expect(causes(true)).toEqual(['refused', 'transient', 'fatal', 'no-space']);
  expect(causes(false)).toEqual(['fatal', 'transient', 'fatal', 'no-space']);
});

it('may pass where the scene was fine for another frame, but not where anything else is wrong', () => {
  const gone = new FrameError('not there', true, 'render', [], 'scene');
  const none = (): boolean => false;
  expect([false, true].map((rendered) => failureOf(gone, none, rendered))).toMatchObject([
    { cause: 'fatal', code: 'scene' },
    { cause: 'scene', code: 'scene' },
  ]);
  expect(failureOf(gone, () => true, true).cause).toBe('refused');
  expect(failureOf(new FrameError('no camera', true, 'render', [], 'camera'), none, true).cause).toBe('fatal');
});

describe('what becomes of the frame', () => {
  const causes: readonly FailureCause[] = [
    'no-space',
    'unmounted',
    'scene-gone',
    'scene',
    'output',
    'occupied',
    'fatal',
    'refused',
    'lost',
    'transient',
  ];
  const tries = [1, 2, 3, 10].flatMap((attempts) =>
    Array.from({ length: attempts + 1 }, (_value, failures) => [failures, attempts] as const),
  );

  it.each(causes.flatMap((cause) => tries.map(([failures, attempts]) => [cause, failures, attempts] as const)))(
    'after a failure (%s) with %i before it and %i tries allowed',
    (cause, failures, attempts) => {
      const expected = {
        'no-space': 'wait',
        unmounted: 'wait',
        'scene-gone': 'wait',
        occupied: 'fail',
        fatal: 'fail',
        refused: 'wait',
        lost: 'wait',
        scene: failures < attempts - 1 ? 'retry' : 'fail',
        output: failures < attempts - 1 ? 'retry' : 'fail',
        transient: failures < attempts - 1 ? 'retry' : 'fail',
      }[cause];
      expect(afterFailure(cause, failures, attempts)).toEqual({
        frame: expected,
        failsJob: cause === 'fatal',
        holdsQueue: cause === 'no-space' || cause === 'unmounted',
        jobWaits: cause === 'scene' || cause === 'output',
        blamesWorker: cause === 'transient',
      });
    },
  );
});

describe('what becomes of the job', () => {
  it.each([
    // total, waiting, rendering, done, failed, skipped, share, verdict
    [10, 10, 0, 0, 0, 0, 0.1, 'unfinished'],
    [10, 0, 1, 9, 0, 0, 0.1, 'unfinished'],
    [10, 0, 0, 10, 0, 0, 0.1, 'completed'],
    [10, 0, 0, 0, 0, 10, 0.1, 'completed'],
    [10, 0, 0, 4, 0, 6, 0, 'completed'],
    // As many as may fail, and one more.
    [10, 8, 1, 0, 1, 0, 0.1, 'unfinished'],
    [10, 0, 0, 9, 1, 0, 0.1, 'completed'],
    [10, 7, 1, 0, 2, 0, 0.1, 'failed'],
    [10, 0, 0, 8, 2, 0, 0.1, 'failed'],
    // None may fail.
    [10, 9, 0, 0, 1, 0, 0, 'failed'],
    // All may fail, and did: that is no completed job.
    [10, 1, 0, 0, 9, 0, 1, 'unfinished'],
    [10, 0, 0, 0, 10, 0, 1, 'failed'],
    [10, 0, 0, 1, 9, 0, 1, 'completed'],
    [1, 0, 0, 0, 1, 0, 1, 'failed'],
    [1, 0, 0, 0, 1, 0, 0.1, 'failed'],
  ] as const)(
    '%i frames: %i wait, %i in work, %i done, %i failed, %i skipped, share %d: %s',
    (total, waiting, rendering, done, failed, skipped, share, verdict) => {
      expect(waiting + rendering + done + failed + skipped).toBe(total);
      expect(jobVerdict({ total, waiting, rendering, done, failed, skipped }, share)).toBe(verdict);
    },
  );
});

describe('a worker that could not be started', () => {
  it.each([
    // why, failed starts in a row, other workers of the kind, what follows
    [crashed, 1, 0, { kind: 'back-off', milliseconds: 5_000 }],
    [crashed, 2, 0, { kind: 'back-off', milliseconds: 10_000 }],
    [crashed, 3, 0, { kind: 'fail' }],
    [crashed, 4, 0, { kind: 'fail' }],
    [refused, 1, 0, { kind: 'fail' }],
    [refused, 3, 0, { kind: 'fail' }],
    [unwritable, 1, 0, { kind: 'hold' }],
    [unwritable, 9, 0, { kind: 'hold' }],
    [withCode('ENOSPC'), 1, 0, { kind: 'hold' }],
    [crashed, 1, 1, { kind: 'back-off', milliseconds: 30_000 }],
    [refused, 1, 1, { kind: 'back-off', milliseconds: 30_000 }],
    [refused, 3, 2, { kind: 'back-off', milliseconds: 30_000 }],
    [unwritable, 1, 1, { kind: 'back-off', milliseconds: 30_000 }],
  ] as const)('for “%s”, %i in a row, %i others: %o', (error, inARow, others, verdict) => {
    expect(afterStartFailure(error, inARow, others)).toEqual(verdict);
  });
});

describe('the backoff of a slot', () => {
  it.each([
    // different frames in a row, backoffs before, milliseconds
    [0, 0, 0],
    [1, 0, 0],
    [1, 5, 0],
    [2, 0, 5_000],
    [3, 1, 10_000],
    [4, 2, 20_000],
    [5, 3, 40_000],
    [6, 4, 80_000],
    [7, 5, 160_000],
    [8, 6, 300_000],
    [9, 60, 300_000],
    [9, 5_000, 300_000],
  ])('after %i frames and %i backoffs is %i ms', (frames, backoffs, milliseconds) => {
    expect(backoffAfter(frames, backoffs)).toBe(milliseconds);
  });

  it('begins with what is asked for', () => {
    expect(backoffAfter(2, 3, 1)).toBe(8);
  });

  it('is not for jobs of which nothing was rendered', () => {
    expect([0, 1, 2].map(mayBackOff)).toEqual([false, true, true]);
  });
});

it('renders a frame again twice whose source changed meanwhile, then takes it as it is', () => {
  expect([0, 1, 2, 3].map(rendersAgain)).toEqual([true, true, false, false]);
});
