/**
 * The moment that a frame of a glTF animation shows, in seconds from the clips' zero: `frame / fps`, which is where Blender's importer puts the
 * keys and its exporter reads them. So frame 0 is time zero, a looped turntable of 2 s at 24 fps is the frames 1 to 48, and what Blender
 * exported from its frames 1 to 48 comes out under the same numbers. Before a clip's first key and after its last one the pose is held.
 */
export function timeOfFrame(frame: number, fps: number): number {
  return frame / fps;
}

/** The last frame of an animation of that many seconds; 1 for a scene without animation. The first is 1. */
export function lastFrameOf(seconds: number, fps: number): number {
  return Math.max(1, Math.round(seconds * fps));
}
