/** @param {import('framegauge-addon').AddonContext} ctx */
export async function register(ctx) {
  const { version, queue, jobs, workers } = await ctx.app.snapshot();
  ctx.log.info(`Framegauge ${version}: the queue is ${queue.state}, ${jobs.length} jobs, ${workers.length} workers`);
}
