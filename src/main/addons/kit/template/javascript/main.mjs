import { basename } from 'node:path';

/**
 * Called once when the add-on is enabled. Everything taken through ctx is released when it is disabled.
 *
 * @param {import('framegauge-addon').AddonContext} ctx
 */
export function register(ctx) {
  const frames = ctx.metrics.counter({
    name: 'my_addon_frames_total',
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
      count++;
      ctx.status({ level: 'ok', text: `${count} frames written, the last one of ${scene}` });
      const seconds = event.seconds ?? 0;
      if (seconds > Number(ctx.preferences.get('slowSeconds')))
        ctx.log.warn(`Frame ${event.frame} of ${scene} took ${seconds.toFixed(1)} s`);
    },
    { persistent: true },
  );
}
