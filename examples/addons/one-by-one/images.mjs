/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // Needs the permission “jobs”. At most 200 pixels on its longer side.
  ctx.handlers.on('render_write', async ({ job, frame }) => {
    const image = job && frame !== undefined ? await ctx.images.read(job.id, frame, { size: 200 }) : null;
    if (image) ctx.log.info(`Frame ${frame}: ${image.bytes.byteLength} bytes of ${image.type}`);
  });
}
