/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // GET /addons/one-by-one/hello/Ada
  ctx.http.route('GET', '/hello/:name', { access: 'read', summary: 'Greets somebody' }, ({ params }) => ({
    body: { text: `Hello, ${params.name}.` },
  }));
}
