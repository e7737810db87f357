/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  ctx.timers.after(1_000, () => ctx.log.info('A second has passed'));
  // Ends by itself when the add-on is disabled; an error is logged, and it goes on.
  ctx.timers.every(60_000, async () => {
    const { workers } = await ctx.app.snapshot();
    ctx.log.info(`${workers.length} workers`);
  });
}
