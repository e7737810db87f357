import { describe, expect, test } from 'vitest';
import { createStallWatch } from '../../../src/addon/notify/stall-watch';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';
import { sampleJob } from '../../helpers/samples';

const { queue } = EMPTY_SNAPSHOT;
const counts = { total: 48, waiting: 40, rendering: 1, done: 7, failed: 0, skipped: 0 };
const job = (id: number, rendering = 1) => sampleJob({ id, state: 'rendering', frames: { ...counts, rendering } });
const minutes = (n: number): number => n * 60_000;
const LIMIT = 600;
const INTERVAL = minutes(15);

describe('a job that stands still', () => {
  test('is told once, and again after another frame', () => {
    const watch = createStallWatch();
    const at = (time: number) => watch.check({ jobs: [job(1)], queue }, minutes(time), LIMIT, INTERVAL);
    expect(at(0)).toEqual([]);
    expect(at(9)).toEqual([]);
    expect(at(10)).toMatchObject([{ job: { id: 1 }, seconds: 600 }]);
    expect(at(30)).toEqual([]);
    watch.wrote(1, minutes(31));
    expect(at(40)).toEqual([]);
    expect(at(41)).toHaveLength(1);
  });

  test('the time in which the computer slept does not count', () => {
    const watch = createStallWatch();
    const look = (time: number) => watch.check({ jobs: [job(1)], queue }, time, LIMIT, 15_000);
    watch.wrote(1, 0);
    for (let time = 15_000; time <= minutes(5); time += 15_000) expect(look(time)).toEqual([]);
    // Eight hours later.
    const woken = minutes(485);
    expect(look(woken)).toEqual([]);
    for (let time = 15_000; time < minutes(4.5); time += 15_000) expect(look(woken + time)).toEqual([]);
    expect(look(woken + minutes(5))).toMatchObject([{ job: { id: 1 } }]);
  });

  test('the time of a paused queue does not count', () => {
    const watch = createStallWatch();
    watch.wrote(1, 0);
    expect(watch.check({ jobs: [job(1)], queue: { ...queue, state: 'paused' } }, minutes(60), LIMIT, INTERVAL)).toEqual(
      [],
    );
    expect(watch.check({ jobs: [job(1)], queue }, minutes(69), LIMIT, INTERVAL)).toEqual([]);
    expect(watch.check({ jobs: [job(1)], queue }, minutes(70), LIMIT, INTERVAL)).toHaveLength(1);
  });

  test('one that leaves the workers to another job waits, unless that writes nothing either', () => {
    const watch = createStallWatch();
    const jobs = [job(1, 0), job(2)];
    watch.check({ jobs, queue }, 0, LIMIT, INTERVAL);
    watch.wrote(2, minutes(9));
    expect(watch.check({ jobs, queue }, minutes(10), LIMIT, INTERVAL)).toEqual([]);
    expect(watch.check({ jobs, queue }, minutes(25), LIMIT, INTERVAL).map(({ job }) => job.id)).toEqual([1, 2]);
  });

  test('jobs that do not render, and previews, never do', () => {
    const watch = createStallWatch();
    const jobs = [sampleJob({ state: 'queued' }), sampleJob({ id: 2, state: 'rendering' }, { preview: true })];
    watch.check({ jobs, queue }, 0, LIMIT, INTERVAL);
    expect(watch.check({ jobs, queue }, minutes(60), LIMIT, INTERVAL)).toEqual([]);
  });
});
