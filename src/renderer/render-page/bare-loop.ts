import type { Stage } from './stage';

/**
 * A stage that renders each request over and over, for the benchmark: `frames` frames from the one asked for on, one after the other with nothing in between, after
 * one that warms everything up. What is answered is the last picture.
 *
 * @param onDone told the seconds that the loop took
 */
export function createBareLoop(stage: Stage, frames: number, onDone: (seconds: number) => void): Stage {
  return {
    async render(command, onProgress, signal) {
      let image = await stage.render(command, onProgress, signal);
      const start = performance.now();
      for (let i = 0; i < frames; i++) {
        image = await stage.render({ ...command, frame: command.frame + i }, onProgress, signal);
        // As for the host: the encoded bytes, not a promise of them.
        await image.arrayBuffer();
      }
      onDone((performance.now() - start) / 1000);
      return image;
    },
  };
}
