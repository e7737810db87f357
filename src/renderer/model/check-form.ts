import { MAX_FRAME, MAX_FRAMES } from '../../shared/frame-range';
import { formatOfPath, imageFormats, namesOtherFormat } from '../../shared/image-format';
import { MAX_PRIORITY, MAX_SAMPLES, MAX_SIDE } from '../../shared/jobs';
import { listOf, machineLimitFields } from '../../shared/machine-limits';
import { unquoted } from '../../shared/plain-path';
import { msg, t } from '../../shared/texts/translate';
import type { RenderField, RenderForm } from './render-form';
import { MAX_FPS, readFrameRate, readJobs, readNumber } from './typed-value';

/** One sentence for each field that can't be used. */
export type RenderErrors = Partial<Record<RenderField, string>>;

/** Same limits as jobRequestSchema. */
const MAX_WORKERS = 64;
const MAX_PERCENTAGE = 1_000;
const MAX_ATTEMPTS = 100;
const MAX_AFTER = 100;

/** @returns one sentence for each field that can't be used; empty when the form can be submitted */
export function checkForm(form: RenderForm, blender = false): RenderErrors {
  const errors: RenderErrors = {};
  const check = (field: RenderField, sentence: string | null): void => {
    if (sentence !== null) errors[field] = sentence;
  };
  check('frameStart', wholeNumber(form.frameStart, msg('The first frame'), -MAX_FRAME, MAX_FRAME));
  check('frameEnd', wholeNumber(form.frameEnd, msg('The last frame'), -MAX_FRAME, MAX_FRAME));
  check('frameStep', wholeNumber(form.frameStep, msg('The step'), 1, MAX_FRAMES));
  check('percentage', someNumber(form.percentage, t('The percentage'), 1, MAX_PERCENTAGE));
  Object.assign(errors, checkImageFields(form));
  // A render engine without samples leaves the field empty.
  if (blender && form.samples.trim() === '') delete errors.samples;
  check('output', outputProblem(form.output.trim(), blender));
  Object.assign(errors, checkQueueFields(form));
  if (errors.frameStart === undefined && errors.frameEnd === undefined && errors.frameStep === undefined) {
    const [start, end, step] = [Number(form.frameStart), Number(form.frameEnd), Number(form.frameStep)];
    if (end < start)
      errors.frameEnd = t('The last frame comes before the first: make it {start} or more.', { start: String(start) });
    else if ((end - start) / step >= MAX_FRAMES)
      errors.frameEnd = t('One job has at most {max} frames: split the range into several jobs.', {
        max: MAX_FRAMES,
      });
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
  check('width', wholeNumber(form.width, msg('The width'), 1, MAX_SIDE, t(' pixels')));
  check('height', wholeNumber(form.height, msg('The height'), 1, MAX_SIDE, t(' pixels')));
  check('samples', wholeNumber(form.samples, msg('Samples'), 1, MAX_SAMPLES));
  if (form.workers.trim() !== '')
    check(
      'workers',
      wholeNumber(form.workers, msg('Workers'), 1, MAX_WORKERS, t(', or empty for as many as the preferences allow')),
    );
  if (readFrameRate(form.fps) === null)
    errors.fps = t('The frame rate is a number above 0 and up to {max}, such as 24 or 29.97.', {
      max: MAX_FPS,
    });
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
  check('priority', wholeNumber(form.priority, msg('The priority'), -MAX_PRIORITY, MAX_PRIORITY));
  const after = readJobs(form.after);
  if (after === null) errors.after = t('Write job numbers with commas between them, such as 3, 5.');
  else if (after.length > MAX_AFTER) errors.after = t('One job waits for at most {max} others.', { max: MAX_AFTER });
  if (form.startAt !== '' && !Number.isFinite(Date.parse(form.startAt)))
    errors.startAt = t('The start is a day and a time, or empty for immediately.');
  if (form.attempts.trim() !== '')
    check(
      'attempts',
      wholeNumber(form.attempts, msg('Attempts'), 1, MAX_ATTEMPTS, t(', or empty for what the preferences say')),
    );
  if (form.failureShare.trim() !== '')
    check(
      'failureShare',
      someNumber(form.failureShare, t('The share'), 0, 100, t(' percent, or empty for what the preferences say')),
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
export function outputProblem(typed: string, blender: boolean): string | null {
  const output = unquoted(typed);
  if (output === '') return null;
  if (/^file:/i.test(output) && !/^file:(\/\/(localhost)?)?\/[^/]/i.test(output))
    return t('This address names no file of the host’s machine: write the path instead.');
  if (!/^(\/|~[\\/]|\\\\|[a-z]:[\\/]|file:)/i.test(output))
    return t('The output is a full path, or starts with // for the scene’s folder.');
  const format = formatOfPath(output);
  if (!blender && (format === null ? namesOtherFormat(output) : format !== 'png'))
    return t('glTF scenes are rendered to PNG: let the output end with .png.');
  if (blender && namesOtherFormat(output)) {
    const names = Object.values(imageFormats).map(({ name }) => name);
    return t('Images are written as {names} or {last}: choose one below, or leave the ending out.', {
      names: names.slice(0, -1).join(', '),
      last: names.at(-1)!,
    });
  }
  return null;
}

function someNumber(text: string, name: string, min: number, max: number, unit = ''): string | null {
  const value = readNumber(text);
  return value === null || value < min || value > max
    ? t('{name} is a number from {min} to {max}{unit}.', { name, min, max, unit })
    : null;
}

/**
 * @param name from {@link msg}, whose English tells one from many by its ending
 *
 * @returns a sentence where the text is no whole number within the limits
 */
function wholeNumber(text: string, name: string, min: number, max: number, unit = ''): string | null {
  const value = readNumber(text);
  if (value === null || !Number.isInteger(value) || value < min || value > max) {
    const values = { name: t(name), min, max, unit };
    return name.endsWith('s')
      ? t('{name} are a whole number from {min} to {max}{unit}.', values)
      : t('{name} is a whole number from {min} to {max}{unit}.', values);
  }
  return null;
}
