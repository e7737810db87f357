import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../../../src/main/engines/render-engine';
import type { JobSettings } from '../../../../src/shared/jobs';
import { paperEngine } from '../../../helpers/paper-engine';
import { type PaperQueue, makeQueue, paperJob } from '../../../helpers/paper-queue';
import { makePng } from '../../../helpers/png';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** A running queue whose images show how often it has rendered. */
async function makeRunning(): Promise<
  PaperQueue & {
    folder: string;
    image(frame: number, folder?: string): string;
    render(change?: Partial<JobSettings>): ReturnType<PaperQueue['ended']>;
    counter: { shade: number };
  }
> {
  const folder = temporaryFolder();
  const counter = { shade: 1 };
  const paper = makeQueue(
    folder,
    paperEngine(({ width, height }) => ({ bytes: makePng(width, height, counter.shade), seconds: 1 })),
  );
  await paper.queue.start();
  return {
    ...paper,
    folder,
    counter,
    image: (frame, name = 'out') => join(folder, name, `${String(frame).padStart(4, '0')}.png`),
    render: async (change) => paper.ended((await paper.queue.submit(paperJob(folder, change))).id),
  };
}

describe('images that are there when a job is taken', () => {
  it('count as its own where a job of the same content wrote them, in whatever way the output is written', async () => {
    const { render, folder, image, counter } = await makeRunning();
    await render();
    counter.shade = 2;
    expect(await render({ frames: '2-4', output: join(folder, 'out', '####') })).toMatchObject({
      state: 'completed',
      frames: { skipped: 2, done: 1 },
      warnings: [],
    });
    symlinkSync(join(folder, 'out'), join(folder, 'link'));
    expect(await render({ frames: '1-4', output: join(folder, 'link', '####.png') })).toMatchObject({
      state: 'completed',
      frames: { skipped: 4 },
    });
    expect(readFileSync(image(1))).toEqual(makePng(8, 6, 1));
    // Whoever keeps times in whole seconds has not changed them.
    utimesSync(image(1), 1_800_000_000, 1_800_000_000);
    await expect(render()).rejects.toThrow(`${image(1)} is there already: no job here rendered it. `);
  });

  it('are known as those of a job whose pattern is another, and never taken for another frame’s', async () => {
    const { render, folder } = await makeRunning();
    await render({ frames: '8-12', output: join(folder, 'out', 'a#.png') });
    expect(await render({ frames: '9-12', output: join(folder, 'out', 'a##.png') })).toMatchObject({
      state: 'completed',
      frames: { skipped: 3, done: 1 },
    });
    await expect(render({ frames: '10', samples: 64, output: join(folder, 'out', 'a##.png') })).rejects.toThrow(
      'a10.png is there already: job 1 rendered it with other settings.',
    );
    await expect(render({ frames: '2', output: join(folder, 'out', 'a1#.png') })).rejects.toThrow(
      'a12.png is there already: job 1 rendered it as its frame 12.',
    );
  });

  const others: [string, Partial<JobSettings>][] = [
    ['samples', { samples: 64 }],
    ['camera', { camera: 'Back' }],
    ['frames per second', { fps: 12 }],
    ['scene', { scene: '/other/paper.glb' }],
    ['scene within the file', { sceneName: 'Second' }],
    ['animations', { animations: ['Walk'] }],
    ['background', { transparent: true }],
    ['device', { device: 'gpu' }],
    ['engine', { renderEngine: 'cycles' }],
    ['installation', { installation: 'blender-4.2.0' }],
    ['scripts', { allowScripts: true }],
    ['start-up file', { factoryStartup: true }],
  ];
  it.each(others)(
    'are in the way where a job of another %s wrote them, which is said before it is taken',
    async (_what, change) => {
      const { render, store, image } = await makeRunning();
      await render();
      await expect(render(change)).rejects.toThrow(
        `${image(1)} is there already: job 1 rendered it with other settings. Images of 2 other frames are in the way, too. Render a new version beside them (--new-version), overwrite them (--overwrite), take them as they are (--keep-existing), or choose another output.`,
      );
      expect(store.ids()).toEqual([1]);
      expect(await render({ ...change, overwrite: true })).toMatchObject({ state: 'completed', frames: { done: 3 } });
    },
  );

  it('are in the way where nobody here wrote them, or somebody changed them since', async () => {
    const { render, image } = await makeRunning();
    await render();
    writeFileSync(image(2), makePng(8, 6, 77));
    await expect(render()).rejects.toThrow(`${image(2)} is there already: no job here rendered it. `);
    expect(readFileSync(image(2))).toEqual(makePng(8, 6, 77));
  });

  it('are taken as they are where that is asked for, with a warning', async () => {
    const { render, image, counter } = await makeRunning();
    await render();
    counter.shade = 2;
    expect(await render({ samples: 64, frames: '1-4', keepExisting: true })).toMatchObject({
      frames: { skipped: 3, done: 1 },
      warnings: [
        'The images of 3 frames were there before and were taken as they are: whether they show this scene is not known.',
      ],
    });
    expect(readFileSync(image(1))).toEqual(makePng(8, 6, 1));
  });

  it('get a new version beside them where that is asked for', async () => {
    const { render, queue, ended, folder, image } = await makeRunning();
    await render();
    const { id, settings } = await queue.submit(paperJob(folder, { samples: 64 }), { newVersion: true });
    expect(settings.output).toBe(join(folder, 'out', 'v002', '####.png'));
    await ended(id);
    const again = await queue.submit(paperJob(folder, { samples: 65 }), { newVersion: true });
    expect(again.settings.output).toBe(join(folder, 'out', 'v003', '####.png'));
    await ended(again.id);
    // Where nothing is in the way, there is no other version.
    expect((await queue.submit(paperJob(folder), { newVersion: true })).settings.output).toBe(
      join(folder, 'out', '####.png'),
    );
    expect(readFileSync(image(1))).toEqual(makePng(8, 6, 1));
  });

  it('are known for what they are by the job that wrote them last', async () => {
    const { render, image, counter } = await makeRunning();
    await render();
    counter.shade = 2;
    await render({ samples: 64, overwrite: true });
    await expect(render()).rejects.toThrow(/job 2 rendered it with other settings/);
    expect(await render({ samples: 64 })).toMatchObject({ frames: { skipped: 3 } });
    expect(readFileSync(image(1))).toEqual(makePng(8, 6, 2));
  });

  it('are found in one look at the folder, and no file is opened that needn’t be', async () => {
    const { render, folder, queue } = await makeRunning();
    mkdirSync(join(folder, 'many'));
    const first = join(folder, 'many', '00001.png');
    writeFileSync(first, makePng(8, 6));
    for (let frame = 2; frame <= 3_000; frame++)
      copyFileSync(first, join(folder, 'many', `${String(frame).padStart(5, '0')}.png`));
    const job = paperJob(folder, { frames: '1-1000000', output: join(folder, 'many', '#####.png') });
    const { conflict } = await queue.plan(job);
    expect(conflict).toMatchObject({
      frames: 3_000,
      job: null,
      sentence: expect.stringContaining('Images of 2999 other frames are in the way, too.') as unknown,
    });
    await expect(render({ ...job.settings })).rejects.toThrow(conflict!.sentence);
  });
});

describe('two jobs that wait with one output', () => {
  async function makePaused(): Promise<PaperQueue & { folder: string }> {
    const folder = temporaryFolder();
    const paper = makeQueue(folder, paperEngine(), 1, { onStart: 'paused' });
    await paper.queue.start();
    return { ...paper, folder };
  }

  it('are told of each other: the later one is refused where its images would be others', async () => {
    const { queue, folder } = await makePaused();
    await queue.submit(paperJob(folder));
    await expect(queue.submit(paperJob(folder, { samples: 64, frames: '3-7' }))).rejects.toThrow(
      /^Job 1 \(paper\), which has not ended, is going to write other images over 1 frame of this one \(.*####\.png\)\. Render a new version/,
    );
    expect((await queue.submit(paperJob(folder, { samples: 64, frames: '4-7' }))).warnings).toEqual([]);
    expect((await queue.submit(paperJob(folder))).warnings).toEqual([
      'Job 1 (paper), which has not ended, renders the same images to the same place: those that are there by then are skipped.',
    ]);
    expect((await queue.submit(paperJob(folder, { samples: 2, overwrite: true }))).warnings).toEqual([
      expect.stringContaining('they replace each other.'),
    ]);
    expect((await queue.submit(paperJob(folder, { samples: 2 }), { newVersion: true })).settings.output).toBe(
      join(folder, 'out', 'v002', '####.png'),
    );
  });

  it('are told of each other where only some of their names are the same', async () => {
    const { queue, folder } = await makePaused();
    const submit = (name: string, frames: string, change: Partial<JobSettings> = {}): ReturnType<typeof queue.submit> =>
      queue.submit(paperJob(folder, { frames, output: join(folder, 'out', name), ...change }));
    await submit('a#.png', '8-12');
    await expect(submit('a##.png', '1-12', { samples: 64 })).rejects.toThrow(
      /^Job 1 \(paper\), which has not ended, is going to write other images over 3 frames of this one/,
    );
    // Frame 2 of the one is frame 12 of the other.
    await expect(submit('a1#.png', '1-3')).rejects.toThrow(/over 2 frames of this one/);
    expect((await submit('a##.png', '1-9', { samples: 64 })).warnings).toEqual([]);
    expect((await submit('a##.png', '10-12')).warnings).toEqual([
      'Job 1 (paper), which has not ended, renders the same images to the same place: those that are there by then are skipped.',
    ]);
  });

  it('that are submitted at once, too', async () => {
    const { queue, folder } = await makePaused();
    const both = await Promise.allSettled([1, 2].map((samples) => queue.submit(paperJob(folder, { samples }))));
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const versions = await Promise.all(
      [3, 4].map((samples) => queue.submit(paperJob(folder, { samples }), { newVersion: true })),
    );
    expect(new Set(versions.map(({ settings }) => settings.output)).size).toBe(2);
  });

  it('of two scenes of one name get two folders, where nobody chose one', async () => {
    const { queue, folder } = await makePaused();
    const sceneFolder = join(folder, 'shot');
    const submit = (scene: string): ReturnType<typeof queue.submit> =>
      queue.submit(paperJob(folder, { scene, output: join(sceneFolder, '####.png') }), { sceneFolder });
    expect((await submit('/a/shot.gltf')).settings.output).toBe(join(folder, 'shot', '####.png'));
    expect((await submit('/b/shot.gltf')).settings.output).toBe(join(folder, 'shot-2', '####.png'));
    expect((await submit('/a/shot.gltf')).settings.output).toBe(join(folder, 'shot', '####.png'));
    expect((await submit('/b/shot.gltf')).settings.output).toBe(join(folder, 'shot-2', '####.png'));
  });
});

describe('what a job is made of', () => {
  /** A job of ten frames, whose scene reads a file that the test writes. */
  async function makeReading(
    onFrame: (frame: number, write: (text: string) => void) => void,
  ): Promise<PaperQueue & { folder: string; texture: string }> {
    const folder = temporaryFolder();
    const texture = join(folder, 'wood.png');
    let stamp = 0;
    const sources: SourceFile[] = [{ path: texture, bytes: 1, modifiedAt: stamp }];
    const write = (): void => void (sources[0] = { path: texture, bytes: 1, modifiedAt: ++stamp });
    const engine = Object.assign(
      paperEngine(({ frame }) => void onFrame(frame, write)),
      { sources: () => Promise.resolve([...sources]) },
    );
    const paper = makeQueue(folder, engine);
    await paper.queue.start();
    return { ...paper, folder, texture };
  }

  it('may change while a frame is rendered: that one is rendered again, and the job says what the others show', async () => {
    let changed = false;
    const { queue, ended, folder, texture, events, store } = await makeReading((frame, write) => {
      if (frame === 3 && !changed) write('');
      changed ||= frame === 3;
    });
    const { id } = await queue.submit(paperJob(folder, { frames: '1-4' }));
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      frames: { done: 4 },
      warnings: [
        `While this job was under way, ${texture} changed: images that were rendered before show what was there then. Requeue all frames for images of one kind.`,
      ],
    });
    expect(
      events
        .filter(({ name }) => name === 'render_pre')
        .map(({ frame }) => frame)
        .sort(),
    ).toEqual([1, 2, 3, 3, 4]);
    expect(store.frames.get(id, 3)).toMatchObject({ attempts: 2, state: 'done' });
    // The older ones are not taken for the scene as it is now.
    await expect(queue.submit(paperJob(folder, { frames: '1-4' }))).rejects.toThrow(
      /0001\.png is there already: job 1 rendered it from the scene as it was before\. Images of 1 other frame are in the way, too\./,
    );
    expect(await ended((await queue.submit(paperJob(folder, { frames: '3-4' }))).id)).toMatchObject({
      frames: { skipped: 2 },
    });
  });

  it('may change all the time: the frames are kept, and nobody claims to know what they show', async () => {
    const { queue, ended, folder, texture } = await makeReading((_frame, write) => write(''));
    const { id } = await queue.submit(paperJob(folder, { frames: '1' }));
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      frames: { done: 1 },
      warnings: [`${texture} keeps changing while it is rendered: nobody can tell what the images show.`],
    });
    await expect(queue.submit(paperJob(folder, { frames: '1' }))).rejects.toThrow(/is there already/);
  });

  it('has not changed where it can’t be looked at for a while', async () => {
    const folder = temporaryFolder();
    let asked = 0;
    const sources = (): Promise<SourceFile[]> =>
      ++asked % 2 === 0
        ? Promise.reject(new Error('the Blender that looked died'))
        : Promise.resolve([{ path: '/wood.png', bytes: 1, modifiedAt: 1 }]);
    const { queue, ended } = makeQueue(folder, Object.assign(paperEngine(), { sources }));
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 }, warnings: [] });
    asked = 0;
    expect(await ended((await queue.submit(paperJob(folder))).id)).toMatchObject({
      state: 'completed',
      frames: { skipped: 3 },
    });
  });

  it('may change while it waits or the host is away: a restart doesn’t mix silently', async () => {
    const folder = temporaryFolder();
    const scene = join(folder, 'paper.glb');
    writeFileSync(scene, 'one');
    const first = makeQueue(
      folder,
      paperEngine(({ frame }) => (frame === 3 ? new Promise(() => undefined) : undefined)),
    );
    await first.queue.start();
    const { id } = await first.queue.submit(paperJob(folder, { frames: '1-4' }));
    await first.seen((event) => event.name === 'render_pre' && event.frame === 3);
    await first.seen((event) => event.name === 'render_write' && event.frame === 2);
    await first.close();
    writeFileSync(scene, 'another');
    const again = makeQueue(folder, paperEngine());
    await again.queue.start();
    expect(await again.ended(id)).toMatchObject({
      state: 'completed',
      frames: { done: 4 },
      warnings: [
        'While this job was under way, the scene or a file that it reads changed: images that were rendered before show what was there then. Requeue all frames for images of one kind.',
      ],
    });
    const fresh = await again.queue.submit(paperJob(folder, { frames: '3-4' }));
    expect(await again.ended(fresh.id)).toMatchObject({ frames: { skipped: 2 }, warnings: [] });
  });
});

describe('images that come while a job renders', () => {
  it('stay, and cost it that frame only', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine(({ frame }) => {
      if (frame === 2) writeFileSync(join(folder, 'out', '0002.png'), makePng(8, 6, 77));
      return undefined;
    });
    const { queue, ended, store } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { failureShare: 0.5 }));
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 2, failed: 1 } });
    expect(store.frames.get(id, 2)).toMatchObject({
      attempts: 1,
      reason: `${join(folder, 'out', '0002.png')} is there already: no job here rendered it.`,
    });
    expect(readFileSync(join(folder, 'out', '0002.png'))).toEqual(makePng(8, 6, 77));
    await expect(queue.checkOutput(id, store.settings(id))).rejects.toThrow(/0002\.png is there already/);
    rmSync(join(folder, 'out', '0002.png'));
    await expect(queue.checkOutput(id, store.settings(id))).resolves.toMatchObject({ conflict: null });
  });

  it('that another job of the same content wrote are taken', async () => {
    const folder = temporaryFolder();
    const { queue, ended } = makeQueue(folder, paperEngine(), 2);
    const jobs = await Promise.all([1, 2].map(() => queue.submit(paperJob(folder, { frames: '1-20', workers: 1 }))));
    await queue.start();
    for (const { id } of jobs) expect(await ended(id)).toMatchObject({ state: 'completed', frames: { failed: 0 } });
  });
});

it('a job whose images were moved away with its list entry finds them again where they are', async () => {
  const { render, folder, image } = await makeRunning();
  await render();
  mkdirSync(join(folder, 'moved'));
  for (const frame of [1, 2, 3]) renameSync(image(frame), join(folder, 'moved', `000${frame}.png`));
  await expect(render({ output: join(folder, 'moved', '####.png') })).rejects.toThrow(/no job here rendered it/);
  expect(await render()).toMatchObject({ frames: { done: 3 } });
  expect(dirname(image(1))).toBe(join(folder, 'out'));
});
