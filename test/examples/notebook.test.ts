import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { TURNTABLE, runCli } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { startMeteredHost } from '../helpers/metered-host';
import { needs, pathOf } from '../helpers/needs';
import { startPrometheus } from '../helpers/prometheus';
import { temporaryFolder } from '../helpers/temporary-folder';

const NOTEBOOK = resolve(import.meta.dirname, '../../examples/notebooks/frame-times.ipynb');

interface Output {
  readonly text?: string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

needs.nbconvert('the notebook', () => {
  needs.prometheus('with a Prometheus', () => {
    needs.chromium('that has seen a render', () => {
      it('draws frames per minute and frame times', async () => {
        const folder = temporaryFolder();
        const host = await startMeteredHost(folder);
        const prometheus = await startPrometheus(folder, host.address);
        await eventually('the first scrape', () => prometheus.query('sum(up)'));
        const rendered = await runCli([
          'render',
          TURNTABLE,
          ...'--frames 1-12 --size 64x64 --samples 1'.split(' '),
          '--output',
          join(folder, 'out', '####'),
          '--data',
          host.data,
        ]);
        expect(rendered.code, rendered.stderr).toBe(0);
        await eventually('every frame in Prometheus', async () =>
          (await prometheus.query('sum(framegauge_frames_rendered_total)')) === 12 ? true : null,
        );
        await promisify(execFile)(
          pathOf('nbconvert'),
          ['-m', 'nbconvert', '--to', 'notebook', '--execute', NOTEBOOK, '--output-dir', folder, '--output', 'run'],
          {
            env: {
              ...process.env,
              PROMETHEUS: prometheus.url,
              MINUTES: '3',
              STEP: '2',
              HOME: folder,
              MPLCONFIGDIR: folder,
            },
            maxBuffer: 16 * 1024 * 1024,
          },
        );
        const { cells } = JSON.parse(readFileSync(join(folder, 'run.ipynb'), 'utf8')) as {
          cells: { outputs?: Output[] }[];
        };
        const outputs = cells.flatMap((cell) => cell.outputs ?? []);
        expect(outputs.filter(({ data }) => data?.['image/png'] !== undefined)).toHaveLength(2);
        const printed = outputs.map(({ text = [] }) => text.join('')).join('');
        expect(Number(/highest: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0);
        expect(printed).toContain('curves: 2');
      });
    });
  });
});
