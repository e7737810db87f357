/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  ctx.status({
    level: 'ok',
    text: 'Watching',
    details: [{ label: 'Manual', value: 'example.com', href: 'https://example.com/' }],
    actions: [{ type: 'copy', label: 'Copy the Address', text: 'https://example.com/' }],
  });
}
