/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // Whatever takes a signal ends with the add-on.
  const target = new EventTarget();
  target.addEventListener('tick', () => ctx.log.info('tick'), { signal: ctx.signal });
  target.dispatchEvent(new Event('tick'));
}
