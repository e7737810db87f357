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
