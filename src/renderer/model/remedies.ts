import type { FailureCode } from '../../shared/failures';
import type { Job } from '../../shared/jobs';
import { msg, t } from '../../shared/texts/translate';

/** What can be done in this window about a failure. Each is an action of actions/remedy-actions.ts. */
export type RemedyId =
  | 'overwrite'
  | 'new-version'
  | 'allow-scripts'
  | 'raise-failures'
  | 'raise-memory'
  | 'raise-timeout'
  | 'show-engines'
  | 'show-folders';

export interface Remedy {
  readonly id: RemedyId;
  readonly label: string;
  /** What it does, for a tip. */
  readonly title: string;
}

const REMEDIES: Readonly<Record<RemedyId, Omit<Remedy, 'id'>>> = {
  overwrite: {
    label: msg('Overwrite'),
    title: msg('Render these frames as a new job, over the images that are in the way'),
  },
  'new-version': { label: msg('New Version'), title: msg('Render a copy of the job beside those images, into v002') },
  'allow-scripts': {
    label: msg('Allow Scripts'),
    title: msg('Render a copy of the job in which the scripts of the file run: they can do anything that you can'),
  },
  'raise-failures': {
    label: msg('Raise Limit'),
    title: msg('Render the failed frames again, and let the job go on however many of them fail'),
  },
  'raise-memory': { label: msg('Raise Limit'), title: msg('Open Preferences where the memory of Blender is limited') },
  'raise-timeout': {
    label: msg('Raise Limit'),
    title: msg('Open Preferences where the time without an answer is limited'),
  },
  'show-engines': { label: msg('Open Preferences'), title: msg('Open Preferences where Blender is chosen') },
  'show-folders': {
    label: msg('Open Preferences'),
    title: msg('Open Preferences where the folders are that scenes may read'),
  },
};

/** What mends which failure; nothing where only the scene or the machine can be mended. */
const MENDED_BY: Readonly<Record<FailureCode, readonly RemedyId[]>> = {
  render: [],
  crash: [],
  timeout: ['raise-timeout'],
  memory: ['raise-memory'],
  image: [],
  output: ['new-version'],
  'images-in-the-way': ['overwrite', 'new-version'],
  program: ['show-engines'],
  newer: ['show-engines'],
  scene: [],
  camera: [],
  device: [],
  outside: ['show-folders'],
  'too-many': ['raise-failures'],
};

/**
 * What mends a failure of a job.
 *
 * @param heldScripts whether its file has scripts that were not run, which may be all that it lacks
 */
export function remediesFor(
  code: FailureCode | null,
  { engine, settings }: Pick<Job, 'engine' | 'settings'>,
  heldScripts: boolean,
): Remedy[] {
  const ids = code === null ? [] : [...MENDED_BY[code]];
  const scripts = heldScripts && !settings.allowScripts && (code === 'render' || code === 'camera' || code === 'image');
  if (scripts) ids.push('allow-scripts');
  return ids
    .filter((id) => engine === 'blender' || (id !== 'raise-memory' && id !== 'show-engines'))
    .map((id) => ({ id, label: t(REMEDIES[id].label), title: t(REMEDIES[id].title) }));
}
