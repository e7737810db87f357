import { expect, test } from 'vitest';
import type { AppSnapshot, MetricFamily } from '../../../src/addon/api/context';
import { createScrapeCounter, type ExporterState } from '../../../src/addon/prometheus/exporter-state';
import { seriesOf } from '../../../src/addon/prometheus/series';
import type { Job } from '../../../src/shared/jobs';
import { MAX_COUNTED_SLOTS, OTHER_SLOTS, emptyEngineTotals, emptySlotTotals } from '../../../src/shared/totals';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';

import { sampleJob } from '../../helpers/samples';

const exporter = (change: Partial<ExporterState> = {}): ExporterState => ({
  historicNames: true,
  listening: true,
  fallback: false,
  widened: false,
  outputs: [],
  ...createScrapeCounter(2_000).read(),
  ...change,
});

const NOW = 100_000;

function values(snapshot: AppSnapshot | null, name: string, state = exporter()): Record<string, number> {
  const family = seriesOf(snapshot, state, NOW).find((candidate) => candidate.name === name);
  return Object.fromEntries(
    (family?.values ?? []).map(({ labels, value, metricName }) => [
      [...(metricName ? [metricName.slice(name.length)] : []), ...Object.values(labels)].join(),
      value,
    ]),
  );
}

const family = (snapshot: AppSnapshot | null, name: string): MetricFamily | undefined =>
  seriesOf(snapshot, exporter(), NOW).find((candidate) => candidate.name === name);

function job(id: number, change: Partial<Job> = {}): Job {
  const frames = { total: 10, waiting: 4, rendering: 1, done: 3, failed: 1, skipped: 1 };
  return sampleJob({ id, name: `job ${id}`, startedAt: id, frames, framesPerMinute: 10, secondsLeft: 30, ...change });
}

/** A worker that stands idle since a minute. */
function sampleWorker(slot: number): AppSnapshot['workers'][number] {
  return {
    slot,
    engine: 'gltf',
    state: 'idle',
    scene: null,
    jobId: null,
    frame: null,
    framesDone: 0,
    startedAt: 40_000,
    residentBytes: null,
    peakBytes: null,
  };
}

test('a host that does not answer is down, and only the server tells of itself', () => {
  const families = seriesOf(null, exporter({ fallback: true }), NOW);
  expect(values(null, 'framegauge_up')).toEqual({ '': 0 });
  expect(families.every(({ name }) => /^framegauge_(up|exporter_)/.test(name))).toBe(true);
  expect(values(null, 'framegauge_exporter_fallback', exporter({ fallback: true }))).toEqual({ '': 1 });
});

test('every counter of the built-in engine and of each slot is there from the start', () => {
  expect(values(EMPTY_SNAPSHOT, 'framegauge_frames_failed_total')).toEqual({
    'gltf,render': 0,
    'gltf,crash': 0,
    'gltf,timeout': 0,
    'gltf,memory': 0,
    'gltf,image': 0,
    'gltf,output': 0,
  });
  expect(values(EMPTY_SNAPSHOT, 'framegauge_frames_rendered_total')).toEqual({ gltf: 0 });
  expect(values(EMPTY_SNAPSHOT, 'Frame_Counter_total')).toEqual({ '': 0 });
  expect(family(EMPTY_SNAPSHOT, 'framegauge_worker_frames_total')).toBeUndefined();
  const withWorker = { ...EMPTY_SNAPSHOT, workers: [sampleWorker(1)] };
  expect(values(withWorker, 'framegauge_worker_restarts_total')).toEqual({
    '1,exit': 0,
    '1,crash': 0,
    '1,timeout': 0,
    '1,memory': 0,
    '1,scene': 0,
  });
  expect(values(withWorker, 'framegauge_worker_state')).toEqual({
    '1,gltf,starting': 0,
    '1,gltf,idle': 1,
    '1,gltf,rendering': 0,
    '1,gltf,stopping': 0,
    '1,gltf,resting': 0,
  });
  expect(values(withWorker, 'framegauge_worker_uptime_seconds')).toEqual({ 1: 60 });
  expect(family(withWorker, 'framegauge_worker_resident_memory_bytes')).toBeUndefined();
});

test('totals of both engines and of workers that are gone', () => {
  const gltf = { ...emptyEngineTotals(), rendered: 5, frameSeconds: { counts: [1, 2, 1, 1], sum: 14 } };
  const blender = { ...emptyEngineTotals(), rendered: 7 };
  const snapshot = {
    ...EMPTY_SNAPSHOT,
    totals: {
      ...EMPTY_SNAPSHOT.totals,
      engines: { gltf, blender },
      slots: { 2: { ...emptySlotTotals(), frames: 12 } },
    },
    totalsSince: 5_000,
  };
  expect(values(snapshot, 'Frame_Counter_total')).toEqual({ '': 12 });
  expect(values(snapshot, 'framegauge_frames_rendered_total')).toEqual({ blender: 7, gltf: 5 });
  expect(values(snapshot, 'framegauge_worker_frames_total')).toEqual({ 2: 12 });
  expect(
    values({ ...snapshot, totals: { ...snapshot.totals, engines: { gltf } } }, 'framegauge_frame_duration_seconds'),
  ).toEqual({
    '_bucket,0.1,gltf': 1,
    '_bucket,1,gltf': 3,
    '_bucket,10,gltf': 4,
    '_bucket,+Inf,gltf': 5,
    '_sum,gltf': 14,
    '_count,gltf': 5,
  });
  expect(family(snapshot, 'framegauge_frames_rendered_total')?.created).toBe(5);
  expect(family(snapshot, 'framegauge_exporter_scrapes_total')?.created).toBe(2);
});

test('slots beyond those that the host counts apart have counts together, whether they are in use or not', () => {
  const [last, beyond] = [MAX_COUNTED_SLOTS, MAX_COUNTED_SLOTS + 1];
  const snapshot = {
    ...EMPTY_SNAPSHOT,
    workers: [last, beyond].map((slot) => sampleWorker(slot)),
    totals: { ...EMPTY_SNAPSHOT.totals, slots: { [OTHER_SLOTS]: { ...emptySlotTotals(), frames: 12 } } },
  };
  expect(values(snapshot, 'framegauge_worker_frames_total')).toEqual({ [last]: 0, [OTHER_SLOTS]: 12 });
});

test('jobs have series while they render: the first twenty, names told apart', () => {
  const jobs = [
    job(3, { name: 'shot' }),
    job(2, { name: 'shot' }),
    job(1, { name: 'shot (2)' }),
    job(4, { state: 'queued' }),
    ...Array.from({ length: 30 }, (_, i) => job(10 + i)),
  ];
  const ratios = values({ ...EMPTY_SNAPSHOT, jobs }, 'framegauge_job_progress_ratio');
  expect(Object.keys(ratios)).toHaveLength(20);
  expect(Object.keys(ratios).slice(0, 4)).toEqual(['shot (2)', 'shot', 'shot (3)', 'job 10']);
  expect(ratios['shot']).toBe(0.5);
  expect(values({ ...EMPTY_SNAPSHOT, jobs }, 'framegauge_jobs')).toEqual({ queued: 1, rendering: 33, paused: 0 });
  expect(
    values({ ...EMPTY_SNAPSHOT, jobs: [job(1, { secondsLeft: null })] }, 'framegauge_job_remaining_seconds'),
  ).toEqual({});
});

test('time left for the queue is what the host says, and nothing when nothing is left', () => {
  const queue = { ...EMPTY_SNAPSHOT.queue, secondsLeft: 60, secondsLeftP90: 90 };
  const left = (snapshot: Partial<AppSnapshot>): (number | undefined)[] =>
    (['framegauge_queue_remaining_seconds', 'framegauge_queue_remaining_p90_seconds'] as const).map(
      (name) => values({ ...EMPTY_SNAPSHOT, ...snapshot }, name)[''],
    );
  expect(left({})).toEqual([0, 0]);
  expect(left({ jobs: [job(1)], queue })).toEqual([60, 90]);
  expect(left({ jobs: [job(1, { state: 'paused' })], queue })).toEqual([0, 0]);
  expect(left({ jobs: [job(1)] })).toEqual([undefined, undefined]);
  expect(
    values({ ...EMPTY_SNAPSHOT, jobs: [job(1), job(2, { state: 'paused' })] }, 'framegauge_queue_frames_remaining'),
  ).toEqual({ '': 10 });
  expect(
    values({ ...EMPTY_SNAPSHOT, jobs: [job(1, { secondsLeftP90: 45 })] }, 'framegauge_job_remaining_p90_seconds'),
  ).toEqual({ 'job 1': 45 });
});

test('a queue that holds itself is told from one that somebody paused', () => {
  const told = (state: AppSnapshot['queue']['state'], reason: string | null): (number | undefined)[] => {
    const snapshot = { ...EMPTY_SNAPSHOT, queue: { ...EMPTY_SNAPSHOT.queue, state, reason } };
    return (['framegauge_queue_paused', 'framegauge_queue_held'] as const).map((name) => values(snapshot, name)['']);
  };
  expect(told('running', null)).toEqual([0, 0]);
  expect(told('after-job', null)).toEqual([0, 0]);
  expect(told('paused', null)).toEqual([1, 0]);
  expect(told('paused', 'Only 3 MB are free.')).toEqual([1, 1]);
});

test('suspicious frames are added up, and a worker’s peak is there where it is known', () => {
  expect(
    values(
      { ...EMPTY_SNAPSHOT, jobs: [job(1, { suspicious: 2 }), job(2, { state: 'queued', suspicious: 3 })] },
      'framegauge_queue_frames_suspicious',
    ),
  ).toEqual({ '': 5 });
  const worker = {
    slot: 1,
    engine: 'blender',
    state: 'rendering',
    scene: null,
    jobId: 1,
    frame: 1,
    framesDone: 0,
    startedAt: 0,
    residentBytes: 5,
  } as const;
  const workers = [
    { ...worker, peakBytes: 7 },
    { ...worker, slot: 2, peakBytes: null },
  ];
  expect(values({ ...EMPTY_SNAPSHOT, workers }, 'framegauge_worker_peak_memory_bytes')).toEqual({ 1: 7 });
});

test('the app’s processes are added up by type, and a frame’s age is never below zero', () => {
  const processes = [
    { type: 'Tab', residentBytes: 10, cpuSeconds: 1 },
    { type: 'Tab', residentBytes: 5, cpuSeconds: 2 },
    { type: 'GPU', residentBytes: 1, cpuSeconds: 0 },
  ];
  expect(values({ ...EMPTY_SNAPSHOT, processes }, 'framegauge_process_resident_memory_bytes')).toEqual({
    Tab: 15,
    GPU: 1,
  });
  expect(values({ ...EMPTY_SNAPSHOT, lastFrameAt: 40_000 }, 'framegauge_last_frame_age_seconds')).toEqual({ '': 60 });
  expect(values({ ...EMPTY_SNAPSHOT, lastFrameAt: NOW + 50 }, 'framegauge_last_frame_age_seconds')).toEqual({ '': 0 });
});

test('scrapes are counted with their time', () => {
  const counter = createScrapeCounter(0);
  counter.answered({ at: 7_000, by: 'x', seconds: 0.004 });
  counter.answered({ at: 8_000, by: 'x', seconds: 20 });
  counter.failed();
  const state = exporter(counter.read());
  expect(values(null, 'framegauge_exporter_scrapes_total', state)).toEqual({ '': 2 });
  expect(values(null, 'framegauge_exporter_scrape_errors_total', state)).toEqual({ '': 1 });
  expect(values(null, 'framegauge_exporter_last_scrape_timestamp_seconds', state)).toEqual({ '': 8 });
  expect(values(null, 'framegauge_exporter_scrape_duration_seconds', state)).toMatchObject({
    '_bucket,0.0025': 0,
    '_bucket,0.005': 1,
    '_bucket,10': 1,
    '_bucket,+Inf': 2,
    _sum: 20.004,
    _count: 2,
  });
});

test('every engine that can render here is there at 0 from the start, and no other', () => {
  const both = { ...EMPTY_SNAPSHOT, engines: ['blender', 'gltf'] as const satisfies readonly string[] };
  for (const name of [
    'framegauge_frames_rendered_total',
    'framegauge_frames_retried_total',
    'framegauge_frames_skipped_total',
  ]) {
    expect(values({ ...both, engines: [...both.engines] }, name)).toEqual({ blender: 0, gltf: 0 });
    expect(values(EMPTY_SNAPSHOT, name)).toEqual({ gltf: 0 });
  }
});
