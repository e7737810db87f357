/** @param {import('framegauge-addon').AddonContext} ctx */
export async function register(ctx) {
  // In addon.json: "permissions": { "jobs": { "reason": "It shows how many jobs wait.", "access": "read" } }
  const { total } = await ctx.jobs.list({ states: ['queued', 'paused'] });
  ctx.status({ level: 'ok', text: `${total} jobs wait` });
}
