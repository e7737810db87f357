import { Box3, type Light, type Object3D, type SkinnedMesh } from 'three';
import type { SceneParts } from './animation-targets';
import { valueAt } from './keyframes';
import type { Pose } from './pose';

/** What a light is at its best over the whole animation. */
export interface LightPeak {
  /** Maximum intensity, in the file's units. */
  readonly intensity: number;
  /** Whether it is ever visible and shines. */
  readonly shines: boolean;
}

export interface Survey {
  /** Bounds of everything visible. */
  readonly bounds: Box3;
  readonly lights: ReadonlyMap<Light, LightPeak>;
}

/** Number of poses used to compute the bounds that are evenly spread over the animation, and of those that are not. */
const POSES = 8;
/** Channels that change what a light gives. */
const LIT = /\/lights\/\d+\/intensity$|\/KHR_node_visibility\/visible$/;

/** Finds out what a scene comes to over its animation. Leaves it in any pose. */
export function surveyPoses(root: Object3D, pose: Pose, parts: SceneParts): Survey {
  const bounds = new Box3();
  for (const part of pose.seconds > 0 ? spread() : [0]) {
    pose.set(pose.seconds * part);
    root.traverse((object) => {
      if ('isSkinnedMesh' in object) (object as SkinnedMesh).computeBoundingBox();
    });
    bounds.expandByObject(root);
  }
  return { bounds, lights: surveyLights(pose, parts) };
}

/**
 * Parts of the animation, from 0 to 1. A motion that repeats may show the same pose at each of an even spread; at uneven
 * distances, none of up to 128 cycles does.
 */
function spread(): number[] {
  const even = Array.from({ length: POSES + 1 }, (_, i) => i / POSES);
  return [...even, ...Array.from({ length: POSES }, (_, i) => ((i + 0.5) / POSES) ** 1.5)];
}

/** At the keys and between them, however many: a flash may last a frame. */
function surveyLights(pose: Pose, parts: SceneParts): Map<Light, LightPeak> {
  const lights = [...parts.lights.values()].flat();
  const channels = lights.length === 0 ? [] : pose.channels.filter(({ pointer }) => LIT.test(pointer));
  const peaks = new Map<Light, LightPeak>();
  const keyTimes = [...new Set([0, ...channels.flatMap(({ keys }) => [...keys.times])])].sort((a, b) => a - b);
  for (const time of keyTimes.flatMap((time, i) => [time, (time + (keyTimes[i + 1] ?? time)) / 2])) {
    for (const { keys, apply } of channels) {
      const value = new Float32Array(keys.size);
      valueAt(keys, time, value);
      apply(value);
    }
    for (const light of lights) {
      const { intensity, shines } = peaks.get(light) ?? { intensity: 0, shines: false };
      peaks.set(light, {
        intensity: Math.max(intensity, light.intensity),
        shines: shines || (light.intensity > 0 && isVisible(light)),
      });
    }
  }
  return peaks;
}

function isVisible(object: Object3D): boolean {
  for (let at: Object3D | null = object; at; at = at.parent) if (!at.visible) return false;
  return true;
}
