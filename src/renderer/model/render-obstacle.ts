import type { EngineInfo } from '../../shared/engines';
import type { SceneInfo } from '../../shared/scene';
import { t } from '../../shared/texts/translate';

/**
 * Why the open scene cannot be rendered now.
 *
 * @param engines null while they are not known
 * @returns a sentence; null when nothing is in the way
 */
export function renderObstacle(scene: SceneInfo | null, engines: readonly EngineInfo[] | null): string | null {
  if (!scene) return t('No scene is open: open one with File › Open, or drop it on this window.');
  if (scene.engine !== 'blender' || scene.blender !== null) return null;
  const works = engines?.some(({ engine, problem }) => engine === 'blender' && problem === null) ?? false;
  return works
    ? t('Blender has not read this file yet: press Search Again.')
    : t('A .blend file is rendered by Blender: install it, then press Search Again.');
}
