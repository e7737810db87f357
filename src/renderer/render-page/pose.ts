import { AnimationClip, AnimationMixer, LoopOnce, type KeyframeTrack, type Object3D } from 'three';

export interface Pose {
  /** Puts the scene into the pose of that moment, whatever was shown before. */
  set(seconds: number): void;
  /** Of the longest clip. */
  readonly seconds: number;
}

/**
 * All clips of a scene as one animation. Each plays once from time zero and holds its last pose. Where two animate the same property of the same node
 * (a figure with “Walk” and “Run”), the first one counts: mixing them would show neither.
 */
export function createPose(root: Object3D, clips: readonly AnimationClip[]): Pose {
  const tracks = new Map<string, KeyframeTrack>();
  for (const clip of clips) {
    for (const track of clip.tracks) if (!tracks.has(track.name)) tracks.set(track.name, track);
  }
  const seconds = Math.max(0, ...clips.map((clip) => clip.duration));
  const mixer = new AnimationMixer(root);
  const action = mixer.clipAction(new AnimationClip('all', seconds, [...tracks.values()]));
  action.setLoop(LoopOnce, 1);
  action.clampWhenFinished = true;
  return {
    seconds,
    set(time) {
      // Stopping puts back what the file says, so a pose never depends on the frames shown before.
      mixer.stopAllAction();
      if (tracks.size > 0) {
        action.reset().play();
        mixer.setTime(Math.min(Math.max(time, 0), seconds));
      }
      root.updateMatrixWorld(true);
    },
  };
}
