import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { startMeteredHost } from '../helpers/metered-host';
import { needs } from '../helpers/needs';
import { runPrometheus } from '../helpers/prometheus';
import { temporaryFolder } from '../helpers/temporary-folder';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/addons/rest-example');

it('the REST example passes the checks for authors', async () => {
  const checked = await runCli(['addons', 'check', EXAMPLE]);
  expect(checked.code, checked.stdout).toBe(0);
});

needs.prometheus('the REST example and its Prometheus job', () => {
  it('bring its own counters and the host’s of its routes into Prometheus, and nothing else', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data', 'addons'), { recursive: true });
    cpSync(EXAMPLE, join(folder, 'data', 'addons', 'rest-example'), { recursive: true });
    await runCli(['addons', 'enable', 'rest-example', '--data', join(folder, 'data')]);
    const host = await startMeteredHost(folder);
    const { url, token } = JSON.parse(readFileSync(join(host.data, 'host.json'), 'utf8')) as {
      url: string;
      token: string;
    };
    const ask = (path: string): Promise<Response> =>
      fetch(`${url}/addons/rest-example${path}`, { headers: { authorization: `Bearer ${token}` } });
    await eventually('the route being there', async () => ((await ask('/square/7')).ok ? true : null));
    for (const path of ['/even/8', '/even/9', '/auth']) expect((await ask(path)).status).toBe(200);
    const config = join(folder, 'prometheus.yml');
    const given = readFileSync(join(EXAMPLE, 'prometheus.yml'), 'utf8');
    writeFileSync(
      config,
      given.replace('127.0.0.1:8000', host.address).replace('scrape_interval: 15s', 'scrape_interval: 1s'),
    );
    const prometheus = await runPrometheus(folder, config);
    await eventually('the counter', () => prometheus.query('sum(rest_example_numbers_total)'));
    expect(await prometheus.query('rest_example_numbers_total{parity="even"}')).toBe(1);
    expect(await prometheus.query('rest_example_authenticated_total{right="control"}')).toBeGreaterThanOrEqual(4);
    expect(await prometheus.query('framegauge_http_requests_total{route="/addons/rest-example/auth",code="200"}')).toBe(
      1,
    );
    const names = (await prometheus.ask('label/__name__/values')) as string[];
    // Prometheus adds the series about the scrape itself.
    expect(names.filter((name) => !/^(?:rest_example_|framegauge_http_|scrape_|up$)/.test(name))).toEqual([]);
  });
});
