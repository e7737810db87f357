/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  ctx.log.debug('For those who look closely');
  ctx.log.info('In the panel and in logs/host.log');
  console.log('So does this');
}
