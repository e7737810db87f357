import { MAX_FRAMES } from '../../shared/frame-range';
import { formatOfPath, imageFormats, type ImageFormat } from '../../shared/image-format';
import { MAX_PRIORITY, MAX_SAMPLES, MAX_SIDE, type JobRequest } from '../../shared/jobs';
import type { BlenderScene, SceneInfo } from '../../shared/scene';

/** The fields of the Properties area, as the person typed them. */
export interface RenderForm {
  /** Scene of a .blend; empty where there is nothing to choose. */
  readonly sceneName: string;
  readonly frameStart: string;
  readonly frameEnd: string;
  readonly frameStep: string;
  /** Frames per second. */
  readonly fps: string;
  /** Pixels, before the percentage. */
  readonly width: string;
  readonly height: string;
  readonly percentage: string;
  /** Empty where the render engine has none. */
  readonly samples: string;
  /** Empty: the scene's own choice. */
  readonly camera: string;
  /** Blender's; empty for a scene that knows none. */
  readonly renderEngine: string;
  /** Empty: the host's own choice. */
  readonly output: string;
  readonly format: ImageFormat;
  readonly overwrite: boolean;
  /** An engine of the host's list; empty: the usual one. */
  readonly installation: string;
  readonly allowScripts: boolean;
  readonly factoryStartup: boolean;
  /** Empty: as many as the preferences allow. */
  readonly workers: string;
  readonly priority: string;
  /** Numbers of jobs, with commas between. */
  readonly after: string;
  /** Local day and time as a `datetime-local` field writes it; empty: at once. */
  readonly startAt: string;
  readonly order: string;
  /** Empty: as the preferences say. */
  readonly attempts: string;
  /** Percent; empty: as the preferences say. */
  readonly failureShare: string;
}

export type RenderField = keyof RenderForm;
/** Fields that hold what is typed. */
export type TextualField = { [F in RenderField]: string extends RenderForm[F] ? F : never }[RenderField];
/** One sentence for each field that can't be used. */
export type RenderErrors = Partial<Record<RenderField, string>>;

/** Same limits as jobRequestSchema. */
const MAX_WORKERS = 64;
const MAX_FPS = 1_000;
const MAX_FRAME = 999_999_999;
const MAX_PERCENTAGE = 1_000;
const MAX_ATTEMPTS = 100;
const MAX_AFTER = 100;

/** The orders of frames that are offered, in words. */
export const FRAME_ORDERS: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'sequence', label: 'In sequence' },
  { value: 'middle-out', label: 'From the middle out' },
  ...[2, 4, 5, 8, 10, 16, 25, 50, 100].map((step) => ({
    value: `every-${step}`,
    label: `Every ${step}${step === 2 ? 'nd' : 'th'} first`,
  })),
];

/** The scene of a .blend that the form is about; null for other files. */
export function blenderSceneOf(scene: SceneInfo, sceneName: string): BlenderScene | null {
  return scene.blender?.scenes.find(({ name }) => name === (sceneName || scene.blender!.activeScene)) ?? null;
}

/** What a scene has for samples with a render engine; null where the engine has no such thing, or the file doesn't say. */
export function samplesFor(scene: BlenderScene, renderEngine: string): number | null {
  return scene.samplesByEngine?.[renderEngine] ?? (renderEngine === scene.renderEngine ? scene.samples : null);
}

/** What a scene proposes. What is about the machine and not about the scene is kept from the form before. @param factoryStartup as the preferences say */
export function formForScene(scene: SceneInfo, before: RenderForm | null, factoryStartup = false): RenderForm {
  return {
    ...sceneValues(scene, scene.blender?.activeScene ?? ''),
    output: '',
    overwrite: before?.overwrite ?? false,
    installation: '',
    allowScripts: false,
    factoryStartup,
    workers: before?.workers ?? '',
    priority: '0',
    after: '',
    startAt: '',
    order: 'sequence',
    attempts: before?.attempts ?? '',
    failureShare: before?.failureShare ?? '',
  };
}

/** The form with another scene of the same file: what that scene says takes the place of what the one before said. */
export function formWithScene(form: RenderForm, scene: SceneInfo, sceneName: string): RenderForm {
  return { ...form, ...sceneValues(scene, sceneName) };
}

function sceneValues(scene: SceneInfo, sceneName: string) {
  const blender = blenderSceneOf(scene, sceneName);
  const from = blender ?? scene;
  return {
    sceneName,
    frameStart: String(from.frameStart),
    frameEnd: String(from.frameEnd),
    frameStep: String(from.frameStep),
    fps: String(from.fps),
    width: String(from.width),
    height: String(from.height),
    percentage: String(blender?.percentage ?? 100),
    samples: from.samples === null ? '' : String(from.samples),
    camera: '',
    renderEngine: blender?.renderEngine ?? '',
    format: blender?.format ?? ('png' as const),
  };
}

/** The fields that say something else than scene and host by themselves: those that a job is told. */
export function changedFields(form: RenderForm, scene: SceneInfo, factoryStartup = false): ReadonlySet<RenderField> {
  const own: RenderForm = { ...formForScene(scene, null, factoryStartup), ...sceneValues(scene, form.sceneName) };
  const same = (field: RenderField): boolean => {
    const [now, normal] = [form[field], own[field]];
    return typeof now === 'string' && typeof normal === 'string' ? now.trim() === normal : now === normal;
  };
  const changed = new Set((Object.keys(own) as RenderField[]).filter((field) => !same(field)));
  if (form.sceneName !== (scene.blender?.activeScene ?? '')) changed.add('sceneName');
  return changed;
}

/** @returns one sentence for each field that can't be used; empty when the form can be submitted */
export function checkForm(form: RenderForm, blender = false): RenderErrors {
  const errors: RenderErrors = {};
  const check = (field: RenderField, sentence: string | null): void => {
    if (sentence !== null) errors[field] = sentence;
  };
  check('frameStart', wholeNumber(form.frameStart, 'The first frame', 0, MAX_FRAME));
  check('frameEnd', wholeNumber(form.frameEnd, 'The last frame', 0, MAX_FRAME));
  check('frameStep', wholeNumber(form.frameStep, 'The step', 1, MAX_FRAMES));
  check('width', wholeNumber(form.width, 'The width', 1, MAX_SIDE, ' pixels'));
  check('height', wholeNumber(form.height, 'The height', 1, MAX_SIDE, ' pixels'));
  check('percentage', someNumber(form.percentage, 'The percentage', 1, MAX_PERCENTAGE));
  // A render engine without samples leaves the field empty.
  if (!(blender && form.samples.trim() === '')) check('samples', wholeNumber(form.samples, 'Samples', 1, MAX_SAMPLES));
  if (form.workers.trim() !== '')
    check(
      'workers',
      wholeNumber(form.workers, 'Workers', 1, MAX_WORKERS, ', or nothing for as many as the preferences allow'),
    );
  const fps = readNumber(form.fps);
  if (fps === null || fps <= 0 || fps > MAX_FPS)
    errors.fps = `The frame rate is a number above 0 and up to ${count(MAX_FPS)}, such as 24 or 29.97.`;
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

/** The fields that say when and how hard a job is tried. */
export type QueueFields = Pick<RenderForm, 'priority' | 'after' | 'startAt' | 'attempts' | 'failureShare'>;

export function checkQueueFields(form: QueueFields): RenderErrors {
  const errors: RenderErrors = {};
  const check = (field: RenderField, sentence: string | null): void => {
    if (sentence !== null) errors[field] = sentence;
  };
  check('priority', wholeNumber(form.priority, 'The priority', -MAX_PRIORITY, MAX_PRIORITY));
  const after = readJobs(form.after);
  if (after === null) errors.after = 'Write the numbers of jobs with commas between, as 3, 5.';
  else if (after.length > MAX_AFTER) errors.after = `One job waits for at most ${MAX_AFTER} others.`;
  if (form.startAt !== '' && !Number.isFinite(Date.parse(form.startAt)))
    errors.startAt = 'The start is a day and a time, or nothing for at once.';
  if (form.attempts.trim() !== '')
    check(
      'attempts',
      wholeNumber(form.attempts, 'Tries', 1, MAX_ATTEMPTS, ', or nothing for what the preferences say'),
    );
  if (form.failureShare.trim() !== '')
    check(
      'failureShare',
      someNumber(form.failureShare, 'The share', 0, 100, ' percent, or nothing for what the preferences say'),
    );
  return errors;
}

/** Numbers of jobs as they are typed. @returns null where they can't be read */
export function readJobs(text: string): number[] | null {
  if (text.trim() === '') return [];
  if (!/^\s*#?\d{1,15}(\s*[,; ]\s*#?\d{1,15})*\s*$/.test(text)) return null;
  return [...new Set((text.match(/\d+/g) ?? []).map(Number))];
}

/**
 * The job that the form asks for: what is as scene and host have it is left to them.
 *
 * @param frame this one only (Render Image); the whole range where it is missing (Render Animation)
 * @returns null when a field can't be used
 */
export function jobRequest(
  form: RenderForm,
  scene: SceneInfo,
  frame?: number,
  factoryStartup = false,
): JobRequest | null {
  if (Object.keys(checkForm(form, scene.engine === 'blender')).length > 0) return null;
  const changed = changedFields(form, scene, factoryStartup);
  const has = (...fields: RenderField[]): boolean => fields.some((field) => changed.has(field));
  const [start, end, step] = [Number(form.frameStart), Number(form.frameEnd), Number(form.frameStep)];
  const whole = start === end ? String(start) : `${start}-${end}${step === 1 ? '' : `x${step}`}`;
  return {
    scene: scene.path,
    ...(frame !== undefined
      ? { frames: String(frame) }
      : has('frameStart', 'frameEnd', 'frameStep')
        ? { frames: whole }
        : {}),
    // The host takes a width that it is given for pixels, whatever the scene's percentage: all three say together what stands in the form.
    ...(has('width', 'height', 'percentage')
      ? {
          width: Number(form.width),
          height: Number(form.height),
          ...(scene.engine === 'blender' ? { percentage: Number(form.percentage) } : {}),
        }
      : {}),
    ...(has('samples') && form.samples.trim() !== '' ? { samples: Number(form.samples) } : {}),
    ...(has('fps') ? { fps: Number(form.fps) } : {}),
    ...(has('overwrite') ? { overwrite: form.overwrite } : {}),
    ...(has('camera') ? { camera: form.camera } : {}),
    ...(has('output') ? { output: form.output.trim() } : {}),
    ...(has('format') ? { format: form.format } : {}),
    ...(has('sceneName') ? { sceneName: form.sceneName } : {}),
    ...(has('renderEngine') ? { renderEngine: form.renderEngine } : {}),
    ...(has('installation') ? { engine: form.installation } : {}),
    ...(has('allowScripts') ? { allowScripts: form.allowScripts } : {}),
    ...(has('factoryStartup') ? { factoryStartup: form.factoryStartup } : {}),
    ...(has('workers') ? { workers: Number(form.workers) } : {}),
    ...(has('order') ? { order: form.order } : {}),
    ...(has('attempts') ? { attempts: Number(form.attempts) } : {}),
    ...(has('failureShare') ? { failureShare: Number(form.failureShare) / 100 } : {}),
    ...(has('priority') ? { priority: Number(form.priority) } : {}),
    ...(has('after') ? { after: readJobs(form.after)! } : {}),
    ...(has('startAt') ? { startAt: Date.parse(form.startAt) } : {}),
  };
}

/** First and last frame and the step as they stand in the form; null while they can't be used. */
export function formRange(form: RenderForm): { start: number; end: number; step: number } | null {
  const errors = checkForm(form);
  const usable = errors.frameStart === undefined && errors.frameEnd === undefined && errors.frameStep === undefined;
  return usable ? { start: Number(form.frameStart), end: Number(form.frameEnd), step: Number(form.frameStep) } : null;
}

/** What the up and down keys make of a number field. @returns null where its text is not a number */
export function stepped(text: string, by: number, min: number): string | null {
  const value = readNumber(text === '' ? '0' : text);
  return value === null ? null : String(Math.max(min, Math.round((value + by) * 1_000) / 1_000));
}

/** The host's rules for outputs, so that they are told at the field. */
export function outputProblem(output: string, blender: boolean): string | null {
  if (output === '') return null;
  if (!/^(\/|\\\\|[a-z]:[\\/])/i.test(output))
    return 'The output is a full path, or starts with // for the scene’s folder.';
  const format = formatOfPath(output);
  if (!blender && (format === null ? OTHER_ENDING.test(output) : format !== 'png'))
    return 'Images are written as PNG: let the output end with .png.';
  if (blender && format === null && OTHER_ENDING.test(output)) {
    const names = Object.values(imageFormats).map(({ name }) => name);
    return `Images are written as ${names.slice(0, -1).join(', ')} or ${names.at(-1)}: choose one below, or leave the ending out.`;
  }
  return null;
}

/** Of files that hold a movie, or an image that is not written here. */
const OTHER_ENDING = /\.(bmp|gif|tga|hdr|dpx|jp2|mp4|mkv|avi|mov|webm|ogv|mpe?g|m4v|flv)$/i;

/** Format and the output's ending agree: the one follows when the other was changed. */
export function formForOutputFormat(form: RenderForm, changed: 'format' | 'output'): RenderForm {
  if (changed === 'format') return { ...form, output: outputWithFormat(form.output, form.format) };
  return { ...form, format: formatForOutput(form.output, form.format) };
}

/** An output whose ending belongs to another format, with that of this one. */
function outputWithFormat(output: string, format: ImageFormat): string {
  const old = formatOfPath(output);
  if (old === null || imageFormats[old].extension === imageFormats[format].extension) return output;
  return output.replace(/\.[^./\\]*$/, imageFormats[format].extension);
}

/** The format that an output's ending asks for, where it is another than the one chosen. */
function formatForOutput(output: string, format: ImageFormat): ImageFormat {
  const told = formatOfPath(output.trim());
  // Both kinds of OpenEXR end alike.
  return told === null || imageFormats[told].extension === imageFormats[format].extension ? format : told;
}

function someNumber(text: string, name: string, min: number, max: number, unit = ''): string | null {
  const value = readNumber(text);
  return value === null || value < min || value > max
    ? `${name} is a number from ${min} to ${count(max)}${unit}.`
    : null;
}

/** @returns a sentence where the text is no whole number within the limits */
export function wholeNumber(text: string, name: string, min: number, max: number, unit = ''): string | null {
  const value = readNumber(text);
  const verb = name.endsWith('s') ? 'are' : 'is';
  if (value === null || !Number.isInteger(value) || value < min || value > max)
    return `${name} ${verb} a whole number from ${min} to ${count(max)}${unit}.`;
  return null;
}

/** A number as people write it; null for everything else. */
export function readNumber(text: string): number | null {
  return /^\s*-?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : null;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
