import { basename, extname } from 'node:path';
import { lastFrameOf } from '../../../shared/frame-time';
import type { SceneInfo } from '../../../shared/scene';
import type { GltfFacts } from './gltf-facts';

/** Output settings proposed for a glTF, which has no frames, sizes or samples. */
const DEFAULTS = { fps: 24, width: 1280, height: 720, samples: 16 } as const;

/** The highest frame number (shared/frame-range): no animation is longer than a year. */
const LAST_FRAME = 999_999_999;

/** Scene info of a .glb or .gltf. Frames are numbered as in shared/frame-time. @param path absolute */
export function sceneInfoOf(
  path: string,
  { bytes, scenes, activeScene, animations, warnings, overlaps }: GltfFacts,
): SceneInfo {
  const contents = scenes.map((scene) => ({
    cameras: [...scene.cameras],
    animations: scene.animations.map((i) => ({ name: animations[i]!.name, seconds: animations[i]!.seconds ?? 0 })),
  }));
  const shown = contents[activeScene] ?? contents[0]!;
  return {
    path,
    name: basename(path, extname(path)),
    engine: 'gltf',
    bytes,
    frameStart: 1,
    frameEnd: Math.min(lastFrameOf(longest(shown.animations), DEFAULTS.fps), LAST_FRAME),
    frameStep: 1,
    thumbnail: null,
    blender: null,
    ...DEFAULTS,
    ...shown,
    ...(scenes[0]!.name !== '' && { scenes: scenes.map(({ name }) => name), activeScene: scenes[activeScene]!.name }),
    ...(scenes.length > 1 && { sceneContents: contents }),
    warnings: [...warnings],
    ...(overlaps.length > 0 && {
      overlaps: overlaps.map(([first, other]): [string, string] => [animations[first]!.name, animations[other]!.name]),
    }),
  };
}

/** Length of the longest animation in seconds. */
export function longest(animations: readonly { readonly seconds: number }[]): number {
  return animations.reduce((most, { seconds }) => Math.max(most, seconds), 0);
}
