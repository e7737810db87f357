import { existsSync, lstatSync, rmSync } from 'node:fs';
import { rmdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { type FrameSpan, fewSpans } from '../../../shared/frame-range';
import { formatOfPath, imageFormats } from '../../../shared/image-format';
import type { JobSettings } from '../../../shared/jobs';
import { UserError, messageOf } from '../../../shared/user-error';
import { isBelow } from '../../data/path-below';
import { FrameError, type FrameProgress, type RenderedFrame, type Worker } from '../../engines/render-engine';
import type { ImageVerifier } from '../../images/verify-image';
import { type HostTry, frameFolder, removeLeftover } from './frame-folder';
import { imageOf, imagesOf, previewOf } from './image-path';
import { type FileStamp, type JournaledFile, stampOnly } from './output-stamps';
import { movedWithVersion } from './next-version';
import { type Staged, renameFile, stage, stampToBe } from './stage-file';

/** One try of a frame and the settings it renders with. */
export interface FrameSpec extends HostTry {
  readonly settings: JobSettings;
}

/** A file that is verified, flushed to disk and ready to be renamed to its output path. */
export interface ReadyFile extends Staged {
  /** One of the frame's own images, as opposed to an additional file of the scene. */
  readonly own: boolean;
}

/** Only some of a frame's files could be renamed; `cause` is why the others could not. */
export class PartialRenameError extends UserError {
  constructor(
    cause: unknown,
    /** The files that were renamed. */
    readonly renamed: readonly FileStamp[],
  ) {
    super(messageOf(cause));
    this.cause = cause;
  }
}

/** A frame's output path was taken by another program or job; the file is left alone. Concerns no other frame. */
export class OccupiedError extends UserError {}

/** Of each job's settings; read once, since a range may have a million parts. */
const spans = new WeakMap<JobSettings, readonly FrameSpan[]>();

function spansOf(settings: JobSettings): readonly FrameSpan[] {
  const known = spans.get(settings) ?? fewSpans(settings.frames);
  spans.set(settings, known);
  return known;
}

/** Renders a frame into a prepared folder on a worker. @throws FrameError */
export async function renderFrame(
  { frame, lease, settings }: FrameSpec,
  folder: string,
  worker: Worker,
  onProgress: (progress: FrameProgress) => void,
  signal: AbortSignal,
): Promise<RenderedFrame> {
  return worker.render(
    {
      lease,
      frame,
      spans: spansOf(settings),
      folder,
      scene: settings.scene,
      fps: settings.fps,
      width: settings.width,
      height: settings.height,
      samples: settings.samples,
      camera: settings.camera,
      format: settings.format,
      sceneName: settings.sceneName,
      renderEngine: settings.renderEngine,
      animations: settings.animations,
      transparent: settings.transparent,
      device: settings.device,
      movedTo: (file) => movedWithVersion(file, settings),
    },
    onProgress,
    signal,
  );
}

/**
 * Verifies what a worker delivered and stages it for the final rename, file by file.
 *
 * @throws FrameError (`image`) when a file is missing or incomplete; UserError when it can't be written
 */
export async function* makeReady(
  spec: FrameSpec,
  rendered: RenderedFrame,
  images: ImageVerifier,
): AsyncGenerator<ReadyFile> {
  const { frame, settings } = spec;
  const delivered = new Set(rendered.files.map(({ target: to }) => ('view' in to ? to.view : null)));
  for (const view of settings.views) {
    if (!delivered.has(view))
      throw new FrameError(
        view === '' ? 'The worker delivered no image.' : `The worker delivered no image of the view “${view}”.`,
        false,
        'image',
      );
  }
  for (const { path, target: to, size = settings, flushed, content } of rendered.files) {
    const own = 'view' in to;
    const view = own ? to.view : 'previewOf' in to ? to.previewOf : null;
    // Its path is made of it, and another machine may have told it.
    if (view !== null && !settings.views.includes(view))
      throw new FrameError(
        `The worker delivered an image of the view “${view}”, which the scene did not have when the job was submitted: submit it again if that has changed.`,
        false,
        'image',
      );
    // A JPEG beside any other image would be nobody's.
    if ('previewOf' in to && imageFormats[settings.format].extension !== imageFormats.exr.extension)
      throw new FrameError('The worker delivered a preview, which only an OpenEXR has.', false, 'image');
    // A preview writes no additional files.
    if (!own && settings.preview) continue;
    const target =
      'file' in to ? to.file : own ? imageOf(settings, frame, to.view) : previewOf(settings, frame, to.previewOf);
    if (!isAbsolute(target))
      throw new FrameError(`The scene asks for a file at “${target}”, which is no full path.`, true, 'output');
    try {
      if (own) await images.verify(path, settings.format, size.width, size.height, content);
      else await checkFurther(images, path, target);
    } catch (error) {
      throw new FrameError(messageOf(error), false, 'image');
    }
    yield { ...(await stage(path, target, spec, { own, flushed })), own };
  }
}

/**
 * Journal entries of a frame's files, own images first; stored before the files are renamed.
 *
 * @throws FrameError when a file is missing
 */
export function journalOf(files: readonly ReadyFile[]): JournaledFile[] {
  const ordered = [...files].sort((a, b) => Number(b.own) - Number(a.own));
  return ordered.map((file) => ({ ...stampToBe(file), sha256: file.sha256 }));
}

/** Whether the output path of one of a frame's own images exists. */
export function isTaken(files: readonly ReadyFile[]): boolean {
  return files.some(({ own, to }) => own && existsSync(to));
}

/** Which existing files the additional files of a frame may overwrite. */
export interface OverwriteRules {
  /** Any file. */
  readonly further: boolean;
  /** Whether this job wrote the file. */
  wrote(file: FileStamp): boolean;
}

/** Result of renaming a frame's files. */
export interface RenamedFiles {
  /** Stamps of the renamed files, own images first. */
  readonly stamps: readonly FileStamp[];
  /** Output paths of additional files that hold a foreign file, which was kept. */
  readonly kept: readonly string[];
}

/**
 * Renames all files of a frame to their output paths, in one turn of the event loop. The frame's own images overwrite
 * what exists and come last: once they exist, all other files do, too, even for a host that finds them after a crash.
 * Additional files of a scene may have any path, so they overwrite only what this job wrote.
 *
 * @param journal from {@link journalOf}
 * @throws PartialRenameError when only some could be renamed
 */
export function renameFiles(
  files: readonly ReadyFile[],
  journal: readonly JournaledFile[],
  rules: OverwriteRules,
): RenamedFiles {
  const renamed = new Set<string>();
  const kept: string[] = [];
  const renamedStamps = (): FileStamp[] => journal.filter(({ path }) => renamed.has(path)).map(stampOnly);
  const ordered = [...files].sort((a, b) => Number(a.own) - Number(b.own));
  // What the job wrote is read from the database, and kept: where that fails, no file may be in its place yet.
  if (!rules.further) for (const { own, to } of ordered) if (!own) isForeign(to, rules.wrote);
  for (const file of ordered) {
    try {
      if (!file.own && !rules.further && isForeign(file.to, rules.wrote)) {
        kept.push(file.to);
        rmSync(file.from, { force: true });
        continue;
      }
      renameFile(file);
      renamed.add(file.to);
    } catch (error) {
      if (renamed.size === 0) throw error;
      throw new PartialRenameError(error, renamedStamps());
    }
  }
  return { stamps: renamedStamps(), kept };
}

/** Whether a path exists and holds anything but an unchanged file of this job. */
function isForeign(path: string, wrote: OverwriteRules['wrote']): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && !(found.isFile() && wrote({ path, bytes: found.size, modifiedAt: found.mtimeMs }));
}

/** Warning about additional files that were not written. */
export function keptSentence([first, ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `The scene asks for the file ${first}${more}, where a file lies that this job did not write: it was kept, and the frame’s is missing. Move it away, or let the job overwrite, and render the frame again.`;
}

/** Removes the leftovers of a try: its folder, and copies of its files on other file systems. Ignores errors. */
export async function clearAway(spec: FrameSpec, ready: readonly ReadyFile[] = []): Promise<void> {
  const folder = frameFolder(imagesOf(spec.settings, spec.frame)[0]!, spec);
  await removeLeftover(folder).catch(() => undefined);
  for (const { from } of ready) if (dirname(from) !== folder) await removeLeftover(from).catch(() => undefined);
}

/**
 * Removes a frame's folder as soon as no file in it is wanted any more.
 *
 * @returns whether it is gone
 */
export async function clearEarly(folder: string, files: readonly ReadyFile[]): Promise<boolean> {
  // Further files of a scene may lie in folders of their own in it.
  if (files.some(({ from }) => isBelow(from, folder))) return false;
  try {
    await rmdir(folder).catch(() => removeLeftover(folder));
    return true;
  } catch {
    return false;
  }
}

/** Removes a frame's folder after its files were renamed. @returns whether that succeeded */
export function clearFolder(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Additional files have the format and size that the scene defines: they must be complete, as far as their extension
 * tells the format.
 */
async function checkFurther(images: ImageVerifier, path: string, target: string): Promise<void> {
  if ((await stat(path)).size === 0) throw new Error(`The file ${target} is empty.`);
  if (formatOfPath(target) !== null && (await images.inspect(path)) === null)
    throw new Error(`The file ${target} is no whole image.`);
}
