import { expect, it, onTestFinished } from 'vitest';
import { serveMachineMetrics } from '../../../src/main/machine/machine-metrics';
import { readMetricsAddress } from '../../../src/main/machine/metrics-address';

it('reads where to serve, or says what is wrong', () => {
  expect(readMetricsAddress('10.0.0.7:8001')).toEqual({ host: '10.0.0.7', port: 8001 });
  expect(readMetricsAddress(' [::1]:9 ')).toEqual({ host: '::1', port: 9 });
  expect(readMetricsAddress(':8001')).toEqual({ host: '0.0.0.0', port: 8001 });
  for (const text of ['8001', 'box', 'box:99999', 'http://box:80', 'a b:1'])
    expect(() => readMetricsAddress(text)).toThrow(`--metrics cannot be “${text}”`);
});

it('serves the metrics of its process, and nothing else', async () => {
  const metrics = await serveMachineMetrics({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => metrics.close());
  const { host, port } = metrics.served;
  expect(host).toBe('127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await answer.text()).toMatch(/^process_cpu_seconds_total /m);
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
  await expect(serveMachineMetrics({ host: '127.0.0.1', port })).rejects.toThrow('choose another address');
});
