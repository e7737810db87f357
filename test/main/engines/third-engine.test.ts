import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { blenderEngineAt } from '../../../src/main/engines/blender/blender-engine';
import { gltfEngine } from '../../../src/main/engines/gltf/gltf-engine';
import type { HostState, OperationOutput } from '../../../src/shared/host-api';
import type { Job } from '../../../src/shared/jobs';
import { TURNTABLE } from '../../helpers/cli';
import { type ControlHost, startControlHost } from '../../helpers/control-host';
import { decodePng } from '../../helpers/decode-png';
import { flatColourEngine } from '../../helpers/flat-colour-engine/flat-colour-engine';
import { temporaryFolder } from '../../helpers/temporary-folder';

const RED = [200, 10, 20] as const;
const GREEN = [30, 190, 40] as const;
const BLUE = [50, 60, 180] as const;

/** A host with a third engine among its own, which differ from it by a line in the list of them. */
async function startWithThree(dataFolder: string): Promise<ControlHost> {
  const nowhere = join(dataFolder, 'nowhere');
  return startControlHost({
    dataFolder,
    engines: [gltfEngine, blenderEngineAt({ env: {}, home: nowhere, root: nowhere }), flatColourEngine],
  });
}

function writeScene(folder: string): string {
  const scene = join(folder, 'film.flat');
  writeFileSync(scene, JSON.stringify({ width: 24, height: 16, colours: [RED, GREEN, BLUE] }));
  return scene;
}

/** The job once it has ended. */
async function ended({ host }: ControlHost, id: number): Promise<Job> {
  const job = await new Promise<Job>((resolve) => {
    const stop = host.subscribe((event) => {
      if (event.type === 'job' && event.job.id === id && event.job.finishedAt !== null) {
        stop();
        resolve(event.job);
      }
    });
    void host.call('job.get', { id }).then((reply) => {
      if (reply.ok && (reply.value as Job).finishedAt !== null) resolve(reply.value as Job);
    });
  });
  return job;
}

/** The colour that every pixel of an image has. */
function colourOf(bytes: Uint8Array): number[] {
  const { width, height, at } = decodePng(bytes);
  const [first, last] = [at(0, 0), at(width - 1, height - 1)];
  expect({ width, height, last }).toEqual({ width: 24, height: 16, last: first });
  return first.slice(0, 3);
}

it('opens, plans, renders and shows scenes of an engine that it gets as one more', async () => {
  const folder = temporaryFolder();
  const scene = writeScene(folder);
  const control = await startWithThree(join(folder, 'data'));
  const { host, ask } = control;

  expect(await host.call('scene.open', { path: scene })).toMatchObject({
    ok: true,
    value: { engine: 'flat-colour', frameEnd: 3, width: 24 },
  });
  const state = await host.call('host.state', {});
  expect(state.ok && (state.value as HostState).scene?.path).toBe(scene);
  const engines = (await ask('GET', '/api/v1/engines')).json;
  expect(engines).toContainEqual(expect.objectContaining({ id: 'flat-colour', engine: 'flat-colour' }));
  const listed = await host.call('files.list', { folder });
  expect(listed.ok && (listed.value as OperationOutput<'files.list'>).entries.map(({ name }) => name)).toEqual([
    'data',
    'film.flat',
  ]);

  const output = join(folder, 'images', '####.png');
  const body = { scene, output, samples: 2 };
  expect((await ask('POST', '/api/v1/jobs/plan', { body })).json).toMatchObject({
    conflict: null,
    settings: { frames: '1-3', width: 24, height: 16, samples: 2, format: 'png' },
  });
  const taken = await ask('POST', '/api/v1/jobs', { body });
  expect(taken).toMatchObject({ status: 201, json: { engine: 'flat-colour' } });
  const { id } = taken.json as Job;
  expect(await ended(control, id)).toMatchObject({
    state: 'completed',
    frames: { total: 3, done: 3 },
    warnings: ['A flat colour is the same with one sample.'],
  });
  const written = [1, 2, 3].map((frame) => readFileSync(join(folder, 'images', `000${frame}.png`)));
  expect(written.map(colourOf)).toEqual([[...RED], [...GREEN], [...BLUE]]);
  const shown = await fetch(`${host.url}/api/v1/jobs/${id}/frames/2/image`, {
    headers: { authorization: `Bearer ${control.tokens.read}` },
  });
  expect(colourOf(new Uint8Array(await shown.arrayBuffer()))).toEqual([...GREEN]);
  expect((await ask('POST', '/api/v1/jobs/plan', { body: { ...body, format: 'exr' } })).text).toContain(
    'Flat scenes are rendered to PNG: leave the format OpenEXR out.',
  );
});

it('keeps its jobs over a restart, and its own engines beside it', async () => {
  const folder = temporaryFolder();
  const dataFolder = join(folder, 'data');
  const first = await startWithThree(dataFolder);
  await first.ask('POST', '/api/v1/queue/pause', { body: {} });
  const body = { scene: writeScene(folder), output: join(folder, 'images', '####.png') };
  const { id } = (await first.ask('POST', '/api/v1/jobs', { body })).json as Job;
  expect(await first.host.call('scene.inspect', { path: TURNTABLE })).toMatchObject({ value: { engine: 'gltf' } });
  await first.host.close();

  const second = await startWithThree(dataFolder);
  onTestFinished(() => second.host.close());
  expect((await second.ask('GET', '/api/v1/state')).json).toMatchObject({ notices: [] });
  await second.ask('POST', '/api/v1/queue/resume', { body: {} });
  expect(await ended(second, id)).toMatchObject({ engine: 'flat-colour', state: 'completed' });
});
