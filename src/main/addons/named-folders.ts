import { dirname } from 'node:path';
import type { LifecycleEventName } from '../../shared/lifecycle';
import { throttle } from '../../shared/throttle';
import type { DisposableStore } from '../disposable-store';
import type { Lifecycle } from '../events/lifecycle';
import type { JobStore } from '../jobs/store/job-store';
import type { Preferences } from '../preferences/preferences';
import type { CurrentScene } from '../scenes/current-scene';
import { sceneFoldersIn } from '../scenes/scene-access';
import type { NamedFolders } from './granted-places';

export interface NamedFoldersOptions {
  readonly store: Pick<JobStore, 'outputs' | 'unfinished'>;
  readonly preferences: Pick<Preferences, 'host' | 'outputDirectory'>;
  readonly scene: Pick<CurrentScene, 'get'>;
}

/** The folders that manifests call `output` and `scenes`. @returns reads what they are at the moment */
export function createNamedFolders({ store, preferences, scene }: NamedFoldersOptions): () => NamedFolders {
  return () => {
    const open = scene.get();
    return {
      output: sorted([preferences.outputDirectory(), ...store.outputs.unfinishedFolders()]),
      scenes: sorted([
        ...(open ? [dirname(open.path)] : []),
        ...store.unfinished().map(({ settings }) => dirname(settings.scene)),
        ...sceneFoldersIn(preferences.host()),
      ]),
    };
  };
}

/** Interval for looking whether a folder that was away is there again, in milliseconds: nothing tells of that. */
const LOOK_INTERVAL = 10_000;

const CHANGING: ReadonlySet<LifecycleEventName> = new Set([
  'load_post',
  'job_queued',
  // The folder of a job's images exists from its first image on.
  'render_write',
]);

/**
 * Tells the add-ons when the folders may be others, once a second at most, until the host closes.
 *
 * @returns to be called when the preferences have changed
 */
export function followFolders(
  lifecycle: Pick<Lifecycle, 'on'>,
  addons: { foldersChanged(): Promise<void> },
  held: Pick<DisposableStore, 'defer'>,
): () => void {
  const changed = throttle(1_000, () => void addons.foldersChanged());
  const looking = setInterval(changed, LOOK_INTERVAL);
  held.defer(() => clearInterval(looking));
  lifecycle.on(({ name }) => CHANGING.has(name) && changed());
  return changed;
}

function sorted(folders: readonly string[]): string[] {
  return [...new Set(folders)].sort();
}
