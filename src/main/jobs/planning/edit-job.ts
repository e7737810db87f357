import type { JobChanges, JobRequest, JobSettings } from '../../../shared/jobs';
import { PICTURE_SETTINGS } from '../../../shared/picture-settings';

/** The changes that only concern a job's schedule, and so are allowed at any time. */
const SCHEDULE_KEYS = ['priority', 'after', 'startAt'] as const;

/** The changes that concern only people, and so are allowed even after the job has ended. */
const LABEL_KEYS = ['name', 'note'] as const;

/**
 * Separates changes of labels and of the schedule from changes to what is rendered; `rendering` is null if there are
 * none of those.
 */
export function partChanges(changes: JobChanges): {
  labels: Pick<JobChanges, (typeof LABEL_KEYS)[number]>;
  schedule: Pick<JobChanges, (typeof SCHEDULE_KEYS)[number]>;
  rendering: Omit<JobChanges, (typeof SCHEDULE_KEYS)[number] | (typeof LABEL_KEYS)[number]> | null;
} {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  const among =
    (keys: readonly string[]) =>
    ([key]: [string, unknown]): boolean =>
      keys.includes(key);
  const others = entries.filter((entry) => !among([...SCHEDULE_KEYS, ...LABEL_KEYS])(entry));
  return {
    labels: Object.fromEntries(entries.filter(among(LABEL_KEYS))),
    schedule: Object.fromEntries(entries.filter(among(SCHEDULE_KEYS))),
    rendering: others.length > 0 ? Object.fromEntries(others) : null,
  };
}

/** The request that would lead to a job's settings, so that changed settings are planned like new ones. */
export function requestOf(settings: JobSettings): JobRequest {
  const {
    views: _views,
    imageSize: _imageSize,
    viewTransform: _viewTransform,
    versionOf: _versionOf,
    installation,
    sceneName,
    renderEngine,
    animations,
    transparent,
    device,
    camera,
    workers,
    ...same
  } = settings;
  return {
    ...same,
    ...(installation === null ? {} : { engine: installation }),
    ...(sceneName === null ? {} : { sceneName }),
    ...(renderEngine === null ? {} : { renderEngine }),
    ...(animations === null ? {} : { animations }),
    ...(transparent === null ? {} : { transparent }),
    ...(device === null ? {} : { device }),
    ...(camera === null ? {} : { camera }),
    ...(workers === null ? {} : { workers }),
  };
}

/** Changes of these may change what a scene proposes for the others. */
const DECIDING = ['sceneName', 'animations', 'fps', 'renderEngine'] as const;

/**
 * As {@link requestOf}, for a change: without what the scene proposed, where the change may lead to another proposal. So
 * a clip keeps its whole length at another frame rate, and another scene of the file has its own length and size.
 *
 * @param plan decides what a request leaves open
 */
export async function requestToChange(
  settings: JobSettings,
  changes: JobChanges,
  plan: (request: JobRequest) => Promise<{ readonly settings: JobSettings }>,
): Promise<JobRequest> {
  /** Leaves out what the scene proposes anyway. */
  async function leaveOpen(
    request: JobRequest,
    keys: readonly (keyof JobSettings & keyof JobRequest)[],
  ): Promise<JobRequest> {
    try {
      const proposed = (await plan(without(request, keys))).settings;
      return without(
        request,
        keys.filter((key) => proposed[key] === settings[key]),
      );
    } catch {
      // Settings that no longer fit the scene may be what the change mends.
      return request;
    }
  }

  let request = requestOf(settings);
  if (DECIDING.some((key) => changes[key] !== undefined)) {
    // The length follows from the frame rate, whoever chose that.
    request = await leaveOpen(request, ['fps']);
    request = await leaveOpen(request, ['frames', 'width', 'height', 'samples', 'workers']);
  }
  // A percentage refers to the scene's own size.
  return changes.percentage === undefined ? request : without(request, ['width', 'height']);
}

function without(request: JobRequest, keys: readonly (keyof JobRequest)[]): JobRequest {
  const { scene, ...others } = request;
  const kept = Object.entries(others).filter(([key]) => !(keys as readonly string[]).includes(key));
  return { scene, ...Object.fromEntries(kept) };
}

/**
 * Which frames must be rendered again after a change: all (`images`), those skipped because their image existed, or
 * none.
 */
export function renderedAnew(before: JobSettings, after: JobSettings): 'images' | 'skipped' | 'none' {
  if (
    [...PICTURE_SETTINGS, 'output' as const].some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  )
    return 'images';
  return after.overwrite && !before.overwrite ? 'skipped' : 'none';
}
