import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VIDEO_METRICS } from '../../../src/addon/video/catalogue';
import { createAddonOffers } from '../../../src/main/addons/offers/addon-offers';
import type { OperatorRegistry } from '../../../src/main/addons/offers/operator-registry';
import type { Frame, Job } from '../../../src/shared/jobs';
import { eventually } from '../../helpers/eventually';
import { needs, pathOf } from '../../helpers/needs';
import { sampleFrame, sampleJob } from '../../helpers/samples';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { createFixture, type Fixture } from '../../main/addons/fixture';

type Preferences = Record<string, string | number | boolean>;

interface Setup {
  readonly f: Fixture;
  readonly operators: OperatorRegistry;
  readonly folder: string;
  /** The folders of jobs, which may change. */
  readonly output: string[];
  /** Settles with the path of the next video. */
  made(name: string): Promise<string>;
}

/** The add-on in a process of its own, with a host that knows one job. */
async function setup(
  job: Job,
  frames: Frame[],
  preferences: Preferences = {},
  { sandbox = false, output = frames.flatMap(({ file }) => (file === null ? [] : [dirname(file)])) } = {},
): Promise<Setup> {
  const folder = join(temporaryFolder(), 'videos');
  mkdirSync(folder);
  const offers = createAddonOffers({ tell: () => undefined, hasJob: (id) => id === job.id });
  const f = await createFixture(
    {},
    {
      folders: () => ({ output: [...output], scenes: [] }),
      sandbox,
      offers,
      host: {
        snapshot: () => f.snapshot,
        families: async () => [],
        async call(operation, input) {
          const { offset = 0, limit = 1_000 } = input as { offset?: number; limit?: number };
          const value = operation === 'job.frames' ? frames.slice(offset, offset + limit) : job;
          return { ok: true, value };
        },
        image: async () => ({ bytes: new Uint8Array(1), type: 'image/webp' }),
      },
    },
  );
  onTestFinished(() => f.close());
  for (const [key, value] of Object.entries({ folder, ...preferences }))
    await f.manager.setPreference('video', key, value);
  const addon = await f.manager.enable('video');
  expect(addon.reason).toBeNull();
  return {
    f,
    operators: offers.operators,
    folder,
    output,
    async made(name) {
      const path = join(folder, name);
      await f.logged('video', `${path} has`);
      return path;
    },
  };
}

const ended = (f: Fixture, { id, name }: Job): void =>
  f.emit('render_complete', { job: { id, name, state: 'completed' } });

/** Images of one colour each, in the order of the frames. @param format as in `rgb24`, `rgba64be` */
function images(
  folder: string,
  colours: Record<number, string>,
  format = 'rgb24',
  ending = 'png',
  size = '65x33',
): Frame[] {
  return Object.entries(colours).map(([frame, colour]) => {
    const file = join(folder, `it's #${frame}.${ending}`);
    const [rgb, alpha = '1'] = colour.split('@');
    const filter = `color=c=${rgb}:s=64x32,scale=${size.replace('x', ':')},format=gbrap,colorchannelmixer=aa=${alpha},format=${format}`;
    execFileSync(pathOf('ffmpeg'), [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      filter,
      '-frames:v',
      '1',
      '-update',
      '1',
      `file:${file}`,
    ]);
    return sampleFrame(Number(frame), 'done', { file, files: [file] });
  });
}

interface Probed {
  readonly codec_name: string;
  readonly profile: string;
  readonly width: number;
  readonly height: number;
  readonly avg_frame_rate: string;
  readonly nb_read_frames: string;
}

function probe(path: string): Probed {
  const question = ['-v', 'error', '-count_frames', '-show_streams', '-of', 'json', path];
  const answer = execFileSync(pathOf('ffmpeg').replace(/ffmpeg$/, 'ffprobe'), question, { encoding: 'utf8' });
  return (JSON.parse(answer) as { streams: Probed[] }).streams[0]!;
}

/** The mean colour of a frame, counted from 0, as [red, green, blue, alpha]. */
function colour(path: string, frame: number): number[] {
  const filter = `select=eq(n\\,${frame}),scale=1:1,format=rgba`;
  const args = [
    '-v',
    'error',
    '-i',
    path,
    '-vf',
    filter,
    '-frames:v',
    '1',
    '-fps_mode',
    'passthrough',
    '-f',
    'rawvideo',
    '-',
  ];
  return [...execFileSync(pathOf('ffmpeg'), args)];
}

/** Codecs round: within 4 of 255. */
function expectColour(path: string, frame: number, wanted: number[]): void {
  const found = colour(path, frame);
  for (const [i, value] of wanted.entries())
    expect(Math.abs(found[i]! - value), `${found.join()} is not ${wanted.join()}`).toBeLessThanOrEqual(4);
}

const JOB = sampleJob({ id: 7, name: 'shot 010', state: 'completed' }, { fps: 24 });

needs.ffmpeg('a video', () => {
  test('H.264 of a job with gaps, frames below 0 and odd sides', async () => {
    const written = images(temporaryFolder(), { '-1': 'red', 0: 'lime', 1: 'lime', 3: 'lime', 4: 'blue' });
    const frames = [...written.toReversed(), sampleFrame(2, 'failed')];
    const job = { ...JOB, settings: { ...JOB.settings, fps: 23.976 } };
    const { f, folder, made } = await setup(job, frames);
    // The handler stays when another scene is loaded.
    f.emit('load_pre');
    f.emit('load_post');
    ended(f, job);
    const path = await made('shot 010.mp4');
    expect(probe(path)).toMatchObject({
      codec_name: 'h264',
      width: 64,
      height: 32,
      avg_frame_rate: '2997/125',
      nb_read_frames: '6',
    });
    expectColour(path, 0, [255, 0, 0]);
    expectColour(path, 3, [0, 255, 0]);
    expectColour(path, 5, [0, 0, 255]);
    expect(readdirSync(folder)).toEqual(['shot 010.mp4']);
    const addon = await f.until('video', ({ status }) => status?.text.includes('missing') ?? false);
    expect(addon.status).toMatchObject({ level: 'ok', text: `${path} has 6 frames, 1 of the job’s are missing.` });
  });

  test('H.264 puts transparent images on the background', async () => {
    const frames = images(temporaryFolder(), { 1: 'red@0.5', 2: 'blue@0' }, 'rgba64be');
    const { f, made } = await setup(JOB, frames, { background: 'white' });
    ended(f, JOB);
    const path = await made('shot 010.mp4');
    expectColour(path, 0, [255, 127, 127]);
    expectColour(path, 1, [255, 255, 255]);
  });

  test('ProRes keeps transparency and odd sides', async () => {
    const frames = images(temporaryFolder(), { 1: 'red@0.5', 2: 'blue' }, 'rgba64be');
    const { f, made } = await setup(JOB, frames, { format: 'prores' });
    ended(f, JOB);
    const path = await made('shot 010.mov');
    expect(probe(path)).toMatchObject({
      codec_name: 'prores',
      profile: '4444',
      width: 65,
      height: 33,
      nb_read_frames: '2',
    });
    expectColour(path, 0, [255, 0, 0, 128]);
    expectColour(path, 1, [0, 0, 255, 255]);
  });

  test('ProRes of opaque 16-bit images', async () => {
    const frames = images(temporaryFolder(), { 1: 'red', 2: 'blue' }, 'rgb48be');
    const { f, made } = await setup(JOB, frames, { format: 'prores' });
    ended(f, JOB);
    expect(probe(await made('shot 010.mov'))).toMatchObject({
      profile: 'HQ',
      nb_read_frames: '2',
      avg_frame_rate: '24/1',
    });
  });

  test('a GIF has the colours of all frames, and is not wider than asked for', async () => {
    const frames = images(temporaryFolder(), { 1: 'red', 2: 'lime', 3: 'blue' }, 'rgb24', 'png', '200x100');
    const { f, made } = await setup(JOB, frames, { format: 'gif', gifWidth: 100 });
    ended(f, JOB);
    const path = await made('shot 010.gif');
    expect(probe(path)).toMatchObject({ codec_name: 'gif', width: 100, height: 50, nb_read_frames: '3' });
    expectColour(path, 0, [255, 0, 0]);
    expectColour(path, 2, [0, 0, 255]);
  });

  test('OpenEXR is linear light', async () => {
    const frames = images(temporaryFolder(), { 1: '0x808080', 2: '0x808080' }, 'gbrpf32le', 'exr');
    const job = { ...JOB, settings: { ...JOB.settings, format: 'exr' as const } };
    const { f, made } = await setup(job, frames);
    ended(f, job);
    // 128/255 in linear light is 188 in sRGB (IEC 61966-2-1).
    expectColour(await made('shot 010.mp4'), 0, [188, 188, 188]);
  });

  test('is never put over a file of somebody else', async () => {
    const frames = images(temporaryFolder(), { 1: 'red', 2: 'blue' });
    const { f, folder, made } = await setup(JOB, frames);
    writeFileSync(join(folder, 'shot 010.mp4'), 'mine');
    ended(f, JOB);
    await made('shot 010 (2).mp4');
    expect(await readFile(join(folder, 'shot 010.mp4'), 'utf8')).toBe('mine');
  });

  test('of any job by an operator, and of none with one frame unless asked for', async () => {
    const frames = images(temporaryFolder(), { 1: 'red' });
    const job = { ...JOB, frames: { ...JOB.frames, total: 1 } };
    const { f, operators, folder } = await setup(job, frames);
    ended(f, job);
    const run = await operators.ended(operators.run('video.make', { job: 7, format: 'prores' }).run);
    expect(run).toMatchObject({
      state: 'done',
      progress: 1,
      result: { text: `${join(folder, 'shot 010.mov')} has 1 frames.` },
    });
    expect(readdirSync(folder)).toEqual(['shot 010.mov']);
  });

  test('by an operator that is cancelled, ends with its ffmpeg', async () => {
    const [image] = images(temporaryFolder(), { 1: 'red' }, 'rgb24', 'png', '640x360');
    const frames = Array.from({ length: 20_000 }, (_, i) => ({ ...image!, frame: i + 1 }));
    const { f, operators, folder } = await setup(JOB, frames);
    const { run } = operators.run('video.make', { job: 7 });
    await f.until('video', ({ status }) => /: [1-9]\d? %/.test(status?.text ?? ''));
    operators.cancel(run);
    expect(await operators.ended(run)).toMatchObject({ state: 'cancelled' });
    expect(readdirSync(folder)).toEqual([]);
    expect(runningWith(folder)).toEqual([]);
    expect(f.manager.get('video')).toMatchObject({ state: 'running', status: { level: 'ok' } });
  });

  test('of an image that is broken fails with its reason, and leaves nothing', async () => {
    const folder = temporaryFolder();
    const frames = images(folder, { 1: 'red', 2: 'blue' });
    writeFileSync(frames[0]!.file!, 'no image');
    const { f, folder: videos } = await setup(JOB, frames);
    ended(f, JOB);
    const addon = await f.until('video', ({ status }) => status?.level === 'warning');
    expect(addon.status!.text).toMatch(/^The video of shot 010 \(job 7\) was not made: .*#1\.png cannot be read/);
    expect(readdirSync(videos)).toEqual([]);
  });

  test('disabled in the middle, ffmpeg ends and nothing half stays; enabled again, it is made', async () => {
    // Long enough to be caught in the middle: one image held for 20,000 frames.
    const [image] = images(temporaryFolder(), { 1: 'red' }, 'rgb24', 'png', '640x360');
    const frames = Array.from({ length: 20_000 }, (_, i) => ({ ...image!, frame: i + 1 }));
    const { f, folder, output, made } = await setup(JOB, frames);
    ended(f, JOB);
    await f.until('video', ({ status }) => /: [1-9]\d? %/.test(status?.text ?? ''));
    // Another job's folder does not end it.
    output.push(temporaryFolder());
    await f.manager.foldersChanged();
    expect(f.manager.get('video')).toMatchObject({ state: 'running', status: { text: expect.stringMatching(/ %/) } });
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.framegauge-video-/)]);
    await f.manager.disable('video');
    expect(readdirSync(folder)).toEqual([]);
    expect(runningWith(folder)).toEqual([]);
    frames.length = 2;
    await f.manager.enable('video');
    await made('shot 010.mp4');
  });
});

needs.ffmpeg('a video', () => {
  needs.bubblewrap('made in the sandbox', () => {
    test('is what it would be outside, and a disabled add-on leaves no ffmpeg', async () => {
      const frames = images(temporaryFolder(), { 1: 'red', 2: 'blue' });
      const { f, folder, made } = await setup(JOB, frames, {}, { sandbox: true });
      expect(f.manager.get('video').isolation?.level).toBe('sandboxed');
      ended(f, JOB);
      const path = await made('shot 010.mp4');
      expectColour(path, 0, [255, 0, 0]);
      expectColour(path, 1, [0, 0, 255]);
      await f.manager.disable('video');
      expect(runningWith(folder)).toEqual([]);
    });

    test('of images whose folder may not be read yet waits for that', async () => {
      const images7 = temporaryFolder();
      const { f, folder, output, operators } = await setup(
        JOB,
        images(images7, { 1: 'red', 2: 'blue' }),
        {},
        { sandbox: true, output: [] },
      );
      ended(f, JOB);
      await f.logged('video', 'The video of job 7 waits until the folder of its images may be read.');
      const { run } = operators.run('video.make', { job: 7 });
      expect((await operators.ended(run)).error).toMatch(/^Its images cannot be read yet/);
      await f.manager.disable('video');
      await f.manager.enable('video');
      output.push(images7);
      const path = join(folder, 'shot 010.mp4');
      await eventually('The video', async () => {
        await f.manager.foldersChanged();
        return existsSync(path) ? true : null;
      });
      expectColour(path, 0, [255, 0, 0]);
    });
  });
});

/** Command lines of ffmpegs that have the text in them. */
function runningWith(text: string): string[] {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.startsWith('ffmpeg ') && line.includes(text));
}

describe('without ffmpeg', () => {
  test('the panel says how to get it, and which path is wrong', async () => {
    const { f } = await setup(JOB, [], { ffmpeg: '/nowhere/ffmpeg' });
    expect(f.manager.get('video').status).toMatchObject({
      level: 'error',
      text: '/nowhere/ffmpeg is not there: correct the path, or leave it empty for the one that is installed.',
    });
  });
});

test('without a folder nothing is made', async () => {
  const { f } = await setup(JOB, [], { folder: '' });
  ended(f, JOB);
  const { status } = await f.until('video', ({ status }) => status !== null);
  expect(status!.details.find(({ label }) => label === 'Waiting')).toBeUndefined();
  expect(existsSync(join(f.folder, 'addon-storage', 'video', 'waiting.json'))).toBe(false);
});

test('the manual lists every metric', async () => {
  const manual = await readFile(resolve(import.meta.dirname, '../../../docs/addons/video.md'), 'utf8');
  for (const { name, type, help, labelNames } of Object.values(VIDEO_METRICS))
    expect(manual).toContain(
      `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(', ') || '–'} | ${help} |`,
    );
});
