import { MAX_PAGE } from '../../shared/host-api';
import type { Frame } from '../../shared/jobs';
import { messageOf } from '../../shared/user-error';
import { acceptFrames, awaitFrames, failFrames } from '../model/host-model';
import { acceptStatistics, AWAITED_STATISTICS } from '../model/statistics-model';
import type { ActionContext } from './action-context';

/** Of the message that a job's frames could not be had. */
export const FRAMES = 'frames';

/** What the window asks the host for once somebody needs to see it. */
export function createLoadActions({ client, store, set, tell, settle, call }: ActionContext) {
  return {
    /** Asks for the host's statistics once; from then on events keep them true. */
    async needStatistics(): Promise<void> {
      const { model } = store.getState();
      if (model.early !== null || model.statistics !== null) return;
      set({ model: { ...model, statistics: AWAITED_STATISTICS } });
      const statistics = await call('statistics.get', {});
      const now = store.getState().model;
      // The connection was lost meanwhile, and they are asked for again.
      if (!now.statistics?.loading) return;
      set({
        model: {
          ...now,
          statistics: statistics
            ? acceptStatistics(now.statistics, statistics, Date.now())
            : { ...now.statistics, loading: false },
        },
      });
    },
    /** Asks for a job's frames once; from then on events keep them true. */
    async needFrames(jobId: number): Promise<void> {
      const { model } = store.getState();
      if (model.early !== null || model.frames.has(jobId)) return;
      set({ model: awaitFrames(model, jobId) });
      try {
        const list: Frame[] = [];
        for (;;) {
          const page = await client.call('job.frames', { id: jobId, offset: list.length, limit: MAX_PAGE });
          for (const frame of page) list.push(frame);
          // Forgotten, or the connection was lost: what remains is not wanted.
          if (page.length < MAX_PAGE || store.getState().model.frames.get(jobId)?.kind !== 'loading') break;
        }
        set({ model: acceptFrames(store.getState().model, jobId, list) });
        settle(FRAMES);
      } catch (error) {
        set({ model: failFrames(store.getState().model, jobId) });
        tell('error', messageOf(error), { topic: FRAMES });
      }
    },
  };
}
