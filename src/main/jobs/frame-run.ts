import type { ImageFormat } from '../../shared/image-format';
import { FrameError, type FrameProgress, type RenderedFrame, type Worker } from '../engines/render-engine';
import type { ImageStatistics } from '../images/pixel-statistics';
import type { ImageVerifier } from '../images/verify-image';
import type { ActiveJob } from './active-job';
import type { Assignment } from './frames-in-work';
import { scanFrame } from './output/existing-output';
import { type Content, changedSource } from './output/fingerprint';
import type { FrameLogs } from './output/frame-logs';
import { makeFrameFolder } from './output/frame-folder';
import { outputCause } from './output/output-errors';
import { imagesOf } from './output/image-path';
import {
  type FrameSpec,
  OccupiedError,
  type ReadyFile,
  clearAway,
  clearEarly,
  isTaken,
  makeReady,
  renderFrame,
} from './output/frame-output';
import { suspicionOf } from './output/suspicious-frame';
import { rendersAgain } from './retry-policy';
import type { JobStore } from './store/job-store';

/**
 * One try of one frame, in two parts, because its worker continues with the next frame after the first: rendering on a
 * worker, then verifying the result. Both return their outcome. They invoke no callbacks for it, write nothing to the
 * database and rename no file into the output: that happens in one turn with marking the frame (frame-results.ts).
 */

/** Dependencies of a try beside its job. */
export interface FrameTools {
  readonly store: JobStore;
  readonly images: ImageVerifier;
  /** Measures an image's pixels to detect suspicious frames; null where they can't be decoded. */
  measure?(path: string, format: ImageFormat): Promise<ImageStatistics | null>;
  /** Stores what engines print. */
  readonly logs?: Pick<FrameLogs, 'keep'>;
  /** Called with errors that no outcome reports. */
  onFault(error: unknown): void;
}

/** What a worker delivered, before verification. */
export interface Delivery {
  readonly kind: 'delivered';
  readonly spec: FrameSpec;
  /** The folder holding its files; removed with its contents. */
  readonly folder: string;
  readonly rendered: RenderedFrame;
  /** Source content when the render started. */
  readonly before: Content;
  /** Source content at delivery: later changes are not in the image. */
  readonly after: Promise<Content>;
}

/** A frame whose files are verified, flushed to disk and ready to be renamed into the output. */
export interface ReadyFrame {
  readonly kind: 'ready';
  readonly delivery: Delivery;
  readonly files: readonly ReadyFile[];
  /** Whether the folder that held its files is gone. */
  readonly cleared: boolean;
  /** What is suspicious about its pixels, as a sentence; null for nothing. */
  readonly suspicion: string | null;
  /** Fingerprint of what the frame shows; null where unknown because its sources keep changing. */
  readonly fingerprint: string | null;
  /** Warnings for the user, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Outcome of a try. `failed`: see its error; `source-changed`: source files changed during the render, whether it failed
 * or not; `existing`: an acceptable image (of the same content, or one the job keeps) has appeared at its output path
 * meanwhile; `given-up`: the try was aborted. All but `ready` leave nothing on disk.
 */
export type Outcome =
  | ReadyFrame
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'source-changed' | 'existing' | 'given-up' };

/** Renders a frame on a worker. */
export async function renderTry(
  { jobId, frame, lease, attempt, controller: { signal } }: Assignment,
  active: ActiveJob,
  worker: Worker,
  onProgress: (progress: FrameProgress) => void,
  { store, logs, onFault }: FrameTools,
): Promise<Delivery | Outcome> {
  const { settings, source, volumes } = active;
  const spec: FrameSpec = { host: store.notes.host, jobId, frame, lease, settings };
  const image = imagesOf(settings, frame)[0]!;
  let folder = image;
  let before: Content | null = null;
  try {
    before = await source.current();
    await volumes?.check();
    folder = await makeFrameFolder(image, spec);
    if (signal.aborted) throw new FrameError('given up', false);
    const rendered = await renderFrame(spec, folder, worker, onProgress, signal);
    if (rendered.log.length > 0) void logs?.keep(jobId, frame, attempt, rendered.log);
    const after = source.readAgain();
    after.catch(() => undefined);
    return { kind: 'delivered', spec: spec, folder, rendered, before, after };
  } catch (error) {
    if (error instanceof FrameError && error.log.length > 0) void logs?.keep(jobId, frame, attempt, error.log);
    const cause = await outputCause(error, folder, volumes);
    await clearAway(spec).catch(onFault);
    // A scene that is being saved is whole for nobody: its failure says nothing about the frame. The caller waits for it.
    const changed =
      !signal.aborted &&
      before !== null &&
      cause instanceof FrameError &&
      rendersAgain(active.sourceChanges.get(frame) ?? 0) &&
      (await source.hasChanged(before));
    if (signal.aborted) return { kind: 'given-up' };
    return changed ? { kind: 'source-changed' } : { kind: 'failed', error: cause };
  }
}

/** Verifies what a worker delivered, and checks for files that have appeared at its output paths meanwhile. */
export async function verifyTry(
  delivery: Delivery,
  { controller: { signal } }: Assignment,
  active: ActiveJob,
  tools: FrameTools,
): Promise<Outcome> {
  const { spec } = delivery;
  const files: ReadyFile[] = [];
  let outcome: Outcome;
  try {
    outcome = await verified(delivery, signal, active, tools, files);
  } catch (error) {
    outcome = { kind: 'failed', error: await outputCause(error, delivery.folder, active.volumes) };
  }
  if (signal.aborted) outcome = { kind: 'given-up' };
  if (outcome.kind !== 'ready') await clearAway(spec, files).catch(tools.onFault);
  return outcome;
}

/** @param files receives the staged files, also when it throws */
async function verified(
  delivery: Delivery,
  signal: AbortSignal,
  active: ActiveJob,
  { store, images, measure }: FrameTools,
  files: ReadyFile[],
): Promise<Outcome> {
  const { spec, rendered, before } = delivery;
  const { jobId: id, frame, settings } = spec;
  if (signal.aborted) return { kind: 'given-up' };
  for await (const file of makeReady(spec, rendered, images)) files.push(file);
  let suspicion: string | null = null;
  for (const { from } of files.filter(({ own }) => own))
    suspicion ??= suspicionOf((await measure?.(from, settings.format)) ?? null);
  const after = await delivery.after;
  const unchanged = after.fingerprint === before.fingerprint;
  if (!unchanged && rendersAgain(active.sourceChanges.get(frame) ?? 0)) return { kind: 'source-changed' };
  const fingerprint = unchanged ? after.fingerprint : null;
  if (!settings.overwrite && !active.replaceable.has(frame) && isTaken(files)) {
    const scanned = { id, settings, fingerprint: fingerprint ?? '', folder: store.folder(id) };
    const found = await scanFrame(store, images, scanned, frame);
    if (found.kind === 'taken') throw new OccupiedError(`${found.what}.`);
    if (found.kind === 'there' || found.kind === 'kept') return { kind: 'existing' };
  }
  const warnings = unchanged
    ? []
    : [
        `${changedSource(before.sources, after.sources) ?? 'A file that the scene reads'} keeps changing while it is rendered: nobody can tell what the images show.`,
      ];
  const cleared = await clearEarly(delivery.folder, files);
  return { kind: 'ready', delivery, files, cleared, suspicion, fingerprint, warnings };
}
