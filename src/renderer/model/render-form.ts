import { MAX_FRAMES } from '../../shared/frame-range';
import { MAX_SAMPLES, MAX_SIDE, type JobRequest } from '../../shared/jobs';
import type { SceneInfo } from '../../shared/scene';

/** The fields of the Properties area, as the person typed them. */
export interface RenderForm {
  readonly frameStart: string;
  readonly frameEnd: string;
  /** Frames per second. */
  readonly fps: string;
  /** Pixels. */
  readonly width: string;
  readonly height: string;
  readonly samples: string;
  /** Empty: the scene's own choice. */
  readonly camera: string;
  /** Empty: the host's own choice. */
  readonly output: string;
  readonly overwrite: boolean;
  /** Empty: as many as the preferences allow. */
  readonly workers: string;
}

export type RenderField = keyof RenderForm;
/** One sentence for each field that can't be used. */
export type RenderErrors = Partial<Record<RenderField, string>>;

/** Same limit as jobRequestSchema. */
const MAX_WORKERS = 64;
const MAX_FPS = 1_000;
const MAX_FRAME = 999_999_999;

/** What a scene proposes. What is about the machine and not about the scene is kept from the form before. */
export function formForScene(scene: SceneInfo, before: RenderForm | null): RenderForm {
  return {
    frameStart: String(scene.frameStart),
    frameEnd: String(scene.frameEnd),
    fps: String(scene.fps),
    width: String(scene.width),
    height: String(scene.height),
    samples: String(scene.samples),
    camera: '',
    output: '',
    overwrite: before?.overwrite ?? false,
    workers: before?.workers ?? '',
  };
}

/** @returns one sentence for each field that can't be used; empty when the form can be submitted */
export function checkForm(form: RenderForm): RenderErrors {
  const errors: RenderErrors = {};
  const check = (field: RenderField, sentence: string | null): void => {
    if (sentence !== null) errors[field] = sentence;
  };
  check('frameStart', wholeNumber(form.frameStart, 'The first frame', 0, MAX_FRAME));
  check('frameEnd', wholeNumber(form.frameEnd, 'The last frame', 0, MAX_FRAME));
  check('width', wholeNumber(form.width, 'The width', 1, MAX_SIDE, ' pixels'));
  check('height', wholeNumber(form.height, 'The height', 1, MAX_SIDE, ' pixels'));
  check('samples', wholeNumber(form.samples, 'Samples', 1, MAX_SAMPLES));
  if (form.workers.trim() !== '') check('workers', wholeNumber(form.workers, 'Workers', 1, MAX_WORKERS, ', or nothing for as many as the preferences allow'));
  const fps = readNumber(form.fps);
  if (fps === null || fps <= 0 || fps > MAX_FPS) errors.fps = `The frame rate is a number above 0 and up to ${count(MAX_FPS)}, such as 24 or 29.97.`;
  check('output', outputProblem(form.output.trim()));
  if (errors.frameStart === undefined && errors.frameEnd === undefined) {
    const [start, end] = [Number(form.frameStart), Number(form.frameEnd)];
    if (end < start) errors.frameEnd = `The last frame comes before the first: make it ${start} or more.`;
    else if (end - start >= MAX_FRAMES) errors.frameEnd = `One job has at most ${count(MAX_FRAMES)} frames: split the range into several jobs.`;
  }
  return errors;
}

/**
 * The job that the form asks for.
 *
 * @param frame this one only (Render Image); the whole range where it is missing (Render Animation)
 * @returns null when a field can't be used
 */
export function jobRequest(form: RenderForm, scene: string, frame?: number): JobRequest | null {
  if (Object.keys(checkForm(form)).length > 0) return null;
  const [start, end] = [Number(form.frameStart), Number(form.frameEnd)];
  return {
    scene,
    frames: frame === undefined ? (start === end ? String(start) : `${start}-${end}`) : String(frame),
    width: Number(form.width),
    height: Number(form.height),
    samples: Number(form.samples),
    fps: Number(form.fps),
    overwrite: form.overwrite,
    ...(form.camera === '' ? {} : { camera: form.camera }),
    ...(form.output.trim() === '' ? {} : { output: form.output.trim() }),
    ...(form.workers.trim() === '' ? {} : { workers: Number(form.workers) }),
  };
}

/** First and last frame as they stand in the form; null while they can't be used. */
export function formRange(form: RenderForm): { start: number; end: number } | null {
  const errors = checkForm(form);
  return errors.frameStart === undefined && errors.frameEnd === undefined ? { start: Number(form.frameStart), end: Number(form.frameEnd) } : null;
}

/** What the up and down keys make of a number field. @returns null where its text is not a number */
export function stepped(text: string, by: number, min: number): string | null {
  const value = readNumber(text === '' ? '0' : text);
  return value === null ? null : String(Math.max(min, Math.round((value + by) * 1_000) / 1_000));
}

/** The host's rules for outputs, so that they are told at the field. */
function outputProblem(output: string): string | null {
  if (output === '') return null;
  if (!/^(\/|\\\\|[a-z]:[\\/])/i.test(output)) return 'The output is a full path, or starts with // for the scene’s folder.';
  if (/\.(jpe?g|exr|webp|tiff?|bmp|gif|mp4|mkv|avi|mov|webm)$/i.test(output)) return 'Images are written as PNG: let the output end with .png.';
  return null;
}

function wholeNumber(text: string, name: string, min: number, max: number, unit = ''): string | null {
  const value = readNumber(text);
  const verb = name.endsWith('s') ? 'are' : 'is';
  if (value === null || !Number.isInteger(value) || value < min || value > max) return `${name} ${verb} a whole number from ${min} to ${count(max)}${unit}.`;
  return null;
}

function readNumber(text: string): number | null {
  return /^\s*-?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : null;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
