import { access, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { EngineFactory } from '../../../src/main/engines/engine-context';
import { FrameError, type Worker, type WorkerExit } from '../../../src/main/engines/render-engine';
import { UserError } from '../../../src/shared/user-error';
import { makePng } from '../png';

const colourSchema = z.tuple([z.int(), z.int(), z.int()]).describe('red, green and blue, 0 to 255');
const flatSchema = z.strictObject({
  width: z.int(),
  height: z.int(),
  colours: z.array(colourSchema).min(1),
  /** How long a frame takes, in milliseconds. */
  frameTime: z.number().default(0),
  /** Absolute path of a file without which no frame ends: one that waits for it has a file `waits` in its folder; null for none. */
  waitsFor: z.string().nullable().default(null),
  /** Whether every frame fails, as if a retry might help. */
  failing: z.boolean().default(false),
  /** An environment variable without which a machine takes every frame for hopeless; null for none. */
  wants: z.string().nullable().default(null),
});

async function readFlat(path: string): Promise<z.infer<typeof flatSchema>> {
  const parsed = flatSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new UserError(`${path} holds no list of colours: write one for each frame.`);
  return parsed.data;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * A third engine, as small as possible: a scene is a JSON file with a size and a list of colours, and frame N is an
 * image of the Nth one. It uses only the engine port, as any added engine would.
 */
export const flatColourEngine: EngineFactory = () => {
  const workers = new Set<Worker>();
  return {
    id: 'flat-colour',
    builtIn: true,
    extensions: ['.flat'],
    async inspect(path) {
      const { width, height, colours } = await readFlat(path);
      return {
        path,
        name: basename(path, extname(path)),
        engine: 'flat-colour',
        bytes: (await stat(path)).size,
        frameStart: 1,
        frameEnd: colours.length,
        frameStep: 1,
        fps: 24,
        width,
        height,
        samples: 1,
        cameras: [],
        animations: [],
        thumbnail: null,
        blender: null,
        warnings: [],
      };
    },
    async proposeJob({ engine }, scene, { outputDirectory }) {
      if (engine !== undefined && engine !== 'flat-colour')
        throw new UserError(`${scene.name} is a list of colours: leave the engine out.`, 'arguments');
      return {
        ...scene,
        sceneKind: 'Flat',
        percentage: 100,
        withoutCameras: 'colours need none, leave the camera out',
        sceneName: null,
        animations: null,
        views: () => [''],
        inSequence: false,
        format: 'png',
        formats: ['png'],
        installation: null,
        renderEngine: null,
        factoryStartup: false,
        output: () => join(outputDirectory, scene.name, '####.png'),
      };
    },
    portable: async (scene) => ({
      files: [{ path: scene, realPath: await realpath(scene) }],
      fixed: null,
      program: null,
      furtherFiles: () => [],
    }),
    warningsFor: async (_scene, { samples }) => (samples > 1 ? ['A flat colour is the same with one sample.'] : []),
    workerLimit: () => 2,
    setupOf: () => '',
    async startWorker() {
      let settle: (exit: WorkerExit) => void = () => undefined;
      const exited = new Promise<WorkerExit>((resolve) => (settle = resolve));
      const worker: Worker = {
        exited,
        usage: () => Promise.resolve(null),
        async stop() {
          workers.delete(worker);
          settle({ reason: 'stopped', message: 'The worker was stopped.' });
        },
        async render({ scene, frame, width, height, folder }, _onProgress, signal) {
          const { colours, frameTime, waitsFor, failing, wants } = await readFlat(scene);
          if (failing) throw new FrameError('The paint has run out.', false);
          if (wants !== null && !process.env[wants])
            throw new FrameError(`There is no ${wants} here.`, true, 'render', [], 'device');
          const colour = colours[frame - 1];
          if (!colour) throw new FrameError(`There is no colour for frame ${frame}.`, true, 'render', [], 'scene');
          const pause = (milliseconds: number): Promise<void> =>
            delay(milliseconds, undefined, { signal }).catch(() => {
              throw new FrameError('given up', false);
            });
          if (frameTime > 0) await pause(frameTime);
          if (waitsFor !== null) {
            await writeFile(join(folder, 'waits'), '');
            while (!(await isThere(waitsFor))) await pause(20);
          }
          const path = join(folder, 'image.png');
          await writeFile(path, makePng(width, height, colour));
          return { files: [{ path, target: { view: '' } }], seconds: 0.001, peakBytes: null, warnings: [], log: [] };
        },
      };
      workers.add(worker);
      return worker;
    },
    list: () =>
      Promise.resolve([
        {
          id: 'flat-colour',
          engine: 'flat-colour',
          name: 'Flat colours',
          version: null,
          path: null,
          source: 'built-in',
          problem: null,
          default: true,
        },
      ]),
    async close() {
      await Promise.all([...workers].map((worker) => worker.stop()));
    },
  };
};
