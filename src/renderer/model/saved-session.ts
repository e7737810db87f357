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
  /** The same of scenes that were open before, by path, the latest last. */
  others: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
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

/** As many scenes' fields are kept beside those of the open one. */
const OTHERS_KEPT = 20;
/** Meant for the next job rather than for the scene: days later nobody expects them. */
const MEANT_ONCE: readonly string[] = ['overwrite', 'after', 'startAt'];

/**
 * What is kept of other scenes once one is open.
 *
 * @param scene path of that one
 * @param kept what was stored last, perhaps of the scene that it takes the place of
 */
export function othersBeside(scene: string, kept: SavedSession): SavedSession['others'] {
  const before = kept.scene === null || kept.scene === scene ? [] : [[kept.scene, kept.fields] as const];
  const others = Object.entries(kept.others).filter(([path]) => path !== scene && path !== kept.scene);
  const left = before.map(
    ([path, fields]) =>
      [path, Object.fromEntries(Object.entries(fields).filter(([name]) => !MEANT_ONCE.includes(name)))] as const,
  );
  return Object.fromEntries([...others, ...left.filter(([, own]) => Object.keys(own).length > 0)].slice(-OTHERS_KEPT));
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
