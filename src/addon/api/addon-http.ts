import { type AddonHttpAnswer, type AddonHttpRequest, HTTP_LIMITS, addonRouteSchema } from '../../shared/addon-http';
import type { AddonToHost } from '../../shared/addon-protocol';
import { messageOf } from '../../shared/user-error';
import type { AddonLog } from './addon-log';
import { packAnswer, parseBody, problem } from './http-answer';
import { type RouteChecks, compileChecks, refuseBadSchemas } from './http-schema';
import type { AddonHttp, HttpHandler } from './http-types';

interface Route {
  readonly name: string;
  readonly handler: HttpHandler;
  readonly checks: Promise<RouteChecks>;
}

export interface AddonHttpOptions {
  readonly send: (message: AddonToHost) => void;
  readonly log: AddonLog;
  /** Registers a release for when the add-on is disabled. @returns a function that removes it */
  onDispose(release: () => void): () => void;
}

/** `ctx.http`, together with the process's side of it. */
export interface LiveHttp {
  readonly http: AddonHttp;
  /** Settles when the schemas of all routes are compiled. @throws Error for the first that cannot be */
  ready(): Promise<void>;
  /** Answers a request. Never rejects. */
  handle(id: number, request: AddonHttpRequest): Promise<void>;
  /** Nobody waits for the answer any more. */
  abort(id: number): void;
}

export function createHttp({ send, log, onDispose }: AddonHttpOptions): LiveHttp {
  const routes = new Map<number, Route>();
  const underWay = new Map<number, AbortController>();
  let lastKey = 0;

  async function answer(request: AddonHttpRequest, signal: AbortSignal): Promise<AddonHttpAnswer> {
    const route = routes.get(request.key);
    if (!route) return problem(404, `There is nothing at ${request.path}.`);
    try {
      const checks = await route.checks;
      const params = { ...request.params };
      const query = { ...request.query };
      let body: unknown;
      try {
        body = parseBody(request.body, request.headers['content-type']);
      } catch {
        return problem(400, 'The body is not valid JSON.');
      }
      for (const [misfit, status] of [
        [checks.params(params), 400],
        [checks.query(query), 400],
        [checks.body(body), 422],
      ] as const)
        if (misfit)
          return problem(status, `The request does not fit: “${misfit.pointer}” ${misfit.detail}.`, {
            errors: [misfit],
          });
      const { method, path, headers, right } = request;
      return packAnswer(await route.handler({ method, path, params, query, headers, body, right, signal }));
    } catch (error) {
      const status = (error as { status?: unknown } | null)?.status;
      if (typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 500)
        return problem(status, messageOf(error).slice(0, 1_000));
      log(
        'error',
        `The route ${route.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
      );
      return { status: 500, type: null, headers: {}, body: null, failed: messageOf(error).slice(0, 1_000) };
    }
  }

  return {
    http: {
      route(method, path, schema, handler) {
        if (typeof handler !== 'function')
          throw new Error(`The route ${method} ${path} has no handler: its last argument is to be a function.`);
        if (routes.size >= HTTP_LIMITS.routes)
          throw new Error(`An add-on may have ${HTTP_LIMITS.routes} routes; ${method} ${path} would be one more.`);
        refuseBadSchemas(schema);
        const { access = 'control', summary = '', metrics = true, labels = {} } = schema;
        const { params, query, body, answer: answered } = schema;
        const key = ++lastKey;
        const schemas = JSON.stringify({ params, query, body, answer: answered });
        if (schemas.length > HTTP_LIMITS.schemaLength)
          throw new Error(
            `The schemas of ${method} ${path} have ${schemas.length} characters; at most ${HTTP_LIMITS.schemaLength} are possible.`,
          );
        const route = addonRouteSchema.safeParse({ key, method, path, access, summary, metrics, labels, schemas });
        if (!route.success)
          throw new Error(
            `The route ${method} ${path} cannot be used: ${route.error.issues[0]?.message ?? 'it does not fit'}.`,
          );
        const checks = compileChecks(schema);
        // Told by ready(), or by the first request.
        checks.catch(() => undefined);
        routes.set(key, { name: `${method} ${path}`, handler, checks });
        send({ type: 'http-route', route: route.data });
        const remove = (): void => {
          if (routes.delete(key)) send({ type: 'http-route-removed', key });
        };
        const forget = onDispose(remove);
        return () => {
          forget();
          remove();
        };
      },
    },
    async ready() {
      for (const { name, checks } of routes.values())
        await checks.catch((error: unknown) => {
          throw new Error(`The route ${name} cannot be used. ${messageOf(error)}`, { cause: error });
        });
    },
    async handle(id, request) {
      const aborter = new AbortController();
      underWay.set(id, aborter);
      const answered = await answer(request, aborter.signal);
      underWay.delete(id);
      const tooLarge = (answered.body?.byteLength ?? 0) > HTTP_LIMITS.answerBytes;
      if (tooLarge) log('error', `An answer at ${request.path} has more than ${HTTP_LIMITS.answerBytes} bytes.`);
      send({
        type: 'http-answer',
        id,
        answer: tooLarge
          ? { status: 500, type: null, headers: {}, body: null, failed: 'the answer is too large' }
          : answered,
      });
    },
    abort: (id) => underWay.get(id)?.abort(),
  };
}
