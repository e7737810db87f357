import { formatOfPath, imageFormats, type ImageFormat } from '../../shared/image-format';
import { lastFrameOf } from '../../shared/frame-time';
import type { SceneInfo } from '../../shared/scene';
import { blenderSceneOf, contentOf, playedAnimations, defaultScene } from './scene-content';
import { readFrameRate } from './typed-value';

/** The fields of the Properties area, as the person typed them. */
export interface RenderForm {
  /** Scene of a .blend or a glTF; empty where there is nothing to choose. */
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
  /** Animations of a glTF that are played together; none: all of them. */
  readonly animations: readonly string[];
  /** `yes` or `no`, of the background; empty: as the scene has it. */
  readonly transparent: string;
  /** What Cycles computes on; empty: as the file and Blender's preferences say. */
  readonly device: string;
  /** Blender's; empty for a scene that knows none. */
  readonly renderEngine: string;
  /** Empty: the host's own choice. */
  readonly output: string;
  readonly format: ImageFormat;
  readonly overwrite: boolean;
  /** An engine of the host's list; empty: the default. */
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
  /** What a machine of the farm must have, with commas between. */
  readonly tags: string;
  /** Names of machines that get none of its frames, with commas between. */
  readonly blockedMachines: string;
  /** Machines at once; empty: as many as there are. */
  readonly maxMachines: string;
}

export type RenderField = keyof RenderForm;
/** Fields that hold what is typed. */
export type TextualField = { [F in RenderField]: string extends RenderForm[F] ? F : never }[RenderField];
/**
 * What a scene proposes. What is about the machine and not about the scene is kept from the form before. @param
 * factoryStartup as the preferences say
 */
export function formForScene(scene: SceneInfo, before: RenderForm | null, factoryStartup = false): RenderForm {
  return {
    ...sceneValues(scene, defaultScene(scene)),
    output: '',
    // What may go over another scene's images is asked anew.
    overwrite: false,
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
    tags: '',
    blockedMachines: '',
    maxMachines: '',
  };
}

/** The form with another scene of the same file: that scene's values replace those of the one before. */
export function formWithScene(form: RenderForm, scene: SceneInfo, sceneName: string): RenderForm {
  return { ...form, ...sceneValues(scene, sceneName) };
}

/**
 * A glTF's last frame follows from its animations and the frame rate. @returns null where the file says it, or the rate
 * can't be used
 */
function followingEnd(scene: SceneInfo, { sceneName, animations, fps }: RenderForm): string | null {
  const rate = readFrameRate(fps);
  if (scene.engine !== 'gltf' || rate === null) return null;
  return String(
    lastFrameOf(Math.max(0, ...playedAnimations(scene, { sceneName, animations }).map(({ seconds }) => seconds)), rate),
  );
}

/** The form with another value in a field; what follows from it does, unless the person has set that, too. */
export function formWithField<F extends RenderField>(
  form: RenderForm,
  scene: SceneInfo,
  field: F,
  value: RenderForm[F],
): RenderForm {
  const next = { ...form, [field]: value };
  if (field === 'format' || field === 'output') return formForOutputFormat(next, field);
  if (field !== 'fps' && field !== 'animations') return next;
  const end = form.frameEnd.trim() === followingEnd(scene, form) ? followingEnd(scene, next) : null;
  return end === null ? next : { ...next, frameEnd: end };
}

/** What the form would say if the person had set nothing but what others follow from. */
export function proposalFor(form: RenderForm, scene: SceneInfo, factoryStartup = false): RenderForm {
  const own: RenderForm = { ...formForScene(scene, null, factoryStartup), ...sceneValues(scene, form.sceneName) };
  return { ...own, frameEnd: followingEnd(scene, form) ?? own.frameEnd };
}

function sceneValues(scene: SceneInfo, sceneName: string) {
  const blender = blenderSceneOf(scene, sceneName);
  const from = blender ?? scene;
  const content = contentOf(scene, sceneName);
  return {
    sceneName,
    frameStart: String(from.frameStart),
    frameEnd: String(
      content.animations === scene.animations || blender
        ? from.frameEnd
        : lastFrameOf(Math.max(0, ...content.animations.map(({ seconds }) => seconds)), from.fps),
    ),
    frameStep: String(from.frameStep),
    fps: String(from.fps),
    animations: [],
    transparent: '',
    device: '',
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
  const own = proposalFor(form, scene, factoryStartup);
  const same = (field: RenderField): boolean => {
    const [now, normal] = [form[field], own[field]];
    if (typeof now === 'string' && typeof normal === 'string') return now.trim() === normal;
    return typeof now === 'object' ? JSON.stringify(now) === JSON.stringify(normal) : now === normal;
  };
  const changed = new Set((Object.keys(own) as RenderField[]).filter((field) => !same(field)));
  if (form.sceneName !== defaultScene(scene)) changed.add('sceneName');
  return changed;
}

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
