import { spawn } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBlenderEngine } from '../../src/main/engines/blender/blender-engine';
import { startBlender } from '../../src/main/engines/blender/blender-process';
import { startBlenderWorker } from '../../src/main/engines/blender/blender-worker';
import { readExr } from '../../src/main/images/exr-header';
import { exrPicture } from '../../src/main/images/exr-pixels';
import { sourceOf } from '../../src/main/images/image-source';
import { decodePixels } from '../../src/main/images/pixels';
import type { RenderEngine, Worker } from '../../src/main/engines/render-engine';
import { renderFrame } from '../../src/main/jobs/output/frame-output';
import { imageOf, previewOf } from '../../src/main/jobs/output/image-path';
import { imageVerifier } from '../helpers/image-verifier';
import { parseFrameRange } from '../../src/shared/frame-range';
import type { JobSettings } from '../../src/shared/jobs';
import type { SceneInfo } from '../../src/shared/scene';
import { eachBlender, pathOf } from '../helpers/needs';
import { USUAL } from '../helpers/render-frame';
import { planBlendJob } from '../helpers/plan-job';
import { temporaryFolder } from '../helpers/temporary-folder';
import script from './same-picture-scenes.py?raw';

/** Scenes, and the Blender version from which on there is such a thing. */
const SCENES = new Map(
  [...script.matchAll(/^@scene_of(?:\((\d+), (\d+)\))?\ndef (\w+)/gm)].map(
    ([, major, minor, name]) => [name!, major ? [Number(major), Number(minor)] : [0, 0]] as const,
  ),
);

/** Physics that nobody baked. */
const IN_SEQUENCE = new Set([
  'particles',
  'cloth',
  'cloth_switched_on',
  'composited_cloth',
  'strip_of_composited_cloth',
  'soft_body',
  'rigid_body',
  'rigid_body_in_steps',
  'dynamic_paint',
  'cloth_by_geometry_nodes',
  'simulation_nodes',
]);

/** Scenes of the file that are rendered in place of its active one. */
const OTHER_SCENES: Readonly<Record<string, string>> = { another_scene: 'Second' };

/** Everything that lies in a scene's folder after it was rendered, beside what was there before, by path. */
type Files = ReadonlyMap<string, Buffer>;

/**
 * Of mean and of the worst pixel, as shares of white: Cycles adds its samples up in the order in which its threads
 * come.
 */
const NOISE = { mean: 0.002, worst: 0.06 } as const;

eachBlender('what is rendered here is what Blender itself renders', () => {
  let folder: string;
  let engine: RenderEngine;
  let workers: Worker[];
  const made = new Set<string>();
  const infos = new Map<string, SceneInfo>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'framegauge-same-'));
    const scenes = join(folder, 'ours');
    mkdirSync(scenes);
    const making = await startBlender({
      executable: pathOf('blender'),
      factoryStartup: true,
      allowScripts: true,
      script,
      scriptArguments: [scenes],
    });
    const { code } = await making.ended;
    for (const name of readdirSync(scenes)) made.add(name);
    if (code !== 0) throw new Error(`Blender could not make the scenes (${code}):\n${making.log().join('\n')}`);
    await making.close();
    cpSync(scenes, join(folder, 'theirs'), { recursive: true });
    engine = createBlenderEngine({ registered: () => pathOf('blender'), startWorker: startBlenderWorker });
    const start = { executable: pathOf('blender'), factoryStartup: true, allowScripts: true };
    workers = await Promise.all([startBlenderWorker(start), startBlenderWorker(start)]);
    // One Blender for all of them, as where a job is being set up: to start one for each costs more than the pictures.
    const scene = join(scenes, 'plain', 'plain.blend');
    await engine.prepare?.({ scene, engine: 'blender', factoryStartup: true, allowScripts: false });
    const look = async (): Promise<void> => {
      for (const name of made) infos.set(name, await engine.inspect(join(scenes, name, `${name}.blend`)));
    };
    await Promise.all([renderTheirs(join(folder, 'theirs'), [...made]), look()]);
  });

  afterAll(async () => {
    await Promise.all(workers?.map((worker) => worker.stop()) ?? []);
    await engine?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes every scene that there can be', () => {
    const version = (process.env['FRAMEGAUGE_TEST_BLENDERS'] ?? '') && made.size;
    expect(version).toBeGreaterThan(0);
  });

  it.each([...SCENES.keys()])('%s', async (name) => {
    if (!made.has(name)) return;
    const scene = join(folder, 'ours', name, `${name}.blend`);
    const given = filesIn(dirname(scene));
    const theirs = new Map(
      [...filesIn(join(folder, 'theirs', name))].filter(
        ([path]) => !given.has(path) && !path.startsWith('blendcache_'),
      ),
    );
    expect(theirs.size).toBeGreaterThan(1);

    const settings = planBlendJob(
      { scene, allowScripts: true, ...(OTHER_SCENES[name] && { sceneName: OTHER_SCENES[name] }) },
      infos.get(name)!,
      join(folder, 'nowhere'),
      { installations: await engine.list() },
    );
    expect(settings.workers).toBe(IN_SEQUENCE.has(name) ? 1 : null);
    const frames = parseFrameRange(settings.frames);
    const half = Math.ceil(frames.length / 2);
    // What depends on the frames before it is rendered in sequence, unless a worker is lost on the way.
    const shares = settings.workers === 1 ? [frames.slice(0, half), frames.slice(half)] : [frames, frames.toReversed()];
    const ours = await Promise.all(
      shares.map((share, number) => renderOurs(workers[number]!, settings, share, number)),
    );
    if (settings.workers === 1) {
      await expectSame(new Map(ours.flatMap((files) => [...files])), theirs);
      // Frames on the way to another write nothing.
      const written = [...filesIn(dirname(scene)).keys()].filter((path) => !given.has(path));
      expect(written.filter((path) => !/^(\.\{frame\}#|blendcache_)/.test(path))).toEqual([]);
    } else for (const files of ours) await expectSame(files, theirs);
  });

  it('a simulation goes through the frames of a job that the scene has not, whichever worker renders them', async () => {
    // The scene has frames 1, 4 and 7.
    const name = 'rigid_body_in_steps';
    const scene = join(folder, 'ours', name, `${name}.blend`);
    const settings = planBlendJob({ scene, frames: '-2-7' }, infos.get(name)!, join(folder, 'nowhere'), {
      installations: await engine.list(),
    });
    const all = await renderOurs(workers[0]!, settings, parseFrameRange(settings.frames), 0);
    const late = new Map([...all].slice(-2));
    await expectSame(await renderOurs(workers[1]!, settings, [6, 7], 1), late);
    await expectSame(await renderOurs(workers[0]!, settings, [6, 7], 0), late);
  });
});

async function renderTheirs(folder: string, names: readonly string[]): Promise<void> {
  const log = join(folder, 'log.txt');
  const output = openSync(log, 'w');
  const child = spawn(
    pathOf('blender'),
    [
      '--background',
      '--factory-startup',
      '--enable-autoexec',
      ...names.flatMap((name) => [
        join(folder, name, `${name}.blend`),
        ...(OTHER_SCENES[name] ? ['--scene', OTHER_SCENES[name]] : []),
        '--render-anim',
      ]),
    ],
    { stdio: ['ignore', output, output], cwd: folder },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  closeSync(output);
  if (code !== 0)
    throw new Error(
      `Blender could not render the scenes (${code}):\n${readFileSync(log, 'utf8').split('\n').slice(-40).join('\n')}`,
    );
}

/** Renders frames with the worker as the queue does, and tells what would lie where. */
async function renderOurs(
  worker: Worker,
  settings: JobSettings,
  frames: readonly number[],
  number: number,
): Promise<Files> {
  const files = new Map<string, Buffer>();
  const home = dirname(settings.scene);
  const { width, height, format } = settings;
  for (const frame of frames) {
    // A name with all that a path may hold and Blender takes for something else.
    const folder = mkdtempSync(join(home, `.{frame}#${number}-`));
    const rendered = await renderFrame(
      { host: null, jobId: 1, frame, lease: USUAL.lease, settings },
      folder,
      worker,
      () => undefined,
      new AbortController().signal,
    );
    // Scripts that fail are told of there.
    expect(rendered.warnings).toEqual([]);
    const views = rendered.files.flatMap(({ target }) => ('view' in target ? [target.view] : []));
    expect(views.toSorted()).toEqual(settings.views.toSorted());
    for (const { path, target, size = { width, height } } of rendered.files) {
      if ('view' in target) await imageVerifier.verify(path, format, size.width, size.height);
      files.set(
        relative(
          home,
          'file' in target
            ? target.file
            : 'view' in target
              ? imageOf(settings, frame, target.view)
              : previewOf(settings, frame, target.previewOf),
        ),
        readFileSync(path),
      );
    }
  }
  return files;
}

function filesIn(folder: string): Files {
  const files = new Map<string, Buffer>();
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files.set(name, readFileSync(path));
  }
  return files;
}

async function expectSame(ours: Files, theirs: Files): Promise<void> {
  expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
  for (const [path, bytes] of theirs) {
    const own = ours.get(path)!;
    if (own.equals(bytes)) continue;
    const [a, b] = await Promise.all([valuesOf(path, own), valuesOf(path, bytes)]);
    expect(a.shape, path).toEqual(b.shape);
    let sum = 0;
    let worst = 0;
    for (let i = 0; i < b.values.length; i++) {
      const difference = Math.abs(a.values[i]! - b.values[i]!) / b.white;
      sum += difference;
      worst = Math.max(worst, difference);
    }
    expect({ path, mean: sum / b.values.length, worst }, path).toSatisfy(
      ({ mean }: { mean: number }) => mean <= NOISE.mean && worst <= NOISE.worst,
    );
  }
}

async function valuesOf(
  path: string,
  bytes: Buffer,
): Promise<{ readonly shape: unknown; readonly values: ArrayLike<number>; readonly white: number }> {
  if (!path.endsWith('.exr')) {
    const copy = join(temporaryFolder(), 'image');
    writeFileSync(copy, bytes);
    const { width, height, channels, samples, white } = await decodePixels(copy);
    return { shape: [width, height, channels], values: samples, white };
  }
  const picture = await exrPicture(sourceOf(bytes));
  const values: number[] = [];
  for await (const { samples } of picture!.rows()) values.push(...samples);
  return { shape: [(await readExr(sourceOf(bytes))).parts, picture!.size], values, white: 1 };
}
