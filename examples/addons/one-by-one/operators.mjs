/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // In F3's search, in the add-on's panel, as “framegauge run one-by-one.greet” and over HTTP.
  ctx.operators.add({
    id: 'greet',
    label: 'Greet',
    description: 'Greets somebody',
    parameters: [{ key: 'name', type: 'string', label: 'Name', default: 'you' }],
    run: ({ parameters }) => ({ text: `Hello, ${parameters.name}.` }),
  });
}
