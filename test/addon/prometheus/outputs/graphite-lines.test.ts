import { expect, test } from 'vitest';
import { graphiteLines, parsePrefix } from '../../../../src/addon/prometheus/outputs/graphite-lines';
import { FAMILIES } from './fixture';

test('a series is prefix.name.label.value, a line each, labels sorted', () => {
  expect(graphiteLines(FAMILIES, 'farm.box1', 1_700_000_000_999).toString().split('\n')).toEqual([
    'farm.box1.framegauge_renders_active 1 1700000000',
    'farm.box1.framegauge_frames_rendered_total.engine.gltf 12 1700000000',
    'farm.box1.framegauge_job_frames_remaining.job.shot_010 3 1700000000',
    'farm.box1.framegauge_job_frames_remaining.job.shot__020_ 4 1700000000',
    'farm.box1.framegauge_frame_duration_seconds_bucket.engine.gltf.le.0_5 2 1700000000',
    'farm.box1.framegauge_frame_duration_seconds_bucket.engine.gltf.le._Inf 2 1700000000',
    'farm.box1.framegauge_frame_duration_seconds_sum.engine.gltf 0.25 1700000000',
    'farm.box1.framegauge_frame_duration_seconds_count.engine.gltf 2 1700000000',
    'farm.box1.process_cpu_seconds_total 1.5 1700000000',
    '',
  ]);
});

test('what is no finite number, and labels without a value, are left out', () => {
  const values = [Number.NaN, Infinity, -Infinity, 7].map((value) => ({ value, labels: { empty: '', z: 'z', a: 1 } }));
  expect(graphiteLines([{ name: 'm', help: '', type: 'gauge', values }], '', 5_000).toString()).toBe('m.a.1.z.z 7 5\n');
});

test('a prefix is a path', () => {
  expect(parsePrefix(' .farm.box-1. ')).toBe('farm.box-1');
  for (const wrong of ['a b', 'a..b', 'a/b', 'a;b=c']) expect(() => parsePrefix(wrong)).toThrow('is not a path');
});

test('a sample with a time of its own keeps it', () => {
  const values = [{ value: 1, labels: {}, timestamp: 1_700_000_000.9 }];
  expect(graphiteLines([{ name: 'x', help: 'h', type: 'gauge', values }], '', 1_800_000_000_000).toString()).toBe(
    'x 1 1700000000\n',
  );
});
