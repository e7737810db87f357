import type { Object3D } from 'three';
import { valueAt, type Keyframes } from './keyframes';
import { placeByJoints, skinnedBelow } from './skins';

/** One animated property of a scene. */
export interface AnimationChannel {
  /** Identifies the property across animations: a JSON pointer into the document. */
  readonly pointer: string;
  readonly keys: Keyframes;
  readonly apply: (value: Float32Array) => void;
}

export interface Pose {
  /** Poses the scene at a time, independent of what was shown before. */
  set(seconds: number): void;
  /** Time of the last key. */
  readonly seconds: number;
  /** Those that count, each on a property of its own. */
  readonly channels: readonly AnimationChannel[];
}

/**
 * Combines all channels of a scene into one animation. Each plays once from time zero and holds its last pose. Where
 * two animate the same property (a figure with “Walk” and “Run”), the first one wins: mixing them would show neither.
 */
export function createPose(root: Object3D, channels: readonly AnimationChannel[]): Pose {
  const counted = new Map<string, { channel: AnimationChannel; value: Float32Array }>();
  const skinned = skinnedBelow(root);
  let seconds = 0;
  for (const channel of channels) {
    seconds = Math.max(seconds, channel.keys.times.at(-1)!);
    if (!counted.has(channel.pointer))
      counted.set(channel.pointer, { channel, value: new Float32Array(channel.keys.size) });
  }
  return {
    seconds,
    channels: Array.from(counted.values(), ({ channel }) => channel),
    set(time) {
      // Every channel has a value at every time, so a pose never depends on earlier frames.
      for (const { channel, value } of counted.values()) {
        valueAt(channel.keys, time, value);
        channel.apply(value);
      }
      root.updateMatrixWorld(true);
      for (const mesh of skinned) placeByJoints(mesh);
    },
  };
}
