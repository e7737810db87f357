import { Box3, Vector3, type Light, type Object3D, type SkinnedMesh } from 'three';
import type { SceneParts } from './animation-targets';
import { nextTask } from './graphics';
import { valueAt, type Keyframes } from './keyframes';
import { distanceToSurfaces, meshBoxes, someBoxes } from './light-distance';
import type { Pose } from './pose';
import { someVertices } from './skins';

/** What a light is at its best over the whole animation. */
export interface LightPeak {
  /** Maximum intensity, in the file's units. */
  readonly intensity: number;
  /** Whether it is ever visible and shines. */
  readonly shines: boolean;
  /** Distance to the surfaces it lights at the start, in metres. */
  readonly distance: number;
  /** The same at the pose where it is shortest. */
  readonly nearest: number;
}

export interface Survey {
  /** Bounds of everything that is ever visible. */
  readonly bounds: Box3;
  readonly lights: ReadonlyMap<Light, LightPeak>;
}

/** Number of even steps over the animation, at whose ends it is looked at, and of poses that are not evenly spread. */
const STEPS = 8;
/**
 * Parts of the animation, from 0 to 1. A motion that repeats may show the same pose at each of an even spread; at uneven
 * distances, none of up to 128 cycles does.
 */
const PARTS = [
  ...Array.from({ length: STEPS + 1 }, (_, i) => i / STEPS),
  ...Array.from({ length: STEPS }, (_, i) => ((i + 0.5) / STEPS) ** 1.5),
].sort((a, b) => a - b);
/**
 * Maximum number of vertices of skins that are placed, over all poses, where three would be fewer: each takes about a
 * microsecond, so they cost a scene a few seconds. In the other poses, some vertices of each skin are.
 */
const MAX_PLACED = 4_000_000;
const SOME = 1_000;
const VISIBILITY = /^\/nodes\/(\d+)\/extensions\/KHR_node_visibility\/visible$/;

/**
 * Finds out what a scene comes to over its animation. Leaves it in any pose.
 *
 * @param onPose called after each pose, once waiting messages have been processed; ends the survey if it throws
 */
export async function surveyPoses(root: Object3D, pose: Pose, parts: SceneParts, onPose: () => void): Promise<Survey> {
  const skinned: SkinnedMesh[] = [];
  root.traverse((object) => {
    if ('isSkinnedMesh' in object) skinned.push(object as SkinnedMesh);
  });
  const vertices = skinned.reduce((sum, { geometry }) => sum + (geometry.attributes['position']?.count ?? 0), 0);
  const bounds = new Box3();
  const lights = [...parts.lights.values()].flat();
  const distances = new Map<Light, number[]>(lights.map((light) => [light, []]));
  /** What an animation shows and hides, perhaps between two poses. */
  const appearing = new Set<Object3D | undefined>(
    pose.channels.flatMap(({ pointer }) => parts.nodes.get(Number(VISIBILITY.exec(pointer)?.[1])) ?? []),
  );
  const isPlaced = evenly(Math.max(3, Math.floor(MAX_PLACED / vertices)));
  for (const [i, part] of pose.seconds > 0 ? PARTS.entries() : [[0, 0] as const]) {
    pose.set(pose.seconds * part);
    for (const mesh of skinned) {
      if (isPlaced(i)) mesh.computeBoundingBox();
      else roughBox(mesh, mesh.boundingBox!);
    }
    const all = meshBoxes(root, (object) => object.visible || appearing.has(object));
    for (const box of all) bounds.union(box);
    const boxes = someBoxes(all);
    for (const light of lights)
      distances.get(light)!.push(distanceToSurfaces(new Vector3().setFromMatrixPosition(light.matrixWorld), boxes));
    await nextTask();
    onPose();
  }
  return { bounds, lights: surveyLights(pose, parts, distances) };
}

function roughBox(mesh: SkinnedMesh, box: Box3): void {
  box.makeEmpty();
  for (const vertex of someVertices(mesh, SOME)) box.expandByPoint(vertex);
}

/** Chooses so many of the poses, or all, evenly spread: the first and the last are among them. */
function evenly(count: number): (pose: number) => boolean {
  const step = (pose: number): number =>
    Math.floor((pose * Math.min(count - 1, PARTS.length - 1)) / (PARTS.length - 1));
  return (pose) => pose === 0 || step(pose) > step(pose - 1);
}

/** @param distances to the surfaces each light lights, at each pose */
function surveyLights(
  { channels }: Pose,
  { lights, nodes }: SceneParts,
  distances: ReadonlyMap<Light, readonly number[]>,
): Map<Light, LightPeak> {
  const peaks = new Map<Light, LightPeak>();
  if (lights.size === 0) return peaks;
  const keysOf = new Map(channels.map(({ pointer, keys }) => [pointer, keys]));
  const indices = new Map(Array.from(nodes, ([index, node]) => [node, index]));
  for (const [index, members] of lights) {
    const intensity = keysOf.get(`/extensions/KHR_lights_punctual/lights/${index}/intensity`);
    for (const light of members) {
      const visible: Keyframes[] = [];
      let hidden = false;
      for (let at: Object3D | null = light; at; at = at.parent) {
        const keys = keysOf.get(`/nodes/${indices.get(at)}/extensions/KHR_node_visibility/visible`);
        if (keys) visible.push(keys);
        else hidden ||= !at.visible;
      }
      const { peak, shines } = peakOf(intensity ?? light.intensity, visible);
      const [distance = Infinity, ...others] = distances.get(light) ?? [];
      peaks.set(light, {
        intensity: peak,
        shines: shines && !hidden,
        distance,
        nearest: Math.min(distance, ...others),
      });
    }
  }
  return peaks;
}

/**
 * Looks at a light at its keys and between them, however many: a flash may last a frame. Only its own and those of the
 * nodes above it count, or the time would grow with the square of what is animated.
 */
function peakOf(
  intensity: Keyframes | number,
  visible: readonly Keyframes[],
): { readonly peak: number; readonly shines: boolean } {
  const value = new Float32Array(1);
  const read = (keys: Keyframes, time: number): number => {
    valueAt(keys, time, value);
    return value[0]!;
  };
  const animated = typeof intensity === 'number' ? visible : [intensity, ...visible];
  const keyTimes = [...new Set([0, ...animated.flatMap(({ times }) => [...times])])].sort((a, b) => a - b);
  let peak = 0;
  let shines = false;
  for (const time of keyTimes.flatMap((time, i) => [time, (time + (keyTimes[i + 1] ?? time)) / 2])) {
    const now = typeof intensity === 'number' ? intensity : read(intensity, time);
    peak = Math.max(peak, now);
    shines ||= now > 0 && visible.every((keys) => read(keys, time) > 0);
  }
  return { peak, shines };
}
