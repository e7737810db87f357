/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  const frames = ctx.metrics.counter({ name: 'one_frames_total', help: 'Frames by engine', labelNames: ['engine'] });
  const seconds = ctx.metrics.histogram({ name: 'one_frame_seconds', help: 'Frame times', buckets: [1, 10, 60] });
  ctx.handlers.on('render_write', ({ engine = 'unknown', seconds: took = 0 }) => {
    frames.inc({ engine });
    seconds.observe(took);
  });
}
