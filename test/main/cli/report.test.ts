import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type JobOutcome, isWhole, outcomeOf } from '../../../src/main/cli/follow-job';
import { report } from '../../../src/main/cli/report';
import { sampleFrame, sampleJob } from '../../helpers/samples';

function reported(outcome: JobOutcome, json = false): { out: string; err: string } {
  const out = new PassThrough();
  const err = new PassThrough();
  report(outcome, json, { out, err } as unknown as Parameters<typeof report>[2]);
  return { out: String(out.read() ?? ''), err: String(err.read() ?? '') };
}

const frames = { total: 4, waiting: 0, rendering: 0, done: 4, failed: 0, skipped: 0 };
const completed = { state: 'completed', startedAt: 1_000, finishedAt: 3_500 } as const;

describe('the end of a job', () => {
  it('is one line when all is well', () => {
    const outcome = outcomeOf(
      sampleJob({ ...completed, frames }),
      [1, 2, 3, 4].map((frame) => sampleFrame(frame, 'done')),
    );
    expect(reported(outcome)).toEqual({ out: '4 of 4 frames rendered in 2.5 s.\n', err: '' });
    expect(isWhole(outcome)).toBe(true);
  });

  it('names frames that failed, images that look wrong, and warnings', () => {
    const all = [
      sampleFrame(3, 'done', { suspicion: 'it is empty' }),
      sampleFrame(1, 'failed', { reason: 'no camera', attempts: 3 }),
      sampleFrame(2, 'failed', { reason: 'no camera', attempts: 3 }),
      sampleFrame(4, 'skipped'),
    ];
    const job = sampleJob({
      id: 7,
      ...completed,
      reason: '2 frames failed',
      frames: { ...frames, done: 1, failed: 2, skipped: 1 },
      suspicious: 1,
      warnings: ['The texture wood.png is missing.'],
    });
    const outcome = outcomeOf(job, all);
    expect(isWhole(outcome)).toBe(false);
    expect(reported(outcome)).toEqual({
      out: '1 of 4 frames rendered in 2.5 s, 1 skipped because they are there already (--overwrite renders them again).\n',
      err: [
        'Job 7 completed with failures: 2 frames failed. “framegauge requeue 7” tries them again.',
        '  frame 1-2: no camera',
        '1 image should be looked at:',
        '  frame 3: it is empty',
        'A warning:',
        '  The texture wood.png is missing.',
        '',
      ].join('\n'),
    });
    expect(JSON.parse(reported(outcome, true).out)).toEqual({
      job: 7,
      state: 'completed',
      reason: '2 frames failed',
      frames: { total: 4, done: 1, failed: 2, skipped: 1 },
      seconds: 2.5,
      files: ['/out/3.png', '/out/4.png'],
      failed: [
        { frame: 1, reason: 'no camera', attempts: 3 },
        { frame: 2, reason: 'no camera', attempts: 3 },
      ],
      suspicious: [{ frame: 3, suspicion: 'it is empty' }],
      warnings: ['The texture wood.png is missing.'],
    });
  });

  it('gives the reason of a job that failed', () => {
    expect(
      reported(
        outcomeOf(sampleJob({ ...completed, id: 7, state: 'failed', reason: 'there is no camera', frames }), []),
      ),
    ).toEqual({ out: '', err: 'Job 7 failed: there is no camera\n' });
  });

  it('does not fill the screen', () => {
    const warnings = Array.from({ length: 30 }, (_value, index) => `Texture ${index} is missing.`);
    const { err } = reported(outcomeOf(sampleJob({ ...completed, id: 7, frames, warnings }), []));
    expect(err.split('\n')).toHaveLength(8);
    expect(err).toContain('  … and 25 more: framegauge job 7\n');
  });

  it('lists every file of a frame', () => {
    const stereo = sampleFrame(1, 'done', { file: '/out/1_L.png', files: ['/out/1_L.png', '/out/1_R.png'] });
    expect(outcomeOf(sampleJob({ ...completed, frames }), [stereo]).files).toEqual(['/out/1_L.png', '/out/1_R.png']);
  });
});
