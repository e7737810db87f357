/** A whole number in the path; anything else is answered with 400 before a handler runs. */
const number = {
  type: 'object',
  properties: { n: { type: 'integer', minimum: -1_000_000, maximum: 1_000_000 } },
  required: ['n'],
};

/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // Requests, durations, sizes and failures are counted by the host. What the numbers were, only we know.
  const numbers = ctx.metrics.counter({
    name: 'rest_example_numbers_total',
    help: 'Numbers that were asked about, by parity',
    labelNames: ['parity'],
  });
  const authenticated = ctx.metrics.counter({
    name: 'rest_example_authenticated_total',
    help: 'Requests, by the right of their token',
    labelNames: ['right'],
  });
  for (const parity of ['even', 'odd']) numbers.inc({ parity }, 0);
  for (const right of ['read', 'control']) authenticated.inc({ right }, 0);

  /** @param {import('framegauge-addon').HttpRequest} request */
  function count({ params, right }) {
    authenticated.inc({ right });
    if (params.n !== undefined) numbers.inc({ parity: params.n % 2 === 0 ? 'even' : 'odd' });
  }

  ctx.http.route(
    'GET',
    '/square/:n',
    { access: 'read', summary: 'The square of a number', params: number },
    (request) => {
      count(request);
      const { n } = request.params;
      return { body: { n, square: n * n } };
    },
  );

  ctx.http.route(
    'GET',
    '/even/:n',
    { access: 'read', summary: 'Whether a number is even', params: number },
    (request) => {
      count(request);
      const { n } = request.params;
      return { body: { n, even: n % 2 === 0 } };
    },
  );

  // Without “access”, a route needs the control token.
  ctx.http.route('GET', '/auth', { summary: 'Answers the control token only' }, (request) => {
    count(request);
    return { body: { right: request.right } };
  });

  ctx.status({ level: 'ok', text: 'Serves /addons/rest-example/square/7' });
}
