import { MAX_PRIORITY, renderDeviceSchema, type JobRequest, type JobSettings } from '../../shared/jobs';
import type { SceneInfo } from '../../shared/scene';
import { listOf } from '../../shared/machine-limits';
import { checkForm } from './check-form';
import { changedFields, type RenderField, type RenderForm } from './render-form';
import { readJobs } from './typed-value';

/**
 * The job that the form asks for: what is as scene and host have it is left to them.
 *
 * @param frame a preview of this one only, in a folder of the host's own and before all other jobs (Render Image); the
 * whole range where it is missing (Render Animation)
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
  // Where a job's images go and when its turn comes do not apply to a preview.
  const own = (field: RenderField): boolean => frame === undefined && changed.has(field);
  const [start, end, step] = [Number(form.frameStart), Number(form.frameEnd), Number(form.frameStep)];
  const device = renderDeviceSchema.safeParse(form.device);
  const whole = start === end ? String(start) : `${start}-${end}${step === 1 ? '' : `x${step}`}`;
  return {
    scene: scene.path,
    ...(frame !== undefined
      ? // Whoever asks for a preview waits for it: it takes the next worker that is free.
        { frames: String(frame), preview: true, priority: MAX_PRIORITY }
      : has('frameStart', 'frameEnd', 'frameStep')
        ? { frames: whole }
        : {}),
    // The host takes a width that it is given for pixels, whatever the scene's percentage: all three say together what
    // stands in the form.
    ...(has('width', 'height', 'percentage')
      ? {
          width: Number(form.width),
          height: Number(form.height),
          ...(scene.engine === 'blender' ? { percentage: Number(form.percentage) } : {}),
        }
      : {}),
    ...(has('samples') && form.samples.trim() !== '' ? { samples: Number(form.samples) } : {}),
    ...(has('fps') ? { fps: Number(form.fps) } : {}),
    ...(own('overwrite') ? { overwrite: form.overwrite } : {}),
    ...(has('camera') ? { camera: form.camera } : {}),
    ...(own('output') ? { output: form.output.trim() } : {}),
    ...(has('format') ? { format: form.format } : {}),
    ...(has('sceneName') ? { sceneName: form.sceneName } : {}),
    ...(has('animations') ? { animations: [...form.animations] } : {}),
    ...(has('transparent') ? { transparent: form.transparent === 'yes' } : {}),
    // Only Cycles has one.
    ...(device.success && form.renderEngine === 'cycles' ? { device: device.data } : {}),
    ...(has('renderEngine') ? { renderEngine: form.renderEngine } : {}),
    ...(has('installation') ? { engine: form.installation } : {}),
    ...(has('allowScripts') ? { allowScripts: form.allowScripts } : {}),
    ...(has('factoryStartup') ? { factoryStartup: form.factoryStartup } : {}),
    ...(has('workers') ? { workers: Number(form.workers) } : {}),
    ...(own('order') ? { order: form.order } : {}),
    ...(own('attempts') ? { attempts: Number(form.attempts) } : {}),
    ...(own('failureShare') ? { failureShare: Number(form.failureShare) / 100 } : {}),
    ...(own('priority') ? { priority: Number(form.priority) } : {}),
    ...(own('after') ? { after: readJobs(form.after)! } : {}),
    ...(has('tags') ? { tags: listOf(form.tags) } : {}),
    ...(has('blockedMachines') ? { blockedMachines: listOf(form.blockedMachines) } : {}),
    ...(own('maxMachines') ? { maxMachines: Number(form.maxMachines) } : {}),
    ...(own('startAt') ? { startAt: Date.parse(form.startAt) } : {}),
  };
}

/** The request that leads to a job's settings once more. What the engine chose by itself is left to it. */
export function requestOf(settings: JobSettings): JobRequest {
  const { installation, views: _, imageSize: ___, viewTransform: ____, versionOf: __, samples, ...same } = settings;
  const own = Object.entries({ ...same, samples: samples > 0 ? samples : null, engine: installation });
  return Object.fromEntries(own.filter(([, value]) => value !== null)) as unknown as JobRequest;
}

/** A preview of one frame with a job's settings: where its images go and when its turn comes do not apply to it. */
export function previewOf(settings: JobSettings, frame: number): JobRequest {
  const { output: _, overwrite: __, keepExisting: ___, order: ____, ...same } = requestOf(settings);
  return { ...same, frames: String(frame), preview: true, priority: MAX_PRIORITY };
}

/** A preview with a quarter of the size has at most so many samples. */
const QUICK_SAMPLES = 8;

/**
 * A preview of one frame that is there soon: a quarter of the sides that the form asks for, and few samples.
 *
 * @returns null when a field can't be used
 */
export function quickPreview(
  form: RenderForm,
  scene: SceneInfo,
  frame: number,
  factoryStartup: boolean,
): JobRequest | null {
  const request = jobRequest(form, scene, frame, factoryStartup);
  if (request === null) return null;
  const quarter = (text: string): number => Math.max(1, Math.round(Number(text) / 4));
  const samples = Math.min(Number(form.samples), QUICK_SAMPLES);
  return {
    ...request,
    // A .blend's own percentage stands in the form too, and would apply to the size in the file only.
    width: scene.engine === 'blender' ? Number(form.width) : quarter(form.width),
    height: scene.engine === 'blender' ? Number(form.height) : quarter(form.height),
    ...(scene.engine === 'blender' ? { percentage: Math.max(1, Number(form.percentage) / 4) } : {}),
    ...(form.samples.trim() === '' ? {} : { samples }),
  };
}
