import { expect, it } from 'vitest';
import { packRoute, unpackRoutes } from '../../../src/main/metrics/route-labels';
import type { MetricFamily } from '../../../src/shared/addon-protocol';

it('labels of a route come out as they went in, and cannot take the place of others', () => {
  const further = { team: 'a"b\\\n', method: 'mine' };
  const labels = { method: 'GET', route: packRoute('/addons/a/b', further) };
  const family: MetricFamily = { name: 'n', help: 'h', type: 'counter', values: [{ value: 1, labels }] };
  expect(unpackRoutes([family])).toEqual([
    { ...family, values: [{ value: 1, labels: { team: 'a"b\\\n', method: 'GET', route: '/addons/a/b' } }] },
  ]);
  expect(family.values[0]!.labels).toBe(labels);
});

it('a route without labels stays as it is', () => {
  expect(packRoute('/jobs/:id', {})).toBe('/jobs/:id');
  const families: MetricFamily[] = [
    { name: 'n', help: 'h', type: 'counter', values: [{ value: 1, labels: { route: '/a' } }] },
  ];
  expect(unpackRoutes(families)[0]).toBe(families[0]);
});
