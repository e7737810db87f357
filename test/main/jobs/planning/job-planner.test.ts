import { join } from 'node:path';
import { homedir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createEngineRegistry } from '../../../../src/main/engines/engine-registry';
import { type JobPlanner, createJobPlanner } from '../../../../src/main/jobs/planning/job-planner';
import type { JobRequest } from '../../../../src/shared/jobs';
import type { SceneInfo } from '../../../../src/shared/scene';
import { flatColourEngine } from '../../../helpers/flat-colour-engine/flat-colour-engine';
import { temporaryFolder } from '../../../helpers/temporary-folder';

interface Planned {
  readonly planner: JobPlanner;
  readonly folder: string;
  readonly scene: string;
  readonly prepared: JobRequest[];
  /** Paths of the scenes that the engine has read. */
  readonly read: string[];
  readonly inspected: SceneInfo[];
  idle: boolean;
}

/** A planner over the smallest engine, with a scene of two frames. */
function makePlanner(): Planned {
  const folder = temporaryFolder();
  const scene = join(folder, 'film.flat');
  writeFileSync(
    scene,
    JSON.stringify({
      width: 8,
      height: 6,
      colours: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    }),
  );
  const preferences = {
    'queue.attempts': 5,
    'queue.failureShare': 20,
    'render.workers': 2,
    'farm.start': false,
    'farm.redis': '',
  };
  const engine = flatColourEngine({} as never);
  const planned: Planned = {
    folder,
    scene,
    prepared: [],
    read: [],
    inspected: [],
    idle: true,
    planner: createJobPlanner({
      engines: createEngineRegistry([
        {
          ...engine,
          prepare: async (request) => void planned.prepared.push(request),
          inspect(path) {
            planned.read.push(path);
            return engine.inspect(path);
          },
        },
      ]),
      preferences: { host: () => preferences, outputDirectory: () => join(folder, 'images') },
      uploads: join(folder, 'uploads'),
      idle: () => planned.idle,
      onInspected: (info) => planned.inspected.push(info),
    }),
  };
  return planned;
}

it('decides what a request leaves open with the engine and the preferences', async () => {
  const { planner, scene, folder, inspected } = makePlanner();
  const job = await planner.plan({ scene: `"${scene}"` });
  expect(job).toEqual({
    name: 'film',
    engine: 'flat-colour',
    settings: expect.objectContaining({
      scene,
      frames: '1-2',
      width: 8,
      height: 6,
      attempts: 5,
      failureShare: 0.2,
      output: join(folder, 'images', 'film', '####.png'),
    }),
    warnings: [],
    sceneFolder: join(folder, 'images', 'film'),
  });
  expect(inspected).toMatchObject([{ path: scene }]);
});

it('takes an output as it was pasted, and refuses one of another machine', async () => {
  const { planner, scene, folder } = makePlanner();
  const planned = async (output: string) => (await planner.plan({ scene, output })).settings.output;
  expect(await planned(`"${join(folder, 'my out', '##.png')}"`)).toBe(join(folder, 'my out', '##.png'));
  expect(await planned(`${pathToFileURL(folder).href}/my%20out/##.png`)).toBe(join(folder, 'my out', '##.png'));
  expect(await planned('~/out/##.png')).toBe(join(homedir(), 'out', '##.png'));
  await expect(planned('file://nas/out/##.png')).rejects.toThrow('no file of this machine');
});

it('lets the request go before the preferences, and tells what both warn of', async () => {
  const { planner, scene, folder } = makePlanner();
  const output = join(folder, 'out', '##.png');
  const { settings, warnings, sceneFolder } = await planner.plan({
    scene,
    attempts: 1,
    samples: 9,
    workers: 4,
    output,
  });
  expect({ settings, sceneFolder }).toMatchObject({ settings: { attempts: 1, samples: 9, output }, sceneFolder: null });
  expect(warnings).toEqual([
    'A flat colour is the same with one sample.',
    expect.stringContaining('asks for 4 workers and gets 2 at most'),
  ]);
});

it('reads the scene of the next job ahead, and lets its engine start, unless something is being rendered', async () => {
  const planned = makePlanner();
  const { planner, scene, prepared, read } = planned;
  await planner.prepare({ scene: `"${scene}"` });
  expect({ prepared, read }).toEqual({ prepared: [{ scene }], read: [scene] });
  await planner.plan({ scene });
  expect(prepared).toHaveLength(2);
  planned.idle = false;
  await planner.prepare({ scene });
  await planner.plan({ scene });
  expect(prepared).toHaveLength(2);
  expect(read).toHaveLength(4);
});

it('leaves what is wrong with the next job to its planning', async () => {
  const { planner, folder } = makePlanner();
  const request = { scene: join(folder, 'away.json') };
  await planner.prepare(request);
  await expect(planner.plan(request)).rejects.toThrow('away.json');
});

it('refuses what the engine or the scene has not', async () => {
  const { planner, scene, folder } = makePlanner();
  await expect(planner.plan({ scene, engine: 'oil' })).rejects.toThrow(
    'film is a list of colours: leave the engine out.',
  );
  await expect(planner.plan({ scene, camera: 'Front' })).rejects.toThrow(
    'film has no camera “Front”: colours need none, leave the camera out.',
  );
  await expect(planner.plan({ scene: join(folder, 'film.txt') })).rejects.toThrow('a scene ends with');
});
