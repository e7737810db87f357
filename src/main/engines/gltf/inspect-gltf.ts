import { basename, extname } from 'node:path';
import { lastFrameOf } from '../../../shared/frame-time';
import { camerasOf } from '../../../shared/gltf-cameras';
import type { SceneInfo } from '../../../shared/scene';
import { SUPPORTED_EXTENSIONS, type GltfDocument } from './gltf-document';
import { readGltf } from './read-gltf';

/** What is proposed for a scene that says nothing about its output. glTF knows no frames, sizes or samples. */
const DEFAULTS = { fps: 24, width: 1280, height: 720, samples: 16 } as const;
/** Extensions that pictures do without. */
const INVISIBLE = new Set(['KHR_xmp', 'KHR_xmp_json_ld']);

/** Reads what a .glb or .gltf offers. Frames are numbered as shared/frame-time says. @throws UserError */
export async function inspectGltf(path: string): Promise<SceneInfo> {
  const { document, bytes, missing } = await readGltf(path);
  const animations = (document.animations ?? []).map((animation, i) => ({
    name: animation.name || `Animation ${i + 1}`,
    seconds: secondsOf(document, animation),
  }));
  const warnings = missing.map((file) =>
    file.path === null
      ? `“${file.uri}” is not a path beside the scene, so it cannot be read: frames will fail.`
      : `“${file.uri}” is missing from the scene’s folder: frames will fail without it.`,
  );
  for (const extension of document.extensionsUsed ?? []) {
    if (!SUPPORTED_EXTENSIONS.has(extension) && !INVISIBLE.has(extension))
      warnings.push(`The glTF extension ${extension} is not rendered.`);
  }
  warnings.push(
    ...overlaps(
      document,
      animations.map(({ name }) => name),
    ),
  );
  return {
    path,
    name: basename(path, extname(path)),
    engine: 'gltf',
    bytes,
    frameStart: 1,
    frameEnd: lastFrameOf(Math.max(0, ...animations.map(({ seconds }) => seconds)), DEFAULTS.fps),
    frameStep: 1,
    thumbnail: null,
    blender: null,
    ...DEFAULTS,
    cameras: camerasOf(document).map(({ name }) => name),
    animations,
    warnings,
  };
}

type Animation = NonNullable<GltfDocument['animations']>[number];

/** A clip ends with its last key; key times carry their maximum (glTF 2.0, section 3.11). */
function secondsOf(document: GltfDocument, animation: Animation): number {
  const ends = animation.samplers.map((sampler) => document.accessors?.[sampler.input]?.max?.[0] ?? 0);
  return Math.max(0, ...ends.filter((end) => Number.isFinite(end)));
}

function overlaps(document: GltfDocument, names: readonly string[]): string[] {
  const first = new Map<string, number>();
  const warnings = new Map<number, string>();
  for (const [i, animation] of (document.animations ?? []).entries()) {
    for (const { target } of animation.channels) {
      const property = `${target.node}.${target.path}`;
      const other = first.get(property);
      if (other === undefined) first.set(property, i);
      else if (other !== i && !warnings.has(i))
        warnings.set(
          i,
          `The animations “${names[other]}” and “${names[i]}” move the same things: where they do, “${names[other]}” is rendered.`,
        );
    }
  }
  return [...warnings.values()];
}
