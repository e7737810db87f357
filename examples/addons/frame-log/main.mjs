import { basename } from 'node:path';

/**
 * Called when the add-on is enabled. Whatever it acquires through `ctx` is released when it is disabled.
 *
 * @param {import('../../../src/addon/api/context').AddonContext} ctx
 */
export function register(ctx) {
  const frames = ctx.metrics.counter({
    name: 'frame_log_frames_total',
    help: 'Frames written, by scene',
    labelNames: ['scene'],
  });
  let count = 0;
  ctx.status({ level: 'ok', text: 'Waiting for the first frame' });

  ctx.handlers.on(
    'render_write',
    (event) => {
      const scene = basename(event.scene ?? 'unknown');
      frames.inc({ scene });
      ctx.status({ level: 'ok', text: `${++count} frames written, the last one of ${scene}` });
      const seconds = event.seconds ?? 0;
      if (seconds > Number(ctx.preferences.get('slowSeconds')))
        ctx.log.warn(`Frame ${event.frame} of ${scene} took ${seconds.toFixed(1)} s`);
    },
    { persistent: true },
  );
}
