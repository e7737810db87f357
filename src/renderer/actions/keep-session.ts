import type { SceneInfo } from '../../shared/scene';
import { loadSession, othersBeside, ownFields, saveSession, type SavedSession } from '../model/saved-session';
import type { ActionContext } from './action-context';

/** Keeps what the person is working on across reloads and restarts of the window. */
export function createSessionKeeper({ store, set, factoryStartup }: ActionContext) {
  return {
    /** What the person has set for a scene: before it was read again, or when it was open before. */
    ownFieldsOf(scene: SceneInfo): Record<string, unknown> {
      const { form, model } = store.getState();
      const known = model.host?.scene;
      if (form && known?.path === scene.path) return ownFields(form, known, factoryStartup());
      const kept = loadSession(localStorage);
      if (form === null && kept?.scene === scene.path) return kept.fields;
      return kept?.others[scene.path] ?? {};
    },
    /** A new page shows what was shown before. */
    restore(kept: SavedSession | null): void {
      const { model } = store.getState();
      const scene = model.host?.scene ?? null;
      // Of a page that only watches no scene need be open.
      if (!kept || kept.shown === 'leading' || (scene !== null && scene.path !== kept.scene)) return;
      if (kept.shown === 'scene') {
        if (scene) set({ subject: { kind: 'scene' }, pinnedFrame: kept.frame });
      } else {
        const job = model.jobs.byId.get(kept.shown.id);
        if (job?.createdAt === kept.shown.createdAt)
          set({ subject: { kind: 'job', id: job.id }, pinnedFrame: kept.frame, revealed: { job: job.id } });
      }
    },
    /**
     * Stores what the person is working on. The leading job and the frame last written need not be stored: they are
     * found again.
     */
    save(): void {
      const { form, model, subject, pinnedFrame } = store.getState();
      if (model.host === null || model.early !== null) return;
      const { scene } = model.host;
      const job = subject.kind === 'job' ? model.jobs.byId.get(subject.id) : undefined;
      const shown = job ? { id: job.id, createdAt: job.createdAt } : subject.kind === 'scene' ? 'scene' : 'leading';
      const kept = loadSession(localStorage);
      const work =
        scene && form
          ? {
              scene: scene.path,
              fields: ownFields(form, scene, factoryStartup()),
              others: kept === null ? {} : othersBeside(scene.path, kept),
            }
          : // What was set for the scene that was open last is there when it is opened again.
            { scene: null, fields: {}, others: {}, ...kept };
      saveSession({ ...work, shown, frame: pinnedFrame }, localStorage);
    },
  };
}
