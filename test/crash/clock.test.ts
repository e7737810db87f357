import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import type { HostEvent } from '../../src/shared/host-api';
import type { Job } from '../../src/shared/jobs';
import { TURNTABLE } from '../helpers/cli';
import { startControlHost } from '../helpers/control-host';
import { temporaryFolder } from '../helpers/temporary-folder';
import { paperPages } from './paper-pages';

const DAY = 86_400_000;

afterEach(() => void vi.useRealTimers());

// Only the time of day is set: timers and the monotonic clock go on, as they do on a machine whose clock is set.
it.each([
  ['forward', 400 * DAY],
  ['back', -400 * DAY],
])('a clock that is set %s under the host changes nothing for the jobs', async (_where, step) => {
  const output = join(temporaryFolder(), 'out');
  const control = await startControlHost({
    pages: paperPages(({ frame }) => {
      if (frame === 3) vi.setSystemTime(Date.now() + step);
    }),
  });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const faults: string[] = [];
  const jobs: Job[] = [];
  // Node says so when a timer is set for a time that no timer can wait for, and fires it at once.
  const warnings: string[] = [];
  const warn = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  const ended = new Promise<void>((resolve) => {
    control.host.subscribe((event: HostEvent) => {
      if (event.type === 'notice') faults.push(event.notice.text);
      if (event.type !== 'job') return;
      jobs.push(event.job);
      if (['completed', 'failed'].includes(event.job.state)) resolve();
    });
  });
  await control.host.call('preferences.set', { key: 'queue.minFreeSpace', value: 0 });
  await control.host.call('job.submit', {
    scene: TURNTABLE,
    frames: '1-12',
    width: 64,
    height: 36,
    samples: 1,
    workers: 1,
    output: join(output, '####.png'),
  });
  await ended;
  expect(jobs.at(-1)).toMatchObject({ state: 'completed', frames: { done: 12, failed: 0 } });
  expect(faults).toEqual([]);
  expect(warnings).toEqual([]);
  // What is told of the time left is a time still to come, and no eternity.
  for (const { secondsLeft, framesPerMinute } of jobs) {
    if (secondsLeft !== null) expect(secondsLeft).toBeGreaterThanOrEqual(0);
    if (secondsLeft !== null) expect(secondsLeft).toBeLessThan(3_600);
    if (framesPerMinute !== null) expect(framesPerMinute).toBeGreaterThan(0);
  }
  const frames = await control.host.call('job.frames', { id: jobs[0]!.id });
  expect((frames as { value: { attempts: number }[] }).value.map(({ attempts }) => attempts)).toEqual(
    Array(12).fill(1),
  );
  expect(await control.host.call('statistics.get', {})).toMatchObject({ ok: true });
});
