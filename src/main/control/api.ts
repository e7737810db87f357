import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HostEvent, OperationReply } from '../../shared/host-api';
import { apiPage } from './api-page';
import type { EventLog } from '../events/event-log';
import { type StreamPatience, streamEvents } from './event-stream';
import { type RateLimits, guard, lacksControl } from './guard';
import type { HttpMetrics } from './http-metrics';
import { openApiDocument } from './open-api';
import { Problem } from './problem';
import { check, checkWords, refuseOtherMethods, registerRest } from './register-rest';
import {
  SCENE_TYPES,
  cursorQuerySchema,
  imageParamsSchema,
  imageQuerySchema,
  operationParamsSchema,
  uploadQuerySchema,
} from './special-routes';
import type { Right, Tokens } from './tokens';
import { mayCall, serveSocket } from './ui-socket';
import { MAX_UPLOAD, type UploadFolder, takeUpload } from './upload';

export interface ApiOptions {
  /** Of the program. */
  readonly version: string;
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly patience: StreamPatience;
  readonly uploads: UploadFolder;
  readonly metrics: HttpMetrics;
  readonly events: EventLog;
  call(operation: string, input: unknown): Promise<OperationReply>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  image(jobId: number, frame: number, size?: number): Promise<{ bytes: Uint8Array; type: string } | null>;
}

/** Everything below `/api/v1`. */
export async function registerApi(api: FastifyInstance, prefix: string, options: ApiOptions): Promise<void> {
  const { events } = options;
  /** Methods of each path, for those that come with another. */
  const paths = new Map<string, Set<string>>();
  api.addHook('onRoute', ({ method, url }) => {
    const path = url.slice(prefix.length) || '/';
    paths.set(path, new Set([...(paths.get(path) ?? []), ...[method].flat()]));
  });
  await guard(api, options.tokens, options.metrics, options.limits);
  takeJsonOnly(api);

  // Making it takes some 60 ms, and most hosts that are started for one command are never asked for it.
  let made: { readonly json: string; readonly page: ReturnType<typeof apiPage> } | null = null;
  const description = (): NonNullable<typeof made> => {
    if (made) return made;
    const document = openApiDocument(options.version);
    return (made = { json: JSON.stringify(document), page: apiPage(document) });
  };
  api.get('/openapi.json', { config: { public: true } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(description().json),
  );
  api.get('/', { config: { public: true } }, (_request, reply) =>
    reply.headers(description().page.headers).type('text/html; charset=utf-8').send(description().page.html),
  );

  registerRest(api, prefix, options.call);

  api.get('/jobs/:id/frames/:frame/image', { config: { access: 'read' } }, async (request, reply) => {
    const { id, frame } = checkWords(imageParamsSchema, request.params, 'params');
    const { size } = checkWords(imageQuerySchema, request.query, 'query');
    const image = await options.image(id, frame, size);
    if (!image) throw new Problem(404, 'There is no image of that frame.');
    return reply
      .header('content-type', image.type)
      .header('cache-control', 'no-store')
      .send(Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength));
  });

  await api.register(async (uploads) => {
    uploads.removeAllContentTypeParsers();
    uploads.addContentTypeParser(SCENE_TYPES, (_request, payload, done) => done(null, payload));
    uploads.post('/scenes', { bodyLimit: MAX_UPLOAD }, async (request, reply) => {
      const { name } = checkWords(uploadQuerySchema, request.query, 'query');
      if (!request.body) throw new Problem(415, `Send the scene’s bytes with “Content-Type: ${SCENE_TYPES[0]}”.`);
      return reply.code(201).send({ path: await takeUpload(name, request.body as Readable, options.uploads) });
    });
  });

  api.post('/operations/:operation', { config: { access: 'read' } }, async (request, reply) => {
    const { operation } = check(operationParamsSchema, request.params, 400, 'params');
    if (!mayCall(rightOf(request), operation)) throw lacksControl();
    const result = await options.call(operation, request.body ?? {});
    if (result.ok) return reply.header('cache-control', 'no-store').send(result);
    if (result.error.kind === 'internal') throw new Error(result.error.message);
    // The members of an OperationReply too, for clients that take it over every way alike.
    throw new Problem(result.error.kind === 'arguments' ? 400 : 409, result.error.message, { ...result });
  });

  // HEAD of something without an end has no end either.
  api.get(
    '/events/stream',
    { exposeHeadRoute: false, config: { access: 'read', metrics: 'stream' } },
    (request, reply) => {
      void streamEvents(reply, events, cursorOf(request) ?? null, options.patience);
    },
  );
  api.route({
    method: 'GET',
    url: '/socket',
    exposeHeadRoute: false,
    config: { access: 'read', metrics: 'stream' },
    preValidation: async (request) => void cursorOf(request),
    handler: async () => {
      throw new Problem(426, 'This is a WebSocket: connect with “Upgrade: websocket”.', {}, { upgrade: 'websocket' });
    },
    wsHandler: (socket, request) =>
      serveSocket(socket, options, {
        right: rightOf(request),
        cursor:
          Object.hasOwn(request.query as object, 'cursor') || request.headers['last-event-id'] !== undefined
            ? cursorOf(request)
            : undefined,
      }),
  });

  refuseOtherMethods(api, new Map(paths));
  api.all('/*', { config: { access: 'read' } }, (request) => {
    throw new Problem(404, `There is nothing at ${request.url.split('?')[0]}: ${prefix}/ lists what there is.`);
  });
}

/** JSON is all that is taken, and a body that is announced but empty is none. */
function takeJsonOnly(api: FastifyInstance): void {
  const parse = api.getDefaultJsonParser('error', 'error');
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null);
    else void parse(request, body as string, done);
  });
}

/** Where a client wants events from: what it says itself when it comes back, or its address; undefined where it says nothing. @throws Problem */
function cursorOf(request: FastifyRequest): number | undefined {
  const { cursor } = checkWords(cursorQuerySchema, request.query, 'query');
  const last = request.headers['last-event-id'];
  if (last === undefined || last === '') return cursor;
  return checkWords(cursorQuerySchema, { cursor: last }, 'query').cursor;
}

/** @throws when the guard let somebody through without a right */
function rightOf(request: FastifyRequest): Right {
  if (request.right === null) throw new Error('a route that needs a right is open to all');
  return request.right;
}
