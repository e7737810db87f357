import { parseFrameRange } from '../../shared/frame-range';
import type { ImageFormat } from '../../shared/image-format';
import { type Job, type JobChanges, MAX_JOB_NAME, MAX_JOB_NOTE } from '../../shared/jobs';
import { listOf } from '../../shared/machine-limits';
import { PICTURE_SETTINGS } from '../../shared/picture-settings';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { checkImageFields, checkQueueFields, outputProblem } from './check-form';
import { readJobs } from './typed-value';

/** The settings of a job that is in the queue already, as a person types them. */
export interface EditForm {
  readonly name: string;
  readonly note: string;
  readonly frames: string;
  readonly width: string;
  readonly height: string;
  readonly samples: string;
  readonly fps: string;
  readonly camera: string;
  readonly output: string;
  readonly format: ImageFormat;
  readonly overwrite: boolean;
  readonly renderEngine: string;
  readonly allowScripts: boolean;
  readonly factoryStartup: boolean;
  readonly workers: string;
  readonly order: string;
  readonly attempts: string;
  /** Percent. */
  readonly failureShare: string;
  readonly priority: string;
  readonly after: string;
  /** As a `datetime-local` field writes it. */
  readonly startAt: string;
  readonly tags: string;
  readonly blockedMachines: string;
  readonly maxMachines: string;
}

export type EditField = keyof EditForm;

/** May be changed at any time; the others while the job is paused or has not begun. */
export const ANY_TIME: readonly EditField[] = ['name', 'note', 'priority', 'after', 'startAt'];

/** Of a job that has ended only what people call it, and have written down about it. */
export const AT_THE_END: readonly EditField[] = ['name', 'note'];

/** Whether all of a job may be changed now. */
export function isEditable(job: Job): boolean {
  return job.state === 'paused' || (job.state === 'queued' && job.startedAt === null);
}

export function editFormOf({ name, note, settings, priority, after, startAt }: Job): EditForm {
  return {
    name,
    note,
    frames: settings.frames,
    width: String(settings.width),
    height: String(settings.height),
    samples: String(settings.samples),
    fps: String(settings.fps),
    camera: settings.camera ?? '',
    output: settings.output,
    format: settings.format,
    overwrite: settings.overwrite,
    renderEngine: settings.renderEngine ?? '',
    allowScripts: settings.allowScripts,
    factoryStartup: settings.factoryStartup,
    workers: settings.workers === null ? '' : String(settings.workers),
    order: settings.order,
    attempts: String(settings.attempts),
    failureShare: String(Number((settings.failureShare * 100).toFixed(2))),
    priority: String(priority),
    after: after.join(', '),
    startAt: startAt === null ? '' : localMoment(startAt),
    tags: settings.tags.join(', '),
    blockedMachines: settings.blockedMachines.join(', '),
    maxMachines: settings.maxMachines === null ? '' : String(settings.maxMachines),
  };
}

/** @returns one sentence for each field that can't be used */
export function checkEditForm(form: EditForm, blender: boolean): Partial<Record<EditField, string>> {
  const errors: Partial<Record<EditField, string>> = {};
  if (form.name.trim() === '') errors.name = t('The name is what the job is called in lists: write one.');
  else if (form.name.trim().length > MAX_JOB_NAME)
    errors.name = t('A name has {most} characters at most.', { most: MAX_JOB_NAME });
  if (form.note.trim().length > MAX_JOB_NOTE)
    errors.note = t('A note has {most} characters at most.', { most: MAX_JOB_NOTE });
  try {
    parseFrameRange(form.frames);
  } catch (error) {
    errors.frames = messageOf(error);
  }
  const output = form.output.trim();
  const wrong =
    output === ''
      ? t('The output is a full path, or starts with // for the scene’s folder.')
      : outputProblem(output, blender);
  if (wrong !== null) errors.output = wrong;
  return { ...errors, ...checkImageFields(form), ...checkQueueFields(form) };
}

/** What is to be changed of the job: only the fields that say something else than before. */
export function jobChanges(form: EditForm, before: EditForm): JobChanges {
  const told: { [F in EditField]?: unknown } = {
    name: form.name.trim(),
    note: form.note.trim(),
    frames: form.frames.trim(),
    width: Number(form.width),
    height: Number(form.height),
    samples: Number(form.samples),
    fps: Number(form.fps),
    camera: form.camera,
    output: form.output.trim(),
    format: form.format,
    overwrite: form.overwrite,
    renderEngine: form.renderEngine,
    allowScripts: form.allowScripts,
    factoryStartup: form.factoryStartup,
    workers: form.workers.trim() === '' ? undefined : Number(form.workers),
    order: form.order,
    attempts: form.attempts.trim() === '' ? undefined : Number(form.attempts),
    failureShare: form.failureShare.trim() === '' ? undefined : Number(form.failureShare) / 100,
    priority: Number(form.priority),
    after: readJobs(form.after) ?? [],
    startAt: form.startAt === '' ? null : Date.parse(form.startAt),
    tags: listOf(form.tags),
    blockedMachines: listOf(form.blockedMachines),
    maxMachines: form.maxMachines.trim() === '' ? null : Number(form.maxMachines),
  };
  const changed = (Object.keys(told) as EditField[]).filter(
    (field) => form[field] !== before[field] && told[field] !== undefined,
  );
  return Object.fromEntries(changed.map((field) => [field, told[field]])) as JobChanges;
}

/** How many images of a job that are there are rendered anew where it is changed so. */
export function imagesLost(changes: JobChanges, { settings, frames }: Job): number {
  const told: Readonly<Record<string, unknown>> = changes;
  // An empty text chooses nothing.
  const differs = (key: keyof typeof settings): boolean =>
    key in told && (told[key] || null) !== (settings[key] || null);
  if (['output' as const, ...PICTURE_SETTINGS].some(differs)) return frames.done;
  // Images of others, which were left where they are.
  return changes.overwrite && !settings.overwrite ? frames.skipped : 0;
}

/** @param time milliseconds since 1970 @returns `2026-11-21T18:00`, in the time zone of this page */
function localMoment(time: number): string {
  const date = new Date(time);
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
