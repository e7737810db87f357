import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { type ImageFormat, formatOfPath } from '../../../shared/image-format';
import type { JobSettings } from '../../../shared/jobs';
import { expandOutputPattern } from '../../../shared/output-pattern';
import { UserError, messageOf } from '../../../shared/user-error';
import { FrameError, type FrameProgress, type RenderedFrame, type Worker } from '../../engines/render-engine';
import { inspectImage } from '../../images/verify-image';
import {
  type FileStamp,
  type Staged,
  frameFolder,
  imagesOf,
  makeFrameFolder,
  place,
  removeCopies,
  removeFrameFolder,
  stage,
} from './output-files';

/** Checks that a file is a whole image of that format and size in pixels. @throws Error with a sentence when it is not */
export type VerifyImage = (path: string, format: ImageFormat, width: number, height: number) => Promise<void>;

/** One frame of a job, on its way from a worker to its places. */
export interface FrameWork {
  readonly jobId: number;
  readonly frame: number;
  readonly settings: JobSettings;
}

/** A file that is verified, on the disk, and one rename away from its place. */
export interface ReadyFile extends Staged {
  /** It is one of the frame's own images, not a further file that the scene asks for. */
  readonly own: boolean;
}

/** Not every file of a frame got into its place. */
export class PlaceError extends UserError {
  constructor(
    message: string,
    /** Those that did. */
    readonly placed: readonly FileStamp[],
  ) {
    super(message);
  }
}

/** Has a worker render a frame into a folder of its own. @throws FrameError; UserError when the folder can't be made */
export async function renderFrame(
  { jobId, frame, settings }: FrameWork,
  worker: Worker,
  onProgress: (progress: FrameProgress) => void,
  signal: AbortSignal,
): Promise<RenderedFrame> {
  const folder = frameFolder(imagesOf(settings, frame)[0]!, jobId, frame);
  await makeFrameFolder(folder);
  const { scene, fps, width, height, samples, camera, format, sceneName, renderEngine } = settings;
  return worker.render(
    { scene, frame, fps, width, height, samples, camera, format, sceneName, renderEngine, folder },
    onProgress,
    signal,
  );
}

/**
 * Verifies what a worker delivered and makes it ready to be put in its places.
 *
 * @throws FrameError (`image`) when a file is missing or is no whole image; UserError when it can't be written
 */
export async function makeReady(
  { jobId, frame, settings }: FrameWork,
  rendered: RenderedFrame,
  verify: VerifyImage,
): Promise<ReadyFile[]> {
  const delivered = new Set(rendered.files.map(({ place: to }) => ('view' in to ? to.view : null)));
  for (const view of settings.views) {
    if (!delivered.has(view))
      throw new FrameError(
        view === '' ? 'The worker delivered no image.' : `The worker delivered no image of the view “${view}”.`,
        false,
        'image',
      );
  }
  const ready: ReadyFile[] = [];
  for (const { path, place: to, size = settings } of rendered.files) {
    const own = 'view' in to;
    const target = own ? expandOutputPattern(settings.output, frame, settings.format, to.view) : to.file;
    if (!isAbsolute(target))
      throw new FrameError(`The scene asks for a file at “${target}”, which is no full path.`, true, 'output');
    try {
      if (own) await verify(path, settings.format, size.width, size.height);
      else await checkFurther(path, target);
    } catch (error) {
      throw new FrameError(messageOf(error), false, 'image');
    }
    ready.push({ ...(await stage(path, target, jobId, frame)), own });
  }
  return ready;
}

/**
 * Puts all files of a frame in their places, in one turn of the event loop. The frame's own images come last: once they are all there, so is everything else, even for a host that finds
 * them after a crash.
 *
 * @param mayReplace the frame's own images may be put over what is there
 * @returns what was put there, own images first; null when somebody else has put the frame's images there meanwhile, which stay
 * @throws PlaceError when that fails half-way
 */
export function putInPlace(files: readonly ReadyFile[], mayReplace: boolean): FileStamp[] | null {
  if (!mayReplace && files.filter(({ own }) => own).every(({ to }) => existsSync(to))) return null;
  const placed: FileStamp[] = [];
  let own = 0;
  for (const file of [...files].sort((a, b) => Number(a.own) - Number(b.own))) {
    try {
      const stamp = place(file);
      if (file.own) placed.splice(own++, 0, stamp);
      else placed.push(stamp);
    } catch (error) {
      if (placed.length === 0) throw error;
      throw new PlaceError(messageOf(error), placed);
    }
  }
  return placed;
}

/** Removes what is left of a try: its folder, and copies of its files beside their places. */
export async function clearAway(
  { jobId, frame, settings }: FrameWork,
  ready: readonly ReadyFile[] = [],
): Promise<void> {
  const own = dirname(imagesOf(settings, frame)[0]!);
  await removeFrameFolder(frameFolder(imagesOf(settings, frame)[0]!, jobId, frame));
  const elsewhere = new Set(ready.map(({ to }) => dirname(to)).filter((folder) => folder !== own));
  for (const folder of elsewhere) await removeCopies(folder, jobId, frame);
}

/** A further file has the format and the size that the scene gives it: it must be whole, as far as its ending tells what it is. */
async function checkFurther(path: string, target: string): Promise<void> {
  if ((await stat(path)).size === 0) throw new Error(`The file ${target} is empty.`);
  if (formatOfPath(target) !== null && (await inspectImage(path)) === null)
    throw new Error(`The file ${target} is no whole image.`);
}
