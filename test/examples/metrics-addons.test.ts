import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AppSnapshot } from '../../src/addon/api/context';
import { createUnpacker } from '../../src/addon/api/metrics/packed-families';
import { writeExposition } from '../../src/addon/api/metrics/exposition';
import { eventually } from '../helpers/eventually';
import { EMPTY_SNAPSHOT } from '../helpers/empty-snapshot';
import { needs } from '../helpers/needs';
import { createFixture, type Fixture } from '../main/addons/fixture';

const EXAMPLES = join(import.meta.dirname, '../../examples/addons');

let fixture: Fixture;
afterEach(() => fixture.close());

async function start(id: string, options: Parameters<typeof createFixture>[1] = {}): Promise<void> {
  fixture = await createFixture({}, { userFolder: EXAMPLES, ...options });
  const { state, reason } = await fixture.manager.enable(id);
  expect([state, reason]).toEqual(['running', null]);
}

/** The sample lines of every add-on's metrics, as a scrape has them. */
async function lines(format: 'text' | 'openmetrics' = 'text'): Promise<string[]> {
  const { addons } = await fixture.manager.collectFamilies('prometheus');
  const families = addons.flatMap(({ addonId, packed }) =>
    createUnpacker().unpack(addonId, packed, {
      foreign: true,
      report: (name, problem) => expect.fail(`${name}: ${problem}`),
    }),
  );
  return writeExposition(families, format).toString().split('\n');
}

it('the studio’s board has a namespace, and a registry that is read by itself', async () => {
  await start('studio-board');
  fixture.emit('render_init');
  fixture.emit('render_write', { frame: 7, engine: 'gltf' });
  fixture.emit('frame_failed');
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'studio_frames_total{engine="gltf"} 1',
      'studio_failures_total 1',
      'studio_board_build_info{version="1.0.0"} 1',
      'studio_board_state{studio_board_state="trouble"} 1',
      'studio_board_state{studio_board_state="rendering"} 0',
    ]),
  );
  expect(await lines('openmetrics')).toEqual(
    expect.arrayContaining(['# TYPE studio_board_build info', '# TYPE studio_board_state stateset']),
  );
  expect((await lines()).join()).not.toContain('board_last_frame');
  fixture.emit('queue_idle');
  await fixture.logged('studio-board', 'board_last_frame 7');
  const [own] = fixture.log('studio-board').filter((text) => text.includes('board_last_frame'));
  expect(own).toContain('studio_frames_total{engine="gltf"} 1');
  expect(own).toContain('studio_board_state{studio_board_state="idle"} 1');
  expect(own).not.toContain('studio_failures_total');
});

it('the worker exporter has each worker’s state, memory and restarts with their reasons', async () => {
  await start('worker-exporter');
  const worker: AppSnapshot['workers'][number] = {
    slot: 1,
    engine: 'blender',
    state: 'rendering',
    scene: null,
    jobId: 1,
    frame: 2,
    framesDone: 3,
    startedAt: 0,
    residentBytes: 5_000,
    peakBytes: null,
  };
  const slot = {
    frames: 3,
    busySeconds: 1,
    errors: 0,
    restarts: { exit: 0, crash: 2, timeout: 1, memory: 0, scene: 0 },
    cpuSeconds: 1,
  };
  fixture.snapshot = {
    ...EMPTY_SNAPSHOT,
    workers: [worker, { ...worker, slot: 2, engine: 'gltf', state: 'idle', residentBytes: null }],
    totals: { ...EMPTY_SNAPSHOT.totals, slots: { '1': slot } },
  };
  const exposed = await lines('openmetrics');
  expect(exposed).toEqual(
    expect.arrayContaining([
      '# TYPE farm_worker_state stateset',
      'farm_worker_state{worker="1",engine="blender",farm_worker_state="rendering"} 1',
      'farm_worker_state{worker="1",engine="blender",farm_worker_state="idle"} 0',
      'farm_worker_state{worker="2",engine="gltf",farm_worker_state="idle"} 1',
      '# UNIT farm_worker_memory_bytes bytes',
      'farm_worker_memory_bytes{worker="1"} 5000',
      'farm_worker_restarts_total{worker="1",reason="crash"} 2',
      'farm_worker_restarts_total{worker="1",reason="timeout"} 1',
    ]),
  );
  expect(exposed.join()).not.toContain('farm_worker_memory_bytes{worker="2"}');
});

function renderCrew(sandbox: boolean): void {
  it('is one set of metrics of processes that ended and a thread that runs', async () => {
    await start('render-crew', { sandbox });
    for (const [frame, seconds] of [
      [1, 5],
      [2, 9],
      [3, 7],
    ] as const)
      fixture.emit('render_write', { frame, seconds });
    const expected = [
      'crew_started_total 3',
      'crew_frames_total{parity="odd"} 2',
      'crew_frames_total{parity="even"} 1',
      'crew_seconds_count 3',
      'crew_failures_total 0',
      'crew_longest_frame_seconds 9',
      'crew_last_frame_seconds 7',
      // Only the add-on's own process is left, which has none: the others have ended.
      'crew_memory_bytes 0',
    ];
    await eventually('the sums', async () => {
      const exposed = await lines();
      return expected.every((line) => exposed.includes(line)) ? true : null;
    });
  });
}

describe('the render crew', () => renderCrew(false));
needs.bubblewrap('the render crew in the sandbox', () => renderCrew(true));
