import { expect, it } from 'vitest';
import { metricsStatus } from '../../../src/renderer/model/metrics-status';
import { sampleAddon } from '../../helpers/samples';

const status = (level: 'ok' | 'warning' | 'error', effective: string) => ({
  level,
  text: 'What it says.',
  details: [{ label: 'Effective', value: effective, href: 'http://127.0.0.1:8000/' }],
});

it('shows in the status bar where the metrics really are', () => {
  expect(metricsStatus([])).toBeNull();
  expect(metricsStatus([sampleAddon()])).toMatchObject({ kind: 'none', level: 'ok', label: 'Metrics off' });
  expect(metricsStatus([sampleAddon({ state: 'starting', enabled: true })])).toMatchObject({
    kind: 'none',
    label: 'Metrics starting',
  });
  expect(metricsStatus([sampleAddon({ state: 'running', status: status('ok', '0.0.0.0:8000') })])).toEqual({
    kind: 'address',
    level: 'ok',
    address: '0.0.0.0:8000',
    href: 'http://127.0.0.1:8000/',
    text: 'What it says.',
  });
  expect(metricsStatus([sampleAddon({ state: 'running', status: status('warning', '0.0.0.0:8000') })])).toMatchObject({
    kind: 'address',
    level: 'warning',
  });
  expect(metricsStatus([sampleAddon({ state: 'running', status: status('error', 'none') })])).toMatchObject({
    kind: 'none',
    level: 'error',
    label: 'Metrics not served',
  });
  expect(metricsStatus([sampleAddon({ state: 'failed', reason: 'It crashed.' })])).toMatchObject({
    kind: 'none',
    level: 'error',
    text: 'It crashed.',
  });
});
