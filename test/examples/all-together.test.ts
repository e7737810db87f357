import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { Addon } from '../../src/shared/addons';
import { runCli, TURNTABLE } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { startMeteredHost } from '../helpers/metered-host';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

const EXAMPLES = resolve(import.meta.dirname, '../../examples/addons');
const ids = readdirSync(EXAMPLES);

/** What each example adds to a scrape once three frames were written; the others add none. */
const METRICS: Readonly<Record<string, RegExp>> = {
  'frame-log': /^frame_log_frames_total\{.*\} 3$/m,
  'render-crew': /^crew_frames_total\{parity="odd"\} 2$/m,
  'rest-example': /^# TYPE rest_example_numbers_total counter$/m,
  'studio-board': /^studio_frames_total\{engine="gltf"\} 3$/m,
  'worker-exporter': /^farm_worker_restarts_total\{worker="1",reason="crash"\} 0$/m,
};

needs.chromium('every example in one host', () => {
  it('does its work beside the others, and leaves nothing when it is disabled', async () => {
    const folder = temporaryFolder();
    const { data, address } = await startMeteredHost(folder);
    const scrape = async (): Promise<string> => (await fetch(`http://${address}/metrics`)).text();
    for (const id of ids) {
      const installed = await runCli(['addons', 'install', join(EXAMPLES, id), '--data', data]);
      expect(installed.code, installed.stderr).toBe(0);
      const enabled = await runCli(['addons', 'enable', id, '--data', data]);
      expect(enabled.code, enabled.stderr).toBe(0);
    }
    const states = async (): Promise<(string | null)[][]> => {
      const { stdout } = await runCli(['addons', 'list', '--json', '--data', data]);
      const list = JSON.parse(stdout) as Addon[];
      return list.flatMap(({ manifest: { id }, state, reason }) => (ids.includes(id) ? [[id, state, reason]] : []));
    };
    expect(await states()).toEqual(ids.map((id) => [id, 'running', null]));

    const output = join(folder, 'out', '####.png');
    const words = ['--frames', '1-3', '--size', '32x18', '--samples', '1', '--output', output, '--data', data];
    const rendered = await runCli(['render', TURNTABLE, ...words]);
    expect(rendered.code, rendered.stderr).toBe(0);
    expect(readdirSync(join(folder, 'out'))).toEqual(['0001.png', '0002.png', '0003.png']);
    for (const [id, pattern] of Object.entries(METRICS))
      await eventually(`the metrics of ${id}`, async () => (pattern.test(await scrape()) ? true : null));
    const log = readFileSync(join(data, 'logs', 'host.log'), 'utf8');
    for (const frame of [1, 2, 3]) expect(log).toContain(`Frame ${frame} is`);
    const run = await runCli(['run', 'operator-example.slow-frames', '--job', '1', '--factor', '100', '--data', data]);
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('No frame of job 1 is slow')]);
    expect(Object.keys(METRICS).concat('one-by-one', 'operator-example').toSorted()).toEqual(ids.toSorted());

    for (const id of ids) {
      const disabled = await runCli(['addons', 'disable', id, '--data', data]);
      expect(disabled.code, disabled.stderr).toBe(0);
    }
    const left = await scrape();
    for (const [id, pattern] of Object.entries(METRICS)) expect(left, id).not.toMatch(pattern);
    expect(await states()).toEqual(ids.map((id) => [id, 'off', null]));
  });
});
