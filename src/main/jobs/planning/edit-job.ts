import type { JobChanges, JobRequest, JobSettings } from '../../../shared/jobs';

/** What only says when a job's turn comes, and so may change at any time. */
const PLACE = ['priority', 'after', 'startAt'] as const;
/** Settings on which the images depend: frames that are done under others are rendered again. */
const IMAGE_SETTINGS = [
  'scene',
  'width',
  'height',
  'samples',
  'camera',
  'fps',
  'output',
  'installation',
  'sceneName',
  'renderEngine',
  'format',
  'allowScripts',
  'factoryStartup',
] as const satisfies readonly (keyof JobSettings)[];

/** Parts changes into a job's place in the queue and everything else. `rest` is null when there is nothing else. */
export function partChanges(changes: JobChanges): {
  place: Pick<JobChanges, (typeof PLACE)[number]>;
  rest: Omit<JobChanges, (typeof PLACE)[number]> | null;
} {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  const isPlace = ([key]: [string, unknown]): boolean => (PLACE as readonly string[]).includes(key);
  const rest = entries.filter((entry) => !isPlace(entry));
  return {
    place: Object.fromEntries(entries.filter(isPlace)),
    rest: rest.length > 0 ? Object.fromEntries(rest) : null,
  };
}

/** The request that would lead to a job's settings, so that changed settings are decided on as new ones are. */
export function requestOf(settings: JobSettings): JobRequest {
  const { views: _views, installation, sceneName, renderEngine, camera, workers, ...same } = settings;
  return {
    ...same,
    ...(installation === null ? {} : { engine: installation }),
    ...(sceneName === null ? {} : { sceneName }),
    ...(renderEngine === null ? {} : { renderEngine }),
    ...(camera === null ? {} : { camera }),
    ...(workers === null ? {} : { workers }),
  };
}

/** Which frames have to be rendered again after a change: all (`images`), those that were skipped since their image was there, or none. */
export function renderedAnew(before: JobSettings, after: JobSettings): 'images' | 'skipped' | 'none' {
  if (IMAGE_SETTINGS.some((key) => before[key] !== after[key]) || before.views.join('\n') !== after.views.join('\n'))
    return 'images';
  return after.overwrite && !before.overwrite ? 'skipped' : 'none';
}
