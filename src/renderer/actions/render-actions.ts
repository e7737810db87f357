import type { Job, JobRequest } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { areaInSight, foreignJob, shownFrame } from '../app-store';
import { checkForm } from '../model/check-form';
import { jobRequest, previewOf, quickPreview } from '../model/job-request';
import type { RenderField } from '../model/render-form';
import { renderObstacle } from '../model/render-obstacle';
import type { ActionContext } from './action-context';

/** Of messages about a queue that is paused. */
export const QUEUE_PAUSED = 'queue paused';

/**
 * Rendering what is shown: what the open scene's form asks for becomes a job.
 *
 * @param revealJob shows a job that may be anywhere in the list
 * @param openSceneOf opens the scene that a job is of
 */
export function createRenderActions(
  context: ActionContext,
  revealJob: (id: number) => void,
  openSceneOf: (job: Job) => Promise<void>,
) {
  const { store, set, tell, refused, call, withBusy, factoryStartup } = context;

  async function submit(request: JobRequest): Promise<void> {
    const job = await call('job.submit', request);
    if (!job) return;
    revealJob(job.id);
    // Somebody waits for a preview; a job for the night is queued while the queue is paused on purpose.
    if (request.preview && store.getState().model.host?.queue.state !== 'running')
      tell('warning', t('The queue is paused: the preview is rendered once it is resumed.'), {
        topic: QUEUE_PAUSED,
        action: { label: t('Resume Queue'), run: () => void call('queue.resume', {}) },
      });
  }

  /** Asks first where there are images that the job may not replace. */
  async function submitUnlessInTheWay(request: JobRequest): Promise<void> {
    const plan = await withBusy(t('Checking for existing images'), () => call('job.plan', request));
    if (!plan) return;
    if (plan.conflict === null) await submit(request);
    else set({ dialog: 'conflict', conflict: { request, plan } });
  }

  /** @param frame a preview of this one only; `quick`: small, with few samples */
  async function render(frame?: number, quick = false): Promise<void> {
    if (refused()) return;
    const { form, model, engines } = store.getState();
    const scene = model.host?.scene;
    const obstacle = renderObstacle(scene ?? null, engines);
    if (!scene || !form || obstacle !== null) {
      tell('warning', obstacle ?? t('The scene is still being read: try again in a moment.'), { topic: 'scene' });
      return;
    }
    const request =
      quick && frame !== undefined
        ? quickPreview(form, scene, frame, factoryStartup())
        : jobRequest(form, scene, frame, factoryStartup());
    if (request) {
      if (request.preview) await submit(request);
      else await submitUnlessInTheWay(request);
      return;
    }
    const wrong = Object.keys(checkForm(form, scene.engine === 'blender')) as RenderField[];
    // The fields are to be seen.
    set({
      ...areaInSight(store.getState(), 'properties'),
      view: { ...store.getState().view, properties: true },
      touched: new Set([...store.getState().touched, ...wrong]),
    });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-field][aria-invalid="true"]')?.focus());
  }

  return {
    /** Renders the whole range of the open scene; a job of another scene has been rendered already. */
    async renderAnimation(): Promise<void> {
      if (refused()) return;
      const foreign = foreignJob(store.getState());
      if (foreign === null) await render();
      else
        tell(
          'warning',
          t('Job {id} is shown, whose scene is not open: open it to render its animation anew.', {
            id: String(foreign.id),
          }),
          {
            topic: 'scene',
            action: { label: t('Open Scene'), run: () => void openSceneOf(foreign) },
          },
        );
    },
    /** The person's answer to images in the way; null cancels. */
    async resolveConflict(answer: Pick<JobRequest, 'overwrite' | 'newVersion' | 'keepExisting'> | null): Promise<void> {
      const { conflict } = store.getState();
      set({ dialog: null, conflict: null });
      if (conflict && answer) await submit({ ...conflict.request, ...answer });
    },
    /** Renders the frame of the open scene that is shown, small and with few samples: there soon. */
    async renderPreview(): Promise<void> {
      await render(shownFrame(store.getState()) ?? 1, true);
    },
    /** Renders a preview of the frame that is shown, into a folder of its own. */
    async renderImage(): Promise<void> {
      const frame = shownFrame(store.getState()) ?? 1;
      const foreign = foreignJob(store.getState());
      if (foreign === null) await render(frame);
      else if (!refused()) await submit(previewOf(foreign.settings, frame));
    },
  };
}
