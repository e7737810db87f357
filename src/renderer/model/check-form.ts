import { MAX_FRAMES } from '../../shared/frame-range';
import { formatOfPath, imageFormats, namesOtherFormat } from '../../shared/image-format';
import { MAX_PRIORITY, MAX_SAMPLES, MAX_SIDE } from '../../shared/jobs';
import { listOf, machineLimitFields } from '../../shared/machine-limits';
import { t } from '../../shared/texts/translate';
import type { RenderField, RenderForm } from './render-form';
import { MAX_FPS, readFrameRate, readJobs, readNumber } from './typed-value';

/** One sentence for each field that can't be used. */
export type RenderErrors = Partial<Record<RenderField, string>>;

/** Same limits as jobRequestSchema. */
const MAX_WORKERS = 64;
const MAX_FRAME = 999_999_999;
const MAX_PERCENTAGE = 1_000;
const MAX_ATTEMPTS = 100;
const MAX_AFTER = 100;

/** @returns one sentence for each field that can't be used; empty when the form can be submitted */
export function checkForm(form: RenderForm, blender = false): RenderErrors {
  const errors: RenderErrors = {};
  const check = (field: RenderField, sentence: string | null): void => {
    if (sentence !== null) errors[field] = sentence;
  };
  check('frameStart', wholeNumber(form.frameStart, 'The first frame', -MAX_FRAME, MAX_FRAME));
  check('frameEnd', wholeNumber(form.frameEnd, 'The last frame', -MAX_FRAME, MAX_FRAME));
  check('frameStep', wholeNumber(form.frameStep, 'The step', 1, MAX_FRAMES));
  check('percentage', someNumber(form.percentage, 'The percentage', 1, MAX_PERCENTAGE));
  Object.assign(errors, checkImageFields(form));
  // A render engine without samples leaves the field empty.
  if (blender && form.samples.trim() === '') delete errors.samples;
  check('output', outputProblem(form.output.trim(), blender));
  Object.assign(errors, checkQueueFields(form));
  if (errors.frameStart === undefined && errors.frameEnd === undefined && errors.frameStep === undefined) {
    const [start, end, step] = [Number(form.frameStart), Number(form.frameEnd), Number(form.frameStep)];
    if (end < start) errors.frameEnd = `The last frame comes before the first: make it ${start} or more.`;
    else if ((end - start) / step >= MAX_FRAMES)
      errors.frameEnd = `One job has at most ${count(MAX_FRAMES)} frames: split the range into several jobs.`;
  }
  return errors;
}

/** The fields of the image and of who renders it that a new job and one in the queue have in common. */
export type ImageFields = Pick<RenderForm, 'width' | 'height' | 'samples' | 'fps' | 'workers'>;

export function checkImageFields(form: ImageFields): Partial<Record<keyof ImageFields, string>> {
  const errors: Partial<Record<keyof ImageFields, string>> = {};
  const check = (field: keyof ImageFields, sentence: string | null): void => {
    if (sentence !== null) errors[field] = sentence;
  };
  check('width', wholeNumber(form.width, 'The width', 1, MAX_SIDE, ' pixels'));
  check('height', wholeNumber(form.height, 'The height', 1, MAX_SIDE, ' pixels'));
  check('samples', wholeNumber(form.samples, 'Samples', 1, MAX_SAMPLES));
  if (form.workers.trim() !== '')
    check(
      'workers',
      wholeNumber(form.workers, 'Workers', 1, MAX_WORKERS, ', or empty for as many as the preferences allow'),
    );
  if (readFrameRate(form.fps) === null)
    errors.fps = `The frame rate is a number above 0 and up to ${count(MAX_FPS)}, such as 24 or 29.97.`;
  return errors;
}

/** The fields that say when and how hard a job is tried. */
export type QueueFields = Pick<
  RenderForm,
  'priority' | 'after' | 'startAt' | 'attempts' | 'failureShare' | 'tags' | 'blockedMachines' | 'maxMachines'
>;

export function checkQueueFields(form: QueueFields): RenderErrors {
  const errors: RenderErrors = {};
  const check = (field: RenderField, sentence: string | null): void => {
    if (sentence !== null) errors[field] = sentence;
  };
  check('priority', wholeNumber(form.priority, 'The priority', -MAX_PRIORITY, MAX_PRIORITY));
  const after = readJobs(form.after);
  if (after === null) errors.after = 'Write job numbers with commas between them, such as 3, 5.';
  else if (after.length > MAX_AFTER) errors.after = `One job waits for at most ${MAX_AFTER} others.`;
  if (form.startAt !== '' && !Number.isFinite(Date.parse(form.startAt)))
    errors.startAt = 'The start is a day and a time, or empty for immediately.';
  if (form.attempts.trim() !== '')
    check(
      'attempts',
      wholeNumber(form.attempts, 'Attempts', 1, MAX_ATTEMPTS, ', or empty for what the preferences say'),
    );
  if (form.failureShare.trim() !== '')
    check(
      'failureShare',
      someNumber(form.failureShare, 'The share', 0, 100, ' percent, or empty for what the preferences say'),
    );
  if (!machineLimitFields.tags.safeParse(listOf(form.tags)).success)
    errors.tags = t('Write tags as words of letters, digits and “._-”, with commas between, such as gpu, linux.');
  if (!machineLimitFields.blockedMachines.safeParse(listOf(form.blockedMachines)).success)
    errors.blockedMachines = t('Write names of machines with commas between; “manager” is the manager’s own.');
  if (form.maxMachines.trim() !== '' && !machineLimitFields.maxMachines.safeParse(readNumber(form.maxMachines)).success)
    errors.maxMachines = t('The number of machines is a whole number from 1 to 10,000, or empty for all.');
  return errors;
}

/** First and last frame and the step as they stand in the form; null while they can't be used. */
export function formRange(form: RenderForm): { start: number; end: number; step: number } | null {
  const errors = checkForm(form);
  const usable = errors.frameStart === undefined && errors.frameEnd === undefined && errors.frameStep === undefined;
  return usable ? { start: Number(form.frameStart), end: Number(form.frameEnd), step: Number(form.frameStep) } : null;
}

/** The host's rules for outputs, so that they are told at the field. */
export function outputProblem(output: string, blender: boolean): string | null {
  if (output === '') return null;
  if (!/^(\/|\\\\|[a-z]:[\\/])/i.test(output))
    return 'The output is a full path, or starts with // for the scene’s folder.';
  const format = formatOfPath(output);
  if (!blender && (format === null ? namesOtherFormat(output) : format !== 'png'))
    return 'glTF scenes are rendered to PNG: let the output end with .png.';
  if (blender && namesOtherFormat(output)) {
    const names = Object.values(imageFormats).map(({ name }) => name);
    return `Images are written as ${names.slice(0, -1).join(', ')} or ${names.at(-1)}: choose one below, or leave the ending out.`;
  }
  return null;
}

function someNumber(text: string, name: string, min: number, max: number, unit = ''): string | null {
  const value = readNumber(text);
  return value === null || value < min || value > max
    ? `${name} is a number from ${min} to ${count(max)}${unit}.`
    : null;
}

/** @returns a sentence where the text is no whole number within the limits */
function wholeNumber(text: string, name: string, min: number, max: number, unit = ''): string | null {
  const value = readNumber(text);
  const verb = name.endsWith('s') ? 'are' : 'is';
  if (value === null || !Number.isInteger(value) || value < min || value > max)
    return `${name} ${verb} a whole number from ${count(min)} to ${count(max)}${unit}.`;
  return null;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
