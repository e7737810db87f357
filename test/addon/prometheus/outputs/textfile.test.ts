import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../helpers/free-port';
import { eventually } from '../../../helpers/eventually';
import { needs, pathOf } from '../../../helpers/needs';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { createOutputsFixture } from './fixture';

test('the file has the metrics, may be read by others, and stands alone in its folder', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'framegauge.prom');
  const f = createOutputsFixture();
  await f.set({ textfilePath: path, textfileSeconds: 1 });
  await f.until('textfile', ({ lastSuccess }) => lastSuccess !== null);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(
    '# TYPE framegauge_frames_rendered_total counter\nframegauge_frames_rendered_total{engine="gltf"} 12\n',
  );
  // node_exporter has its own of that name.
  expect(text).not.toContain('process_cpu_seconds_total');
  expect(statSync(path).mode & 0o777).toBe(0o644);
  expect(readdirSync(folder)).toEqual(['framegauge.prom']);
  expect(f.outputs.state()).toEqual([
    { output: 'textfile', target: path, errors: 0, lastSuccess: expect.any(Number), error: null },
  ]);
});

test.skipIf(process.platform === 'win32')('others may read it whatever the umask', async () => {
  const path = join(temporaryFolder(), 'framegauge.prom');
  const umask = process.umask(0o077);
  onTestFinished(() => void process.umask(umask));
  const f = createOutputsFixture();
  await f.set({ textfilePath: path });
  await f.until('textfile', ({ lastSuccess }) => lastSuccess !== null);
  expect(statSync(path).mode & 0o777).toBe(0o644);
});

test('whoever reads it while it is written sees a whole file every time', async () => {
  const path = join(temporaryFolder(), 'framegauge.prom');
  const f = createOutputsFixture();
  // The value grows with every collection, so that every writing is another file.
  let collected = 0;
  Object.defineProperty(f, 'families', {
    get: () => {
      collected++;
      return [
        {
          name: 'm',
          help: 'h',
          type: 'gauge',
          values: Array.from({ length: 3_000 }, (_, i) => ({ value: collected, labels: { i } })),
        },
      ];
    },
  });
  await f.set({ textfilePath: path, textfileSeconds: 0.001 });
  await f.until('textfile', ({ lastSuccess }) => lastSuccess !== null);
  const seen = new Set<string>();
  for (let i = 0; i < 300; i++) {
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines).toHaveLength(3_003);
    const values = new Set(lines.slice(2, -1).map((line) => line.split(' ')[1]));
    expect(values.size).toBe(1);
    seen.add([...values][0]!);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(seen.size).toBeGreaterThan(3);
});

test('a missing folder is told, counted and tried again', async () => {
  const folder = join(temporaryFolder(), 'not yet');
  const path = join(folder, 'framegauge.prom');
  const f = createOutputsFixture();
  await f.set({ textfilePath: path, textfileSeconds: 0.02 });
  const failed = await f.until('textfile', ({ errors }) => errors >= 2);
  expect(failed).toMatchObject({
    lastSuccess: null,
    error: `The text file ${path} could not be written: there is no folder ${folder}.`,
  });
  await mkdir(folder);
  const mended = await f.until('textfile', ({ error }) => error === null);
  expect(mended.errors).toBeGreaterThanOrEqual(2);
  expect(existsSync(path)).toBe(true);
  expect(f.logs).toEqual([`warn: ${failed.error}`, 'info: The text file works again.']);
});

test.each([
  ['relative.prom', 'not a whole one'],
  ['/tmp/metrics.txt', 'does not end in .prom'],
])('%s is refused', async (path, reason) => {
  const f = createOutputsFixture();
  await f.set({ textfilePath: path });
  expect(f.outputs.state()).toEqual([
    { output: 'textfile', target: path, errors: 1, lastSuccess: null, error: expect.stringContaining(reason) },
  ]);
});

test('a folder in its place is told, and left alone', async () => {
  const path = join(temporaryFolder(), 'framegauge.prom');
  await mkdir(path);
  const f = createOutputsFixture();
  await f.set({ textfilePath: path, textfileSeconds: 0.02 });
  expect((await f.until('textfile', ({ errors }) => errors > 0)).error).toContain('it is a folder');
  await f.set({ textfilePath: '' });
  expect(statSync(path).isDirectory()).toBe(true);
  expect(readdirSync(join(path, '..'))).toEqual(['framegauge.prom']);
});

test('it is removed when it is switched off, has another path, or the add-on ends; another’s file is not', async () => {
  const folder = temporaryFolder();
  const [first, second, others] = ['first.prom', 'second.prom', 'others.prom'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(others, 'others 1\n');
  const f = createOutputsFixture();
  await f.set({ textfilePath: first, textfileSeconds: 1 });
  await f.until('textfile', ({ lastSuccess }) => lastSuccess !== null);
  await f.set({ textfilePath: second });
  expect(existsSync(first)).toBe(false);
  await eventually('the second file', async () => (existsSync(second) ? true : null), 5_000);
  await f.set({ textfileSeconds: 2 });
  expect(existsSync(second)).toBe(true);
  await f.set({ textfilePath: '' });
  expect(f.outputs.state()).toEqual([]);
  expect(readdirSync(folder)).toEqual(['others.prom']);
  await f.set({ textfilePath: first });
  await eventually('the first file', async () => (existsSync(first) ? true : null), 5_000);
  await f.outputs.close();
  expect(readdirSync(folder)).toEqual(['others.prom']);
});

needs.promtool('promtool', () => {
  test('finds no fault with the file', async () => {
    const path = join(temporaryFolder(), 'framegauge.prom');
    const f = createOutputsFixture();
    await f.set({ textfilePath: path });
    await f.until('textfile', ({ lastSuccess }) => lastSuccess !== null);
    const { status, stderr } = spawnSync(pathOf('promtool'), ['check', 'metrics'], {
      input: readFileSync(path),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

needs.nodeExporter('a real node_exporter', () => {
  test('exposes the file beside its own process metrics', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const listen = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      pathOf('nodeExporter'),
      [
        '--collector.disable-defaults',
        '--collector.textfile',
        `--collector.textfile.directory=${folder}`,
        `--web.listen-address=${listen}`,
      ],
      { stdio: 'ignore' },
    );
    const ended = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const f = createOutputsFixture();
    await f.set({ textfilePath: join(folder, 'framegauge.prom') });
    const text = await eventually('the metrics', async () => {
      const response = await fetch(`http://${listen}/metrics`);
      const body = await response.text();
      return response.ok && body.includes('node_textfile_mtime_seconds{') ? body : null;
    });
    expect(text).toContain('framegauge_frames_rendered_total{engine="gltf"} 12');
    expect(text).toContain('framegauge_job_frames_remaining{job="shot 010"} 3');
    expect(text).toContain('node_textfile_scrape_error 0');
  });
});
