import type { FrameRenderer } from './stage';

/**
 * A stage for the benchmark that renders each request repeatedly: after one warm-up frame, `frames` frames starting
 * with the requested one, back to back. The answer is the last image.
 *
 * @param onDone receives the loop's duration in seconds
 */
export function createBareLoop(stage: FrameRenderer, frames: number, onDone: (seconds: number) => void): FrameRenderer {
  return {
    async render(command, onProgress, signal) {
      let picture = await stage.render(command, onProgress, signal);
      const start = performance.now();
      for (let i = 0; i < frames; i++) {
        picture = await stage.render({ ...command, frame: command.frame + i }, onProgress, signal);
        // As for the host: the encoded bytes, not a promise of them.
        await picture.image.arrayBuffer();
      }
      onDone((performance.now() - start) / 1000);
      return picture;
    },
  };
}
