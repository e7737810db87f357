import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddonContext, Frame, Job } from '../api/context';
import { type Background, encodingRuns, EXTENSIONS, type Quality, type VideoFormat } from './encoding';
import { type Ffmpeg, probeAlpha, runFfmpeg } from './ffmpeg';
import { concatScript, type Gaps, imageSequence } from './image-sequence';
import { draftPath, type VideoPlaces, videoName } from './place-video';

/** Frames asked for at a time. */
const PAGE = 1_000;

export interface VideoSettings {
  /** Absolute. */
  readonly folder: string;
  readonly format: VideoFormat;
  readonly quality: Quality;
  readonly background: Background;
  readonly gifWidth: number;
  readonly gaps: Gaps;
}

export interface MakeVideoOptions {
  readonly job: Job;
  readonly settings: VideoSettings;
  readonly ffmpeg: Ffmpeg;
  readonly places: VideoPlaces;
  /** Folder of the add-on's own, for files that are needed meanwhile. */
  readonly storage: string;
  readonly frames: AddonContext['jobs']['frames'];
  /** Reads an image as the host sees it. */
  readonly image: AddonContext['images']['read'];
  /** Told the share that is done, 0 to 1. */
  readonly progress: (share: number) => void;
  readonly signal: AbortSignal;
}

export interface MadeVideo {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly frames: number;
  /** Frames of the job without an image. */
  readonly missing: number;
}

/** The images are there, and the host has not let the add-on read them yet. */
export class UnseenImagesError extends Error {
  override readonly name = 'UnseenImagesError';
}

/**
 * Makes the video of a job and moves it into its place once it is whole. Whatever happens, nothing half-written stays.
 *
 * @throws Error with a sentence
 * @throws UnseenImagesError
 */
export async function makeVideo(options: MakeVideoOptions): Promise<MadeVideo> {
  const { job, settings, ffmpeg, places, storage, signal } = options;
  const { format, fps } = { format: settings.format, fps: job.settings.fps };
  if (job.settings.format === 'exr-multilayer')
    throw new Error('Images with several layers (OpenEXR MultiLayer) cannot be made into a video.');
  const frames = await framesOf(job, options);
  const { files, missing } = imageSequence(frames, settings.gaps);
  if (files.length === 0) throw new Error('The job has no images.');
  if (!(await stat(settings.folder).catch(() => null))?.isDirectory())
    throw new Error(`There is no folder ${settings.folder} for videos.`);

  const hasAlpha = await probeAlpha(ffmpeg, files[0]!, signal).catch(async (error: Error) => {
    // To look for the file here would be told as an attempt without permission.
    const isUnseen = error.message.includes('No such file or directory') && (await isThere(job, frames, options));
    throw isUnseen ? new UnseenImagesError(UNSEEN) : error;
  });
  const draft = draftPath(settings.folder, EXTENSIONS[format]);
  const script = join(storage, 'images.ffconcat');
  const palette = join(storage, 'palette.png');
  try {
    await writeFile(script, concatScript(files), { mode: 0o600 });
    const isExr = job.settings.format === 'exr';
    const runs = encodingRuns({ ...settings, fps, script, palette, output: draft, hasAlpha, isExr });
    let written = 0;
    for (const [index, run] of runs.entries())
      await runFfmpeg(
        ffmpeg,
        run,
        (done) => {
          written = done;
          options.progress((index + Math.min(1, done / files.length)) / runs.length);
        },
        signal,
      );
    if (format !== 'gif' && written !== files.length)
      throw new Error(`ffmpeg wrote ${written} of ${files.length} frames: some image cannot be read.`);
    const path = await places.place(draft, settings.folder, videoName(job.name), EXTENSIONS[format]);
    return { path, bytes: (await stat(path)).size, frames: files.length, missing };
  } finally {
    await Promise.all([draft, script, palette].map((path) => rm(path, { force: true }).catch(() => {})));
  }
}

const UNSEEN =
  'Its images cannot be read yet: Framegauge lets Video read their folder some seconds after the video that is being made. Try again then.';

/** Whether the host finds an image of the job. */
async function isThere(job: Job, frames: readonly Frame[], { image }: MakeVideoOptions): Promise<boolean> {
  const shown = frames.find(({ file }) => file !== null);
  return shown !== undefined && (await image(job.id, shown.frame, { size: 16 }).catch(() => null)) !== null;
}

async function framesOf(job: Job, { frames }: Pick<MakeVideoOptions, 'frames'>): Promise<Frame[]> {
  const all: Frame[] = [];
  for (;;) {
    const page = await frames(job.id, { offset: all.length, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
