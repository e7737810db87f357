import type { AddonStatus } from '../api/context';
import type { WatchState } from './watch';

/** What the panel shows besides the last look. */
export interface WatchRecord {
  /** A scene, and when it was taken, in words. */
  taken: string | null;
  /** A scene, when it was refused or its job failed, and why. */
  failed: string | null;
  done: number;
}

/**
 * The add-on's lines in Preferences.
 *
 * @param state of the last look; null before the first one
 * @param away why the folder cannot be read; null when it can
 */
export function statusOf(
  folder: string,
  state: WatchState | null,
  away: string | null,
  { taken, failed, done }: WatchRecord,
): AddonStatus {
  if (folder === '') return { level: 'warning', text: 'No folder is watched yet: choose one.', details: [] };
  const details = [
    { label: 'Folder', value: folder },
    ...(taken === null ? [] : [{ label: 'Last taken', value: taken }]),
    ...(done === 0 ? [] : [{ label: 'Done', value: `${done} since it was enabled` }]),
    ...(failed === null ? [] : [{ label: 'Last failure', value: failed }]),
    ...(state && state.ignored > 0
      ? [{ label: 'Ignored', value: `${state.ignored} that are links, folders or no files` }]
      : []),
  ];
  if (away !== null) return { level: 'warning', text: away, details };
  if (!state) return { level: 'ok', text: `Looking at ${folder}…`, details };
  if (state.trouble !== null) return { level: 'warning', text: state.trouble, details };
  const parts = [
    ...(state.open > 0 ? [count(state.open, 'job', 'jobs')] : []),
    ...(state.waiting > 0 ? [`${count(state.waiting, 'scene', 'scenes')} waiting`] : []),
  ];
  return { level: 'ok', text: `Watching ${folder}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`, details };
}

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
