import { PassThrough } from 'node:stream';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { createLiveView, liveLines } from '../../../src/main/cli/live-view';
import { sampleJob } from '../../helpers/samples';

const queue = { state: 'running', reason: null, secondsLeft: 60, secondsLeftP90: null } as const;
const many = [
  sampleJob({ id: 1, reason: 'a long reason '.repeat(20) }),
  ...Array.from({ length: 40 }, (_value, index) => sampleJob({ id: index + 2, state: 'queued' })),
];

it.each([
  [80, 24],
  [40, 8],
  [200, 50],
])('stays within a terminal of %i × %i', (columns, rows) => {
  const lines = liveLines(many, queue, { isTTY: true, columns, rows });
  expect(lines.length).toBeLessThan(rows);
  for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
  expect(lines.at(-1)).toBe('The queue runs; 1:00 left.');
});

it('erases what it drew before it draws again, and keeps lines above it', () => {
  const out = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 80,
    rows: 24,
  }) as unknown as NodeJS.WriteStream & PassThrough;
  const view = createLiveView(out);
  view.update([sampleJob({ id: 1 })], queue);
  view.end();
  expect(String(out.read())).toMatch(/^Job 1 .*\n.*0\/48 frames\nThe queue runs; 1:00 left\.\n$/);
  view.line('Job 1 is done');
  expect(String(out.read()).startsWith('\u001b[3A\u001b[JJob 1 is done\nJob 1 (turntable)')).toBe(true);
});

it('says nothing of the time left when nothing is left', () => {
  expect(liveLines([], queue, { isTTY: true, columns: 80, rows: 24 })).toEqual([]);
  expect(liveLines([], { ...queue, state: 'paused' }, { isTTY: true, columns: 80, rows: 24 })).toEqual([
    'The queue is paused; 1:00 left.',
  ]);
});

it('prints lines only where there is no terminal', () => {
  const out = new PassThrough() as unknown as NodeJS.WriteStream & PassThrough;
  const view = createLiveView(out);
  view.update([sampleJob()], queue);
  view.line('Job 1 is done');
  view.end();
  expect(String(out.read())).toBe('Job 1 is done\n');
});
