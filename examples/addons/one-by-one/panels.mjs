/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // Declared as data: no code of an add-on runs in the window.
  const panel = ctx.panels.add({
    id: 'last-frame',
    place: 'statistics',
    title: 'Last Frame',
    elements: [{ type: 'label', text: 'None yet.' }],
  });
  ctx.handlers.on('render_write', ({ frame = 0, seconds = 0 }) =>
    panel.update([
      { type: 'value', label: 'Frame', value: frame },
      { type: 'value', label: 'Took', value: seconds, unit: 's' },
    ]),
  );
}
