import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatLeft,
  formatTime,
  jobDetails,
  jobLine,
  jobTable,
  outputLine,
  queueLine,
} from '../../../src/main/cli/describe-job';
import { sampleFrame, sampleJob } from '../../helpers/samples';

const plain = { columns: null, colours: false };
const counts = { total: 48, waiting: 0, rendering: 0, done: 0, failed: 0, skipped: 0 };

describe('a list of jobs', () => {
  it('says how each stands and why', () => {
    const now = Date.now();
    const lines = jobTable(
      [
        sampleJob({
          id: 1,
          state: 'completed',
          frames: { ...counts, done: 46, failed: 2 },
          reason: '2 frames failed',
          finishedAt: now,
        }),
        sampleJob({
          id: 2,
          state: 'rendering',
          frames: { ...counts, done: 12, waiting: 36 },
          framesPerMinute: 30.04,
          secondsLeft: 72,
          warnings: ['The texture wood.png is missing.'],
        }),
        sampleJob({
          id: 13,
          name: 'comp',
          state: 'queued',
          priority: 5,
          waitsFor: 'job 2 (turntable) to complete',
          frames: { ...counts, waiting: 48 },
        }),
      ],
      plain,
    );
    expect(lines).toEqual([
      'ID  State          Name       Frames  Priority  Frames/min  Left  Ended  Note',
      ` 1  with failures  turntable   46/48                              ${formatTime(now)}  2 frames failed`,
      ' 2  rendering      turntable   12/48                  30.0  1:12         The texture wood.png is missing.',
      '13  queued         comp         0/48         5                           waits for job 2 (turntable) to complete',
    ]);
  });

  it('is painted by state on a terminal', () => {
    const [, failed] = jobTable([sampleJob({ state: 'failed', reason: 'no camera' })], { columns: 80, colours: true });
    expect(failed).toContain('\u001b[31mfailed');
  });
});

it('one line of a job names its state, frames and what it waits for', () => {
  expect(jobLine(sampleJob({ id: 3, state: 'queued', waitsFor: 'job 2', suspicious: 1 }))).toBe(
    'Job 3 (turntable): queued, 0/48 frames; waits for job 2 · 1 suspicious image',
  );
});

it('details of a job hold warnings, failures with reasons, and what looks wrong', () => {
  const job = sampleJob(
    {
      id: 4,
      state: 'completed',
      reason: '3 frames failed',
      warnings: ['The texture wood.png is missing.'],
      suspicious: 1,
      frames: { ...counts, done: 45, failed: 3 },
      priority: 5,
      after: [2],
      startedAt: 0,
      finishedAt: 61_000,
    },
    {
      sceneName: 'Main',
      renderEngine: 'cycles',
      installation: 'blender-4.2.0',
      allowScripts: true,
      order: 'middle-out',
      failureShare: 0.125,
    },
  );
  const crashed = { reason: 'the worker crashed', attempts: 3 };
  const failed = [
    sampleFrame(7, 'failed', crashed),
    sampleFrame(8, 'failed', crashed),
    sampleFrame(20, 'failed', { reason: 'no camera', attempts: 1 }),
  ];
  const text = jobDetails(
    job,
    { failed, suspicious: [sampleFrame(9, 'done', { suspicion: 'empty: every pixel is the same' })] },
    plain,
  ).join('\n');
  expect(text).toMatch(/^Job 4 {2}turntable {2}with failures\n/);
  for (const part of [
    '  Scene       /scenes/turntable.glb, scene “Main”',
    '  Engine      blender-4.2.0, cycles',
    '  Frames      1-48 (middle-out)',
    '  Images      320 × 180, 16 samples, PNG',
    '  Progress    45 of 48 frames rendered, 3 failed',
    '  Priority    5',
    '  After       job 2',
    '  Blender     scripts of the file may run',
    '  Failures    3 tries a frame; fails with more than 12.5 % of its frames',
    '(1:01 after its start)',
    'Warnings\n  The texture wood.png is missing.\n',
    'Failed frames (3)\n  7-8: the worker crashed (tried 3 times)\n  20: no camera (tried once)\n',
    'Suspicious images (1)\n  9: empty: every pixel is the same',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('Not before');
});

it('details of a job tell what it was given', () => {
  const given = sampleJob(
    { note: 'For the trailer' },
    {
      imageSize: { width: 160, height: 90 },
      tags: ['gpu', 'linux'],
      blockedMachines: ['left', 'manager'],
      maxMachines: 3,
      animations: ['Walk', 'Wave'],
      transparent: true,
      device: 'gpu',
      workers: 2,
      keepExisting: true,
      output: '/out/####.png',
    },
  );
  const text = jobDetails(given, { failed: [], suspicious: [] }, plain).join('\n');
  for (const part of [
    '  Note        For the trailer',
    '  Images      160 × 90, 16 samples, PNG, transparent',
    '  Tags        gpu, linux',
    '  Blocked     left, manager',
    '  At once     at most 3 machines',
    '  Animations  “Walk”, “Wave”',
    ', gpu',
    '  Workers     at most 2',
    '/out/####.png (keeps what is there)',
  ])
    expect(text).toContain(part);
});

it('tells where a new job renders to', () =>
  expect(outputLine(sampleJob({}, { output: '/out/####.png' }))).toBe('  48 frames (1-48) to /out/####.png'));

it('leaves warnings out of a line that they follow', () =>
  expect(jobLine(sampleJob({ id: 3, state: 'queued', warnings: ['One.'] }), 'without-warnings')).toBe(
    'Job 3 (turntable): queued, 0/48 frames',
  ));

it('the queue is described in a sentence', () => {
  expect(queueLine({ state: 'running', reason: null, secondsLeft: 3600, secondsLeftP90: 4200 })).toBe(
    'The queue runs; 1:00:00 to 1:10:00 left.',
  );
  expect(
    queueLine({ state: 'paused', reason: 'the disk is nearly full', secondsLeft: null, secondsLeftP90: null }),
  ).toBe('The queue is paused (the disk is nearly full).');
  expect(queueLine({ state: 'after-job', reason: null, secondsLeft: null, secondsLeftP90: null })).toBe(
    'The queue pauses when the job in work is done.',
  );
});

it('sizes and times read as people write them', () => {
  expect([0, 1, 999, 1_000, 12_345_678, 5e12].map(formatBytes)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '12 MB',
    '5.0 TB',
  ]);
  const evening = new Date(2026, 10, 21, 18, 5).getTime();
  expect(formatTime(evening, evening + 60_000)).toBe('18:05');
  expect(formatTime(evening, evening + 86_400_000)).toBe('2026-11-21 18:05');
  expect(formatLeft(60, 60.3)).toBe('1:00');
  expect(formatLeft(null, null)).toBe('');
});
