/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // Stays when another scene is loaded; without “persistent” it would be dropped then.
  const remove = ctx.handlers.on('render_write', (event) => ctx.log.info(`Frame ${event.frame} is in ${event.file}`), {
    persistent: true,
  });
  // One cancelled job is enough.
  ctx.handlers.on('render_cancel', () => remove(), { persistent: true });
}
