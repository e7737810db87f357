import { z } from 'zod';
import type { SceneInfo } from '../../shared/scene';
import { changedFields, formForScene, formWithScene, type RenderForm } from './render-form';
import { contentOf, sceneNames } from './scene-content';

/** What the person was working on, stored in this browser or window: a reload or a restart restores it. */
const savedSessionSchema = z.object({
  /** Path of the scene that was open last; null where none was. */
  scene: z.string().nullable(),
  /** Fields that said something else than the scene. */
  fields: z.record(z.string(), z.unknown()),
  /**
   * What image and timeline showed. A job has the time it was made, too: another data folder has other jobs of the same
   * numbers.
   */
  shown: z.union([z.literal('leading'), z.literal('scene'), z.object({ id: z.int(), createdAt: z.number() })]),
  frame: z.int().nullable(),
});
export type SavedSession = z.infer<typeof savedSessionSchema>;

const KEY = 'framegauge.work';

/** @returns null where nothing is kept, or nothing that can be used */
export function loadSession(storage: Storage): SavedSession | null {
  try {
    return savedSessionSchema.parse(JSON.parse(storage.getItem(KEY) ?? 'null'));
  } catch {
    return null;
  }
}

export function saveSession(session: SavedSession, storage: Storage): void {
  try {
    storage.setItem(KEY, JSON.stringify(session));
  } catch {
    // A full or forbidden storage is no reason to trouble anyone.
  }
}

/** The fields of a form that are the person's own. */
export function ownFields(form: RenderForm, scene: SceneInfo, factoryStartup: boolean): Record<string, unknown> {
  return Object.fromEntries([...changedFields(form, scene, factoryStartup)].map((field) => [field, form[field]]));
}

/** The form of a scene, which may have changed meanwhile, with the person's own fields as far as they still fit it. */
export function formWithOwn(
  scene: SceneInfo,
  own: Readonly<Record<string, unknown>>,
  before: RenderForm | null,
  factoryStartup: boolean,
): RenderForm {
  let form = formForScene(scene, before, factoryStartup);
  const names = sceneNames(scene);
  if (typeof own['sceneName'] === 'string' && names.includes(own['sceneName']))
    form = formWithScene(form, scene, own['sceneName']);
  const fits = ([field, value]: [string, unknown]): boolean =>
    field !== 'sceneName' && Object.hasOwn(form, field) && sameKind(value, form[field as keyof RenderForm]);
  const kept = { ...form, ...Object.fromEntries(Object.entries(own).filter(fits)) };
  const there = contentOf(scene, kept.sceneName).animations.map(({ name }) => name);
  return { ...kept, animations: kept.animations.filter((name) => there.includes(name)) };
}

function sameKind(value: unknown, own: unknown): boolean {
  if (Array.isArray(own)) return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof value === typeof own && !Array.isArray(value);
}
