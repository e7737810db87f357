import { describe, expect, test } from 'vitest';
import { groupingKey, groupPath, keepLabels } from '../../../../src/addon/prometheus/outputs/grouping-key';
import { FAMILIES } from './fixture';

describe('a grouping key', () => {
  test.each([
    ['framegauge', 'box', '', '/metrics/job/framegauge/instance/box'],
    ['framegauge', '', ' site = Zürich , rack=a=b,', '/metrics/job/framegauge/site/Z%C3%BCrich/rack/a%3Db'],
    [
      'a/b',
      'box',
      'path=/var/tmp,none=,up=..',
      '/metrics/job@base64/YS9i/instance/box/path@base64/L3Zhci90bXA/none@base64/=/up@base64/Li4',
    ],
  ])('of %j, %j and %j has the path %s', (job, instance, labels, path) => {
    expect(groupPath(groupingKey(job, instance, labels))).toBe(path);
  });

  test.each([
    ['', '', 'job'],
    ['j', 'a', 'site'],
    ['j', 'a', '=x'],
    ['j', 'a', 'a-b=x'],
    ['j', 'a', '1a=x'],
    ['j', 'a', '__a=x'],
    ['j', 'a', 'a=1,a=2'],
    ['j', 'a', 'instance=b'],
  ])('of %j, %j and %j is refused', (job, instance, labels) => {
    expect(() => groupingKey(job, instance, labels)).toThrow(/empty|not of the form|twice/);
  });
});

test('labels of series that the key has too are kept under another name', () => {
  const key = groupingKey('framegauge', 'box', 'engine=x');
  const kept = keepLabels(
    [
      ...FAMILIES,
      { name: 'm', help: '', type: 'gauge', values: [{ value: 1, labels: { job: 'a', exported_job: 'b' } }] },
    ],
    key,
  );
  const labels = (name: string): unknown =>
    kept.find((family) => family.name === name)!.values.map((series) => series.labels);
  expect(labels('framegauge_job_frames_remaining')).toEqual([
    { exported_job: 'shot 010' },
    { exported_job: 'shot "020"' },
  ]);
  expect(labels('framegauge_frames_rendered_total')).toEqual([{ exported_engine: 'gltf' }]);
  expect(labels('m')).toEqual([{ exported_exported_job: 'a', exported_job: 'b' }]);
});
