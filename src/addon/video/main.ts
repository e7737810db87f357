import { isAbsolute } from 'node:path';
import type { AddonContext, Job } from '../api/context';
import { VIDEO_METRICS } from './catalogue';
import { EXTENSIONS, type VideoFormat } from './encoding';
import { type Ffmpeg, findFfmpeg } from './ffmpeg';
import { makeVideo, UnseenImagesError, type VideoSettings } from './make-video';
import { statusOf, type VideoState } from './panel';
import { createVideoPlaces, removeDrafts } from './place-video';
import { openWaitingJobs } from './waiting-jobs';

type Changing = { -readonly [K in keyof VideoState]: VideoState[K] };

/** One video that is to be made. */
interface Order {
  readonly job: number;
  /** null for that of the preferences. */
  readonly format: VideoFormat | null;
  readonly signal: AbortSignal;
  readonly progress: (share: number) => void;
}

/** The bundled add-on that makes videos of jobs. */
export async function register(ctx: AddonContext): Promise<void> {
  const state: Changing = {
    folder: '',
    version: null,
    problem: null,
    underWay: null,
    waiting: 0,
    lastMade: null,
    lastFailure: null,
    failed: false,
  };
  const waiting = await openWaitingJobs(ctx.storage.folder, (reason) =>
    ctx.log.error(`The videos that wait could not be stored, and would be lost in a restart: ${reason}`),
  );
  const places = createVideoPlaces(ctx.storage.folder);
  const metrics = createMetrics(ctx, () => waiting.ids.length);
  let ffmpeg: Ffmpeg | null = null;
  /** Settles when nothing is being made: one ffmpeg takes enough of the machine. */
  let last: Promise<unknown> = Promise.resolve();
  const show = (): void => ctx.status(statusOf({ ...state, waiting: waiting.ids.length }));

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = last.then(() => ctx.busy(task));
    last = result.catch(() => {});
    return result;
  }

  async function look(): Promise<void> {
    const path = ctx.preferences.get<string>('ffmpeg').trim();
    try {
      ffmpeg = await findFfmpeg(path, ctx.signal);
      [state.version, state.problem] = [ffmpeg.version, null];
    } catch (error) {
      if (ctx.signal.aborted) return;
      [ffmpeg, state.version, state.problem] = [null, null, (error as Error).message];
      ctx.log.error(state.problem);
    }
  }

  function settings(format: VideoFormat | null): VideoSettings {
    const text = (key: string): string => ctx.preferences.get<string>(key);
    return {
      folder: state.folder,
      format: format ?? (text('format') as VideoFormat),
      quality: text('quality') as VideoSettings['quality'],
      background: text('background') as VideoSettings['background'],
      gaps: text('gaps') as VideoSettings['gaps'],
      gifWidth: ctx.preferences.get<number>('gifWidth'),
    };
  }

  /** @returns a sentence about the video. @throws Error with one that says why there is none */
  async function make({ job: id, format: wanted, signal, progress }: Order): Promise<string> {
    const chosen = settings(wanted);
    const { format } = chosen;
    const began = performance.now();
    let name = `job ${id}`;
    try {
      // It may have been installed since.
      if (!ffmpeg) await look();
      if (!ffmpeg) throw new Error(state.problem ?? 'ffmpeg was not looked for.');
      if (chosen.folder === '') throw new Error('Choose a folder for videos first: Preferences → Add-ons → Video.');
      const job: Job = await ctx.jobs.get(id);
      name = `${job.name} (job ${id})`;
      const advance = (share: number): void => {
        state.underWay = { name, share };
        progress(share);
        show();
      };
      advance(0);
      const { path, bytes, frames, missing } = await makeVideo({
        job,
        settings: chosen,
        ffmpeg,
        places,
        storage: ctx.storage.folder,
        frames: ctx.jobs.frames,
        image: ctx.images.read,
        progress: advance,
        signal,
      });
      metrics.made.inc({ format });
      metrics.bytes.inc({ format }, bytes);
      metrics.seconds.observe({ format }, (performance.now() - began) / 1_000);
      state.failed = false;
      state.lastMade = `${path} has ${frames} frames${missing === 0 ? '' : `, ${missing} of the job’s are missing`}.`;
      ctx.log.info(state.lastMade);
      return state.lastMade;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UnseenImagesError) throw error;
      metrics.failed.inc({ format });
      state.failed = true;
      state.lastFailure = `The video of ${name} was not made: ${(error as Error).message}`;
      ctx.log.error(state.lastFailure);
      throw new Error(state.lastFailure, { cause: error });
    } finally {
      state.underWay = null;
      show();
    }
  }

  /**
   * Makes the video of a job that waits. Disabled or restarted meanwhile, the next start makes it; the host starts it
   * again, too, once it may read the folder of the images.
   */
  function makeWaiting(job: number): void {
    void inTurn(async () => {
      const { signal } = ctx;
      if (signal.aborted) return;
      // Its failure is in the panel and the log.
      const failure = await make({ job, format: null, signal, progress: () => {} }).catch((error: unknown) => error);
      if (failure instanceof UnseenImagesError)
        ctx.log.info(`The video of job ${job} waits until the folder of its images may be read.`);
      else if (!signal.aborted) waiting.remove(job);
      show();
    });
  }

  async function jobCompleted(id: number): Promise<void> {
    const { settings, frames } = await ctx.jobs.get(id);
    if (settings.preview || frames.total < 2 || waiting.ids.includes(id)) return;
    if (waiting.add(id)) makeWaiting(id);
    else ctx.log.error(`There is no video of job ${id}: too many wait.`);
    show();
  }

  function chooseFolder(): void {
    const text = ctx.preferences.get<string>('folder').trim();
    state.folder = isAbsolute(text) ? text : '';
    if (text !== '' && state.folder === '') ctx.log.error(`“${text}” is no full path: write it from the root on.`);
  }

  ctx.onDispose(async () => {
    await last;
    await waiting.stored();
  });
  ctx.handlers.on(
    'render_complete',
    ({ job }) => {
      if (!job || state.folder === '' || !ctx.preferences.get<boolean>('onComplete')) return;
      // Not awaited: the events of this add-on wait for its handlers.
      jobCompleted(job.id).catch((error: unknown) =>
        ctx.log.error(`There is no video of job ${job.id}: ${(error as Error).message}`),
      );
    },
    { persistent: true },
  );
  ctx.operators.add({
    id: 'make',
    label: 'Make Video',
    description: 'Makes a video of the images of a job',
    menu: 'job',
    parameters: [
      { key: 'job', type: 'job', label: 'Job' },
      {
        key: 'format',
        type: 'enum',
        label: 'Format',
        description: 'preferred is that of the add-on’s preferences',
        default: 'preferred',
        values: ['preferred', 'h264', 'prores', 'gif'],
      },
    ],
    run: ({ parameters, signal, progress }) =>
      inTurn(async () => {
        signal.throwIfAborted();
        const format = parameters['format'] === 'preferred' ? null : (parameters['format'] as VideoFormat);
        return make({ job: Number(parameters['job']), format, signal, progress: (share) => progress(share, 'ffmpeg') });
      }),
  });
  ctx.preferences.onChange('ffmpeg', async () => {
    await look();
    show();
  });
  ctx.preferences.onChange('folder', () => {
    chooseFolder();
    show();
  });
  chooseFolder();
  await look();
  if (state.folder !== '') await removeDrafts(state.folder);
  show();
  for (const id of waiting.ids) makeWaiting(id);
}

function createMetrics(ctx: Pick<AddonContext, 'metrics'>, waiting: () => number) {
  ctx.metrics.gauge({
    ...VIDEO_METRICS.waiting,
    value: waiting,
  });
  const made = ctx.metrics.counter(VIDEO_METRICS.made);
  const failed = ctx.metrics.counter(VIDEO_METRICS.failed);
  const bytes = ctx.metrics.counter(VIDEO_METRICS.bytes);
  // From 0 on: a rate would miss the first video otherwise.
  for (const format of Object.keys(EXTENSIONS)) for (const counter of [made, failed, bytes]) counter.inc({ format }, 0);
  return {
    made,
    failed,
    bytes,
    seconds: ctx.metrics.histogram({ ...VIDEO_METRICS.seconds, buckets: [1, 5, 15, 60, 300, 900, 3_600] }),
  };
}
