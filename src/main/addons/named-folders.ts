import { dirname } from 'node:path';
import type { AddonPermissions } from '../../shared/addons';
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

/** An add-on's access to jobs; undefined for none. */
export type JobsAccess = NonNullable<AddonPermissions['jobs']>['access'] | undefined;

/**
 * Maximum number of ended jobs whose folders still count: an add-on that was started again goes on with what it had not
 * done with their images.
 */
const MAX_ENDED = 100;

/**
 * The folders that manifests call `output` and `scenes`. An add-on that submits jobs itself could have any folder among
 * those of jobs, so it gets those alone that a person has set in the preferences.
 *
 * @returns reads what they are at the moment
 */
export function createNamedFolders({
  store,
  preferences,
  scene,
}: NamedFoldersOptions): (access: JobsAccess) => NamedFolders {
  return (access) => {
    const output = [preferences.outputDirectory()];
    const scenes = sceneFoldersIn(preferences.host());
    if (access === 'control') return { output, scenes: sorted(scenes) };
    const open = scene.get();
    const { outputs } = store;
    return {
      output: sorted([...output, ...outputs.unfinishedFolders(), ...outputs.endedFolders(MAX_ENDED)]),
      scenes: sorted([
        ...(open ? [dirname(open.path)] : []),
        ...store.unfinished().map(({ settings }) => dirname(settings.scene)),
        ...scenes,
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
