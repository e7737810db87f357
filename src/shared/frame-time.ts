/**
 * The time that a frame of a glTF animation shows, in seconds from the clips' zero: `frame / fps`, the convention of
 * Blender's importer and exporter. So frame 0 is time zero, a looped turntable of 2 s at 24 fps has the frames 1 to 48,
 * and frames 1 to 48 exported from Blender keep their numbers. The pose is held before a clip's first key and after its
 * last one.
 */
export function timeOfFrame(frame: number, fps: number): number {
  return frame / fps;
}

/** The last frame of an animation of this duration in seconds, the first being 1; 1 for a scene without animation. */
export function lastFrameOf(seconds: number, fps: number): number {
  return Math.max(1, Math.round(seconds * fps));
}
