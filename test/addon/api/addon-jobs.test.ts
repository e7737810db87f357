import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Addon } from '../../../src/shared/addons';
import type { OperationInput, OperationName, OperationOutput } from '../../../src/shared/host-api';
import { blenderEngineAt } from '../../../src/main/engines/blender/blender-engine';
import { gltfEngine } from '../../../src/main/engines/gltf/gltf-engine';
import { type ControlHost, startControlHost } from '../../helpers/control-host';
import { flatColourEngine } from '../../helpers/flat-colour-engine/flat-colour-engine';
import { temporaryFolder } from '../../helpers/temporary-folder';

const MAIN = `
  export async function register(ctx) {
    ctx.handlers.on('render_complete', async ({ job }) => {
      const { jobs } = await ctx.jobs.list({ order: 'finished' });
      const frames = await ctx.jobs.frames(job.id);
      const image = await ctx.images.read(job.id, 2);
      const none = await ctx.images.read(job.id, 99);
      const start = String.fromCharCode(...image.bytes.subarray(1, 4));
      ctx.status({ level: 'ok', text: [jobs.length, frames.length, image.type, start, none].join(' ') });
    }, { persistent: true });
    const scripts = await ctx.jobs.submit({ scene: SCENE, allowScripts: true }).catch((error) => error.message);
    console.log(scripts);
    const job = await ctx.jobs.submit({ scene: SCENE, output: OUTPUT });
    console.log('submitted ' + job.name);
    console.log(await ctx.jobs.cancel(77).catch((error) => error.code + ': ' + error.message));
  }`;

async function call<N extends OperationName>(
  { host }: ControlHost,
  operation: N,
  input: OperationInput<N>,
): Promise<OperationOutput<N>> {
  const reply = await host.call(operation, input);
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value as OperationOutput<N>;
}

/** A host with an add-on that submits a job of three flat images. */
async function startWithAddon(permissions: object): Promise<ControlHost> {
  const folder = temporaryFolder();
  const nowhere = join(folder, 'nowhere');
  const scene = join(folder, 'film.flat');
  const colours = [200, 100, 0].map((red) => [red, 10, 20]);
  writeFileSync(scene, JSON.stringify({ width: 24, height: 16, colours }));
  const addon = join(folder, 'data', 'addons', 'submitter');
  mkdirSync(addon, { recursive: true });
  const constants = `const SCENE = ${JSON.stringify(scene)}, OUTPUT = ${JSON.stringify(join(folder, 'out', '####.png'))};`;
  writeFileSync(join(addon, 'main.mjs'), constants + MAIN);
  const about = { name: 'Submitter', tagline: 'Submits', author: 'x', license: 'MIT', category: 'Test', api: '^1' };
  writeFileSync(
    join(addon, 'addon.json'),
    JSON.stringify({ schemaVersion: 1, id: 'submitter', version: '1.0.0', main: 'main.mjs', permissions, ...about }),
  );
  return startControlHost({
    dataFolder: join(folder, 'data'),
    engines: [gltfEngine, blenderEngineAt({ env: {}, home: nowhere, root: nowhere }), flatColourEngine],
  });
}

/** Resolves with the first status of the add-on. */
function firstStatus({ host }: ControlHost): Promise<string> {
  return new Promise((resolve) => {
    const stop = host.subscribe((event) => {
      const text = event.type === 'addons' ? statusOf(event.addons) : undefined;
      if (text === undefined) return;
      stop();
      resolve(text);
    });
  });
}

function statusOf(addons: readonly Addon[]): string | undefined {
  return addons.find(({ manifest }) => manifest.id === 'submitter')?.status?.text;
}

test('an add-on submits a job, reads it and its images, and is told what is refused', async () => {
  const control = await startWithAddon({ jobs: { reason: 'It submits one.', access: 'control' } });
  const shown = firstStatus(control);
  expect(await call(control, 'addon.enable', { id: 'submitter' })).toMatchObject({ state: 'running' });
  expect(await shown).toBe('1 3 image/png PNG ');
  expect((await call(control, 'addon.log', { id: 'submitter' })).map(({ text }) => text)).toEqual([
    'An add-on cannot allow the scripts inside of a scene to run (allowScripts): only a person can.',
    'submitted film',
    'not-found: There is no job 77.',
  ]);
});

test('without the permission it does not start, and the panel says why', async () => {
  const control = await startWithAddon({});
  expect(await call(control, 'addon.enable', { id: 'submitter' })).toMatchObject({
    state: 'failed',
    reason:
      'The add-on “Submitter” may not use “job.submit”: its addon.json has to ask for the permission “jobs” with the access “control”.',
  });
  expect((await call(control, 'job.list', {})).total).toBe(0);
});
