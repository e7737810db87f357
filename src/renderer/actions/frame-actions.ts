import { messageOf } from '../../shared/user-error';
import type { Frame, Job } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { shownFrame, shownJob } from '../app-store';
import { copyText } from '../controls/copy-text';
import { framesFor, type PickWay, pickFrames, rangeOf } from '../model/frame-selection';
import type { TimelineCells } from '../model/timeline-cells';
import { rowOf } from '../model/host-model';
import type { ActionContext } from './action-context';
import { copyOf } from './job-copy';

/**
 * What can be done with frames of a job: choosing them, rendering them again, and taking their images elsewhere.
 *
 * @param playback what goes to a frame, whether it plays or not
 */
export function createFrameActions(
  { client, store, set, tell, call }: ActionContext,
  playback: { showFrame(frame: number): void; openFrame(job: number, frame: number): void },
) {
  const known = (job: number, frames: readonly number[]): Frame[] => {
    const table = store.getState().model.frames.get(job);
    return frames.flatMap((frame) => rowOf(table, frame) ?? []);
  };
  const guarded = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      tell('error', messageOf(error), { topic: 'frame' });
    }
  };
  const done = (text: string): void => tell('success', text, { topic: 'frame' });

  async function copyImage(job: Job, frame: number): Promise<void> {
    if (client.frameFile !== null) {
      await client.frameFile(job.id, frame, 'copy');
    } else {
      if (typeof ClipboardItem === 'undefined' || !window.isSecureContext)
        throw new Error(t('This page may not copy images: open it over https or from this machine, or copy the path.'));
      const image = await client.image(job.id, frame);
      if (!image) throw new Error(t('The image of frame {frame} is no longer there.', { frame: String(frame) }));
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': await asPng(image) })]);
    }
    done(t('The image of frame {frame} was copied.', { frame: String(frame) }));
  }

  async function renderFramesAgain(job: Job, frames: readonly number[]): Promise<void> {
    const skipped = new Set(known(job.id, frames).flatMap(({ frame, state }) => (state === 'skipped' ? [frame] : [])));
    const own = frames.filter((frame) => !skipped.has(frame));
    if (own.length > 0 && !(await call('job.requeue', { id: job.id, frames: rangeOf(own) }))) return;
    if (skipped.size > 0)
      await call('job.submit', copyOf(job, { frames: rangeOf([...skipped]), overwrite: true, keepExisting: false }));
  }

  return {
    /** What pressing a cell of the timeline does. */
    pickFrame(frame: number, how: PickWay, cells: TimelineCells): void {
      const state = store.getState();
      const job = shownJob(state);
      const selectedFrames = job
        ? pickFrames(state.selectedFrames, { job: job.id, frame, how, shown: shownFrame(state) }, cells)
        : null;
      set({ selectedFrames });
      playback.showFrame(frame);
    },
    selectFrames(job: Job, frames: readonly number[]): void {
      const [anchor] = frames;
      set({ selectedFrames: anchor === undefined ? null : { job: job.id, frames: new Set(frames), anchor } });
    },
    clearFrames(): void {
      set({ selectedFrames: null });
    },
    /** The frames that a menu on one of them is about; one beside the selection ends it. */
    framesForMenu(job: Job, frame: number): number[] {
      const { selectedFrames } = store.getState();
      const frames = framesFor(selectedFrames, job.id, frame);
      if (frames.length === 1 && selectedFrames !== null) set({ selectedFrames: null });
      return frames;
    },
    /**
     * Renders frames once more. Those that were left out, since images of others were there, are rendered over these, as
     * a new job: to requeue them would leave them out again.
     */
    renderFramesAgain,
    /** Does that at once where one image at most is there; else it says how many are rendered anew, and asks. */
    async askToRenderFrames(job: Job, frames: readonly number[]): Promise<void> {
      const done = known(job.id, frames).filter(({ state }) => state === 'done').length;
      if (done > 1) set({ dialog: 'render-again', dialogJobs: [job.id], dialogFrames: frames });
      else await renderFramesAgain(job, frames);
    },
    /** Shows a frame with its log. */
    showFrameLog(job: Job, frame: number): void {
      playback.openFrame(job.id, frame);
      set({ view: { ...store.getState().view, details: true } });
    },
    copyFramePaths: (job: Job, frames: readonly number[]): Promise<void> =>
      guarded(async () => {
        const paths = known(job.id, frames).flatMap(({ files }) => files);
        if (paths.length === 0) throw new Error(t('None of these frames has an image yet.'));
        if (!(await copyText(paths.join('\n'))))
          throw new Error(t('This page may not copy: select the path and copy it.'));
        done(t('{count, plural, one {The path was copied.} other {# paths were copied.}}', { count: paths.length }));
      }),
    copyFrameImage: (job: Job, frame: number): Promise<void> => guarded(() => copyImage(job, frame)),
    /** Opens an image with the system's program for it, or on a page of its own. */
    openFrameImage: (job: Job, frame: number): Promise<void> =>
      guarded(async () => {
        if (client.frameFile !== null) return client.frameFile(job.id, frame, 'open');
        const image = await client.image(job.id, frame);
        if (!image) throw new Error(t('The image of frame {frame} is no longer there.', { frame: String(frame) }));
        const url = URL.createObjectURL(image);
        window.open(url, '_blank', 'noopener');
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
      }),
    showFrameInFolder: (job: Job, frame: number): Promise<void> =>
      guarded(async () => client.frameFile?.(job.id, frame, 'folder')),
  };
}

/** The clipboard takes PNG only. */
async function asPng(image: Blob): Promise<Blob> {
  if (image.type === 'image/png') return image;
  const bitmap = await createImageBitmap(image);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}
