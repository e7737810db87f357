import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TURNTABLE, runCli, startCli } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { freePort } from '../helpers/free-port';
import { needs } from '../helpers/needs';
import { type Prometheus, runPrometheus } from '../helpers/prometheus';
import { temporaryFolder } from '../helpers/temporary-folder';
import { type DashboardPanel, dashboard, rules } from './kit-files';

type Target = NonNullable<DashboardPanel['targets']>[number];

/** Seconds that a panel of lines looks back here. */
const SPAN = 30;

/** What Grafana would ask for a query of a panel. @returns whether there is a figure among the answers */
async function hasAnswer(prometheus: Prometheus, { expr, instant }: Target): Promise<boolean> {
  const filled = expr
    .replaceAll('$job', '.+')
    .replaceAll('$instance', '.+')
    .replaceAll('$__rate_interval', '10s')
    .replaceAll('$__range', `${SPAN}s`);
  expect(filled).not.toContain('$');
  const query = encodeURIComponent(filled);
  const now = Date.now() / 1000;
  const { result } = await prometheus.ask(
    instant ? `query?query=${query}` : `query_range?query=${query}&start=${now - SPAN}&end=${now}&step=1`,
  );
  const values = (result as { value?: [number, string]; values?: [number, string][] }[]).flatMap(
    (answer) => answer.values ?? [answer.value!],
  );
  return values.some(([, value]) => Number.isFinite(Number(value)));
}

needs.prometheus('the kit on a Prometheus that scrapes a real render', () => {
  it('answers every panel, evaluates every rule, and tells of the job that failed', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const kit = join(folder, 'kit');
    // Apart from the data folder, beside which the add-on may not write.
    const collector = join(folder, 'collector');
    mkdirSync(collector);
    const address = `127.0.0.1:${await freePort()}`;
    const size = (width: number): string[] => [
      '--size',
      `${width}x${(width / 16) * 9}`,
      '--output',
      join(folder, 'x', '####.png'),
      '--data',
      data,
    ];
    for (const [key, value] of [
      ['address', address],
      ['textfilePath', join(collector, 'framegauge.prom')],
      ['textfileSeconds', '1'],
    ] as const) {
      await runCli(['prefs', 'set', `addons.prometheus.${key}`, value, '--data', data]);
    }
    await runCli(['addons', 'enable', 'prometheus', '--data', data]);
    const host = startCli(['serve', '--port', '0', '--data', data]);
    await host.printed(new RegExp(`Serving metrics on ${address}`));
    const [, control] = await host.printed(/(http:\/\/\S+)\/#token=/);

    // The kit as a person saves it, only faster.
    await runCli(['monitoring', 'save', kit, '--data', data]);
    for (const file of ['prometheus.yml', 'rules/recording.yml', 'rules/alerts.yml']) {
      const content = readFileSync(join(kit, file), 'utf8');
      writeFileSync(
        join(kit, file),
        content.replaceAll('scrape_timeout: 4s', 'scrape_timeout: 1s').replaceAll(/(interval): (15|5)s/g, '$1: 1s'),
      );
    }
    const prometheus = await runPrometheus(folder, join(kit, 'prometheus.yml'));
    await eventually('the first scrape', async () => ((await prometheus.target())?.health === 'up' ? true : null));
    await eventually('a job that is known not to have failed', async () =>
      (await prometheus.query('framegauge_jobs_failed_total')) === 0 ? true : null,
    );

    expect((await runCli(['render', TURNTABLE, '--frames', '1-3', '--samples', '1', ...size(160)])).code).toBe(0);
    // A scene that is gone by the time its job's turn comes.
    const taken = join(folder, 'taken.glb');
    copyFileSync(TURNTABLE, taken);
    await runCli(['queue', 'pause', '--data', data]);
    const submitted = await runCli(['submit', taken, '--frames', '1-3', '--json', '--data', data]);
    rmSync(taken);
    await runCli(['queue', 'resume', '--data', data]);
    const { id } = JSON.parse(submitted.stdout) as { id: number };
    expect((await runCli(['watch', String(id), '--data', data])).code).toBe(1);
    const long = startCli(['render', TURNTABLE, '--frames', '4-48', '--samples', '24', ...size(640)]);
    await long.printed(/Frame 6: /);

    const open = new Map(
      dashboard().panels.flatMap((panel) =>
        (panel.targets ?? []).map((target) => [`${panel.title} (${target.refId})`, target] as const),
      ),
    );
    expect(open.size).toBeGreaterThan(40);
    // Only Blender tells how much memory it held for a frame, and only a farm has machines: e2e/blender.test.ts and
    // main/farm/farm-metrics.test.ts see that they do.
    for (const [name, { expr }] of open)
      if (/framegauge_worker_peak_memory_bytes|framegauge_(?:farm|machine)_/.test(expr)) open.delete(name);
    await eventually(
      'an answer for every panel',
      async () => {
        await fetch(`${control}/api/v1/openapi.json`).then((answer) => answer.text());
        for (const [name, target] of open) if (await hasAnswer(prometheus, target)) open.delete(name);
        return open.size === 0 ? true : null;
      },
      120_000,
    ).catch((error: unknown) => {
      throw new Error(`There is no answer for ${[...open.keys()].join(', ')}`, { cause: error });
    });

    const { groups } = await prometheus.ask('rules');
    const evaluated = (
      groups as { rules: { name: string; health: string; lastError?: string; state?: string }[] }[]
    ).flatMap((group) => group.rules);
    expect(evaluated.map((rule) => rule.name)).toEqual(expect.arrayContaining(rules().map((rule) => rule.name)));
    expect(evaluated.filter((rule) => rule.health !== 'ok')).toEqual([]);
    expect(evaluated.filter((rule) => rule.state === 'firing').map((rule) => rule.name)).toEqual([
      'FramegaugeJobFailed',
    ]);
    for (const { name } of rules().filter((rule) => rule.kind === 'record')) {
      await eventually(`a value of ${name}`, async () => ((await prometheus.query(name)) === null ? null : true));
    }
    long.process.kill('SIGINT');
    await long.ended;
  }, 300_000);

  it('finds a host by the document at /sd', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const address = `127.0.0.1:${await freePort()}`;
    await runCli(['prefs', 'set', 'addons.prometheus.address', address, '--data', data]);
    await runCli(['addons', 'enable', 'prometheus', '--data', data]);
    const host = startCli(['serve', '--port', '0', '--data', data]);
    await host.printed(new RegExp(`Serving metrics on ${address}`));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(
      config,
      `scrape_configs: [{ job_name: framegauge, scrape_interval: 1s, http_sd_configs: [{ url: 'http://${address}/sd', refresh_interval: 1s }] }]\n`,
    );
    const prometheus = await runPrometheus(folder, config);
    const target = await eventually('a target that is up', async () => {
      const found = await prometheus.target();
      return found?.health === 'up' ? found : null;
    });
    expect(target.labels).toMatchObject({ job: 'framegauge', instance: address });
    expect(await eventually('a scrape', () => prometheus.query('framegauge_up'))).toBe(1);
  });
});
