import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { catalogue } from '../../src/addon/prometheus/catalogue/catalogue';
import { farmMetrics } from '../../src/addon/prometheus/catalogue/farm-metrics';
import type { CatalogueEntry } from '../../src/addon/prometheus/catalogue/catalogue-entry';
import { connectTo } from '../../src/main/cli/host-connection';
import { headlessChromium } from '../../src/main/engines/pages/headless-chromium';
import { type Host, startHost } from '../../src/main/host';
import { FINAL_JOB_STATES, type Job, type JobRequest } from '../../src/shared/jobs';
import { TURNTABLE } from '../helpers/cli';
import {
  type Exposition,
  KNOWN_COMPLAINTS,
  openMetricsFault,
  parseExposition,
  promtoolComplaints,
} from '../helpers/exposition';
import { freePort } from '../helpers/free-port';
import { BUILT } from '../helpers/gltf-host';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

/**
 * What a headless host that renders glTF on this machine can't show: e2e/blender.test.ts sees what Blender tells, and
 * main/farm/farm-metrics.test.ts what a farm does.
 */
const ELSEWHERE: readonly (string | undefined)[] = [
  ...farmMetrics.map(({ only }) => only),
  'the program runs as a desktop app',
  'the worker is alive and its engine reports it',
  'the output is switched on',
  'the output is switched on and has worked once',
];

interface Scene {
  readonly host: Host;
  /**
   * Runs a job to its end while scraping all the time. @param whileItWaits is done between its submission and its turn
   */
  render(request: Partial<JobRequest>, whileItWaits?: () => void): Promise<Job>;
  scrape(accept?: string): Promise<string>;
  /** Every exposition that was scraped. */
  readonly seen: Exposition[];
}

async function startScene(folder: string): Promise<Scene> {
  const host = await startHost({
    shell: 'headless',
    dataFolder: join(folder, 'data'),
    pages: headlessChromium(),
    listen: { host: '127.0.0.1', port: 0 },
    built: BUILT,
    scene: null,
  });
  onTestFinished(() => host.close());
  const connection = connectTo(host);
  const port = await freePort();
  await connection.call('preferences.set', { key: 'addons.prometheus.address', value: `127.0.0.1:${port}` });
  expect((await connection.call('addon.enable', { id: 'prometheus' })).reason).toBeNull();
  const seen: Exposition[] = [];
  async function scrape(accept = 'text/plain'): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { accept } });
    expect(response.status).toBe(200);
    const text = await response.text();
    if (accept === 'text/plain') seen.push(parseExposition(text));
    return text;
  }
  return {
    host,
    seen,
    scrape,
    async render(request, whileItWaits) {
      if (whileItWaits) await connection.call('queue.pause', { after: 'now' });
      let job = await connection.call('job.submit', {
        scene: TURNTABLE,
        width: 64,
        height: 36,
        samples: 1,
        output: join(folder, 'images', '####.png'),
        ...request,
      });
      if (whileItWaits) {
        whileItWaits();
        await connection.call('queue.resume', {});
      }
      while (!FINAL_JOB_STATES.includes(job.state)) {
        await scrape();
        job = await connection.call('job.get', { id: job.id });
      }
      await scrape();
      return job;
    },
  };
}

const familyOf = (name: string): string => (entryOf(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
const entryOf = (name: string): CatalogueEntry | undefined => catalogue.find((entry) => entry.name === name);

needs.chromium('a host that renders, skips and fails', () => {
  it('exposes every series of the catalogue, each with its labels and type, and no other', async () => {
    const folder = temporaryFolder();
    const { render, scrape, seen } = await startScene(folder);
    const began = parseExposition(await scrape());
    expect(await render({ frames: '1-16' })).toMatchObject({ state: 'completed' });
    expect(await render({ frames: '1-18' })).toMatchObject({ state: 'completed', frames: { skipped: 16, done: 2 } });
    // An image that nobody here rendered is never replaced without being told to, also where it comes while the job
    // waits.
    const other = join(folder, 'other', '0001.png');
    const failed = await render({ frames: '1-2', output: join(folder, 'other', '####.png') }, () =>
      copyFileSync(join(folder, 'images', '0001.png'), other),
    );
    expect(failed).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining(`${other} is there already`) as unknown,
    });

    // On the first scrape there are all counters that have no label of their own, and those of the engine.
    const atFirst = new Set(began.samples.map(({ name }) => familyOf(name)));
    const counters = catalogue.filter(
      ({ type, labels, only }: CatalogueEntry) =>
        type !== 'gauge' &&
        !('worker' in labels) &&
        !ELSEWHERE.includes(only) &&
        only !== 'the control server received a request',
    );
    expect(counters.map(({ name }) => name).filter((name) => !atFirst.has(name))).toEqual([]);

    const exposed = new Map<string, { type: string | undefined; labels: Set<string> }>();
    for (const { types, samples } of seen) {
      for (const { name, labels } of samples) {
        const family = familyOf(name);
        const kept = exposed.get(family) ?? { type: types.get(family), labels: new Set() };
        exposed.set(family, kept);
        kept.labels.add(
          Object.keys(labels)
            .filter((label) => label !== 'le')
            .sort()
            .join(),
        );
      }
    }
    const wanted = catalogue.filter(({ only }: CatalogueEntry) => !ELSEWHERE.includes(only)).map(({ name }) => name);
    expect(wanted.filter((name) => !exposed.has(name))).toEqual([]);
    const others = [...exposed.keys()].filter((name) => !entryOf(name));
    expect(others.filter((name) => !/^(process|nodejs)_/.test(name))).toEqual([]);
    for (const { name, type, labels } of catalogue) {
      const found = exposed.get(name);
      if (found)
        expect({ name, type: found.type, labels: [...found.labels] }).toEqual({
          name,
          type,
          labels: [Object.keys(labels).sort().join()],
        });
    }

    const last = seen.at(-1)!.samples;
    const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
      last.find(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
      )?.value;
    expect(value('Frame_Counter_total')).toBe(18);
    expect(value('Blender_Render')).toBe(0);
    expect(value('framegauge_frames_rendered_total', { engine: 'gltf' })).toBe(18);
    expect(value('framegauge_frames_skipped_total', { engine: 'gltf' })).toBe(16);
    expect(value('framegauge_frame_duration_seconds_count', { engine: 'gltf' })).toBe(18);
    expect(value('framegauge_frame_duration_seconds_bucket', { engine: 'gltf', le: '+Inf' })).toBe(18);
    expect(value('framegauge_jobs_completed_total')).toBe(2);
    expect(value('framegauge_jobs_failed_total')).toBe(1);
    expect(value('framegauge_worker_frames_total', { worker: '1' })).toBeGreaterThan(0);
    expect(value('framegauge_addon_state', { addon: 'prometheus', state: 'running' })).toBe(1);
    expect(value('framegauge_queue_remaining_seconds')).toBe(0);
    expect(
      Math.max(
        ...seen.flatMap(({ samples }) =>
          samples.filter(({ name }) => name === 'framegauge_job_progress_ratio').map((sample) => sample.value),
        ),
      ),
    ).toBeLessThanOrEqual(1);
  });

  needs.promtool('checked by promtool', () => {
    needs.pythonPrometheusClient('and by Prometheus’s client for Python', () => {
      it('has no fault in either format', async () => {
        const folder = temporaryFolder();
        const { render, scrape } = await startScene(folder);
        await render({ frames: '1-2' });
        expect(promtoolComplaints(await scrape()).filter((line) => !KNOWN_COMPLAINTS.test(line))).toEqual([]);
        const open = await scrape('application/openmetrics-text; version=1.0.0');
        expect(openMetricsFault(open)).toBe('');
        expect(openMetricsFault(open.replace('# EOF\n', ''))).toContain('EOF');
        expect(open).toMatch(
          /^framegauge_frames_rendered_total\{engine="gltf"\} 2\nframegauge_frames_rendered_created\{engine="gltf"\} \d{10}(\.\d+)?$/m,
        );
        expect(open).toMatch(
          /^framegauge_frame_duration_seconds_count\{engine="gltf"\} 2\nframegauge_frame_duration_seconds_created\{engine="gltf"\} \d{10}(\.\d+)?$/m,
        );
      });
    });
  });
});
