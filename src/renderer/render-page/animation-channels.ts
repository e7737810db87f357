import type { BufferAttribute } from 'three';
import { checkFinite, damaged, floatsOf } from './accessors';
import { findTarget, type SceneParts } from './animation-targets';
import type { GltfJson } from './gltf-container';
import type { Keyframes } from './keyframes';
import type { AnimationChannel } from './pose';
import { quoted } from './render-failure';

/**
 * Loads the channels of a document's animations.
 *
 * @param loadAccessor loads an accessor by its index
 * @param onUnknown receives a pointer to something that cannot be animated here
 * @throws RenderFailure, final, which names the animation
 */
export async function loadChannels(
  animations: readonly GltfJson[],
  parts: SceneParts,
  loadAccessor: (index: number) => Promise<BufferAttribute>,
  onUnknown: (pointer: string) => void,
): Promise<AnimationChannel[]> {
  const channels: AnimationChannel[] = [];
  for (const [i, animation] of animations.entries()) {
    const subject = animation['name'] ? `the animation ${quoted(String(animation['name']))}` : `animation ${i}`;
    for (const { target, sampler } of animation['channels'] ?? []) {
      const pointer = pointerOf(target);
      if (pointer === null) continue;
      const found = findTarget(parts, pointer);
      if (!found) {
        onUnknown(pointer);
        continue;
      }
      const keys = await loadKeys(animation['samplers'][sampler], found, loadAccessor, subject);
      channels.push({ pointer, keys, apply: found.apply });
    }
  }
  return channels;
}

/** Null for a channel that must be ignored (glTF 2.0, section 3.11.2). */
function pointerOf(target: GltfJson | undefined): string | null {
  const pointer: unknown = target?.['extensions']?.KHR_animation_pointer?.pointer;
  if (target?.['path'] === 'pointer') return typeof pointer === 'string' ? pointer : null;
  return target?.['node'] === undefined ? null : `/nodes/${target['node']}/${target['path']}`;
}

async function loadKeys(
  sampler: GltfJson,
  { size, isRotation = false }: { size: number | null; isRotation?: boolean },
  loadAccessor: (index: number) => Promise<BufferAttribute>,
  subject: string,
): Promise<Keyframes> {
  const [input, output] = await Promise.all([loadAccessor(sampler['input']), loadAccessor(sampler['output'])]);
  const interpolation: Keyframes['interpolation'] =
    sampler['interpolation'] === 'STEP' || sampler['interpolation'] === 'CUBICSPLINE'
      ? sampler['interpolation']
      : 'LINEAR';
  const [times, stored] = [floatsOf(input), floatsOf(output)];
  checkFinite(times, `A key time of ${subject}`);
  checkFinite(stored, `A key of ${subject}`);
  for (let i = 1; i < times.length; i++)
    if (times[i]! < times[i - 1]!) throw damaged(`the keys of ${subject} are not in the order of their times`);
  const perKey = stored.length / times.length / (interpolation === 'CUBICSPLINE' ? 3 : 1);
  if (!Number.isInteger(perKey) || perKey < 1 || (size !== null && perKey !== size))
    throw damaged(
      `${subject} has ${stored.length} numbers for ${times.length} keys${size === null ? '' : ` of ${size}`}`,
    );
  const values = isRotation ? unitKeys(stored, interpolation === 'CUBICSPLINE' ? 3 : 1) : stored;
  return { times, values, size: perKey, interpolation, isRotation };
}

/** Keys of quaternions of length 1, as some exporters do not write them. @param parts of a key, its value in the middle */
function unitKeys(stored: Float32Array, parts: number): Float32Array {
  const values = stored.slice();
  const width = 4 * parts;
  for (let key = 0; key < values.length; key += width) {
    const middle = key + 4 * (parts >> 1);
    const length = Math.hypot(...values.subarray(middle, middle + 4));
    if (length > 0) for (let i = key; i < key + width; i++) values[i]! /= length;
  }
  return values;
}
