/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // Declared in addon.json: { "key": "greeting", "type": "string", "label": "Greeting", "default": "Hello" }
  const show = () => ctx.status({ level: 'ok', text: String(ctx.preferences.get('greeting')) });
  ctx.preferences.onChange('greeting', show);
  show();
}
