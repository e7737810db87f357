import { z } from 'zod';
import type { Notice } from '../../shared/host-api';
import { AREA_IDS } from './area-sizes';
import { NO_SELECTION, type JobSelection } from './job-selection';

/** Jobs by number and the time they were made: another data folder has other jobs of the same numbers. */
type JobsById = ReadonlyMap<number, { readonly createdAt: number }>;

/** How a window stood, stored in its tab or window: a reload or a restart restores it. */
const savedWindowSchema = z.object({
  workspace: z.string().catch('render'),
  maximized: z.enum(AREA_IDS).nullable().catch(null),
  /** Number and time of each job of a selection of several. */
  selected: z.array(z.tuple([z.int(), z.number()])).catch([]),
  /** The host's notices that were dismissed: number and time. */
  dismissed: z.array(z.tuple([z.int(), z.number()])).catch([]),
});
export type SavedWindow = z.infer<typeof savedWindowSchema>;

const KEY = 'framegauge.window';

/** @param storages the first that has something counts: that of this tab, then that of all */
export function loadWindow(storages: readonly Storage[]): SavedWindow {
  for (const storage of storages) {
    try {
      const text = storage.getItem(KEY);
      if (text !== null) return savedWindowSchema.parse(JSON.parse(text));
    } catch {
      // Nothing that can be used.
    }
  }
  return savedWindowSchema.parse({});
}

export function saveWindow(saved: SavedWindow, storages: readonly Storage[]): void {
  for (const storage of storages) {
    try {
      storage.setItem(KEY, JSON.stringify(saved));
    } catch {
      // A full or forbidden storage is no reason to trouble anyone.
    }
  }
}

export function savedSelection({ ids }: JobSelection, jobs: JobsById): SavedWindow['selected'] {
  return [...ids].flatMap((id) => {
    const job = jobs.get(id);
    return job ? [[id, job.createdAt]] : [];
  });
}

/** The jobs that were selected, as far as they are still there. */
export function restoredSelection(saved: SavedWindow['selected'], jobs: JobsById): JobSelection {
  const ids = saved.filter(([id, createdAt]) => jobs.get(id)?.createdAt === createdAt).map(([id]) => id);
  return ids.length > 1 ? { ids: new Set(ids), anchor: ids[0]! } : NO_SELECTION;
}

export function savedDismissals(ids: ReadonlySet<number>, notices: readonly Notice[]): SavedWindow['dismissed'] {
  return notices.filter(({ id }) => ids.has(id)).map(({ id, at }) => [id, at]);
}

/** The notices that were dismissed. A host that was started again numbers its own anew. */
export function restoredDismissals(saved: SavedWindow['dismissed'], notices: readonly Notice[]): ReadonlySet<number> {
  return new Set(
    notices.filter(({ id, at }) => saved.some((one) => one[0] === id && one[1] === at)).map(({ id }) => id),
  );
}
