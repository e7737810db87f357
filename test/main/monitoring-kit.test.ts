import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { writeMonitoringKit } from '../../src/main/monitoring-kit';
import { runCli } from '../helpers/cli';
import { temporaryFolder } from '../helpers/temporary-folder';

const SOURCE = resolve(import.meta.dirname, '../../monitoring');
const targetsOf = (folder: string): string[] =>
  ['targets/framegauge.yml', 'targets/compose/framegauge.yml'].map((file) => /- ([^\s#]+:\d+)$/m.exec(readFileSync(join(folder, file), 'utf8'))![1]!);

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
  // An address in brackets begins like a list in YAML, so it stands in quotes.
  const quoted = (target: string): string => (target.startsWith('[') ? `'${target}'` : target);
  expect(targetsOf(folder)).toEqual([quoted(beside), quoted(inContainer)]);
});

it('writes the kit and nothing that it is made from, and leaves other files alone', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'rules', 'mine.yml'), 'groups: []\n');
  writeFileSync(join(folder, 'compose.yml'), 'old');
  const files = await writeMonitoringKit(SOURCE, folder, null);
  expect(files).toContain(join('grafana', 'dashboards', 'framegauge.json'));
  for (const file of files) expect(readFileSync(join(folder, file), 'utf8'), file).toBe(readFileSync(join(SOURCE, file), 'utf8'));
  expect(readdirSync(folder, { recursive: true }).filter((file) => String(file).endsWith('.ts'))).toEqual([]);
  expect(readFileSync(join(folder, 'rules', 'mine.yml'), 'utf8')).toBe('groups: []\n');
});

it('is saved by the CLI, with the address of the preferences', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  await runCli(['prefs', 'set', 'addons.prometheus.address', 'box.lan:9123', '--data', data]);
  const saved = await runCli(['monitoring', 'save', join(folder, 'kit'), '--data', data]);
  expect(saved).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ files are in .*kit; README\.md there/) as unknown });
  expect(targetsOf(join(folder, 'kit'))).toEqual(['box.lan:9123', 'box.lan:9123']);
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
