import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricsAddress, writeMonitoringKit } from '../../src/main/monitoring-kit';
import { runCli } from '../helpers/cli';
import { temporaryFolder } from '../helpers/temporary-folder';

const SOURCE = resolve(import.meta.dirname, '../../monitoring');
const targetsOf = (folder: string): unknown[] =>
  ['targets/framegauge.yml', 'targets/compose/framegauge.yml'].map(
    (file) => parse(readFileSync(join(folder, file), 'utf8')) as unknown,
  );
const only = (target: string, instance: string | null = null): unknown => [
  { targets: [target], ...(instance === null ? {} : { labels: { instance } }) },
];

it.each([
  [null, 'localhost:8000', 'host.docker.internal:8000'],
  ['0.0.0.0:9123', 'localhost:9123', 'host.docker.internal:9123'],
  [':9123', 'localhost:9123', 'host.docker.internal:9123'],
  ['[::]:9123', 'localhost:9123', 'host.docker.internal:9123'],
  ['127.0.0.2:9123', '127.0.0.2:9123', 'host.docker.internal:9123'],
  ['::1:9123', '[::1]:9123', 'host.docker.internal:9123'],
  ['box.lan:9123', 'box.lan:9123', 'box.lan:9123'],
  ['nonsense', 'localhost:8000', 'host.docker.internal:8000'],
  ['127.0.0.1:0', 'localhost:8000', 'host.docker.internal:8000'],
])('fills in the target of a host that serves on %s', async (address, beside, inContainer) => {
  const folder = join(temporaryFolder(), 'a', 'kit');
  await writeMonitoringKit(SOURCE, folder, address);
  // A target that only says “this machine” is called by the machine's name.
  const instance = beside.endsWith(':9123') && inContainer.startsWith('host.') ? `${hostname()}:9123` : null;
  expect(targetsOf(folder)).toEqual([only(beside, instance), only(inContainer, instance)]);
  const lists = ['prometheus.yml', 'prometheus-compose.yml'].map(
    (file) =>
      (
        parse(readFileSync(join(folder, file), 'utf8')) as {
          scrape_configs: { http_sd_configs?: { url: string }[] }[];
        }
      ).scrape_configs[1]!.http_sd_configs![0]!.url,
  );
  expect(lists).toEqual([`http://${beside}/sd`, `http://${inContainer}/sd`]);
});

it('takes the address that the add-on fell back to', () => {
  const preferences = { address: '0.0.0.0:99999' };
  const details = [
    { label: 'Requested', value: '0.0.0.0:99999' },
    { label: 'Effective', value: '0.0.0.0:8000' },
  ];
  const reason = { label: 'Reason', value: 'A port is from 1 to 65535.' };
  expect(metricsAddress({ preferences, status: null })).toBe('0.0.0.0:99999');
  expect(metricsAddress({ preferences, status: { level: 'ok', text: 'Serving', details } })).toBe('0.0.0.0:99999');
  expect(
    metricsAddress({ preferences, status: { level: 'warning', text: 'Serving', details: [...details, reason] } }),
  ).toBe('0.0.0.0:8000');
  expect(
    metricsAddress({
      preferences,
      status: { level: 'error', text: 'None', details: [{ label: 'Effective', value: 'none' }, reason] },
    }),
  ).toBe('0.0.0.0:99999');
  expect(metricsAddress({ preferences: {}, status: null })).toBeNull();
});

it('writes the kit and nothing that it is made from, and sets aside what it replaces', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'rules', 'mine.yml'), 'groups: []\n');
  writeFileSync(join(folder, 'compose.yml'), 'old');
  const files = await writeMonitoringKit(SOURCE, folder, null);
  expect(files).toContain(join('grafana', 'dashboards', 'framegauge.json'));
  for (const file of files)
    expect(readFileSync(join(folder, file), 'utf8'), file).toBe(readFileSync(join(SOURCE, file), 'utf8'));
  expect(readdirSync(folder, { recursive: true }).filter((file) => String(file).endsWith('.ts'))).toEqual([]);
  expect(readFileSync(join(folder, 'rules', 'mine.yml'), 'utf8')).toBe('groups: []\n');
  expect(readFileSync(join(folder, 'compose.yml.before'), 'utf8')).toBe('old');

  // Somebody's list of hosts is not lost when the kit is saved again, and what is the same leaves nothing behind.
  writeFileSync(join(folder, 'targets', 'framegauge.yml'), 'my hosts');
  await writeMonitoringKit(SOURCE, folder, ':9123');
  expect(readFileSync(join(folder, 'targets', 'framegauge.yml.before'), 'utf8')).toBe('my hosts');
  // Those with the address are others now.
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('.before'))
      .sort(),
  ).toEqual(['compose.yml.before', 'prometheus-compose.yml.before', 'prometheus.yml.before']);
});

it('is saved by the CLI, with the address of the preferences', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  await runCli(['prefs', 'set', 'addons.prometheus.address', 'box.lan:9123', '--data', data]);
  const saved = await runCli(['monitoring', 'save', join(folder, 'kit'), '--data', data]);
  expect(saved).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+ files are in .*kit; README\.md there/) as unknown,
  });
  expect(targetsOf(join(folder, 'kit'))).toEqual([only('box.lan:9123'), only('box.lan:9123')]);
});

it('says in one line why it cannot be saved', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const saved = await runCli(['monitoring', 'save', join(folder, 'file', 'kit'), '--data', join(folder, 'data')]);
  expect(saved.code).toBe(1);
  expect(saved.stderr).toMatch(/^The monitoring kit cannot be saved in .*: choose another folder\.\n$/);
  await expect(writeMonitoringKit(SOURCE, 'kit', null)).rejects.toThrow('name a folder with its whole path');
  expect(existsSync(resolve('kit'))).toBe(false);
});
