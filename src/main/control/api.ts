import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HostEvent, OperationReply } from '../../shared/host-api';
import type { Operator } from '../../shared/operators';
import { type ShownFile, openShownFile } from '../images/frame-images';
import { NotShownError, type ShownFrames } from '../images/shown-frames';
import { INSTALL_LIMITS } from '../addons/install/install-limits';
import { withUploadedAddon } from './addon-upload';
import { apiPage } from './api-page';
import type { EventLog } from '../events/event-log';
import { type StreamTiming, streamEvents } from './event-stream';
import { type RateLimits, type RefusalCount, guard, lacksControl, rightOf } from './token-guard';
import { answerFor } from './hide-secrets';
import type { HttpMetrics } from './http-metrics';
import { openApiDocument } from './open-api';
import { operatorsOpenApi } from './operator-open-api';
import { Problem } from '../http/problem';
import { takeJson } from '../http/take-json';
import {
  type CallOperation,
  check,
  checkWords,
  problemOfError,
  refuseOtherMethods,
  registerRest,
} from './register-rest';
import {
  ADDON_TYPES,
  SCENE_TYPES,
  addonUploadQuerySchema,
  cursorQuerySchema,
  imageParamsSchema,
  imageQuerySchema,
  operationParamsSchema,
  pixelsQuerySchema,
  uploadQuerySchema,
} from './special-routes';
import { mayCall } from './rights';
import { createReadQueue } from './read-queue';
import type { Tokens } from '../http/tokens';
import { serveSocket } from './ui-socket';
import { MAX_UPLOAD, type UploadFolder, createUploads } from './upload';

/** Status of a refused operation when the path contains nothing but its name. */
const STATUS_OF = { arguments: 400, 'not-found': 404, failed: 409, disk: 507 } as const;

export interface ApiOptions extends ShownFrames {
  /** The program's version. */
  readonly version: string;
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly countRefusal: RefusalCount;
  readonly streamTiming: StreamTiming;
  readonly uploads: UploadFolder;
  /** Folder of the user's add-ons. */
  readonly addonFolder: string;
  readonly metrics: HttpMetrics;
  readonly events: EventLog;
  call(operation: string, input: unknown): Promise<OperationReply>;
  subscribe(listener: (event: HostEvent) => void): () => void;
}

/** Everything below `/api/v1`. */
export async function registerApi(api: FastifyInstance, prefix: string, options: ApiOptions): Promise<void> {
  const followed = { log: options.events, turn: createReadQueue() };
  /** Methods of each path, to answer the others with 405. */
  const paths = new Map<string, Set<string>>();
  api.addHook('onRoute', ({ method, url }) => {
    const path = url.slice(prefix.length) || '/';
    paths.set(path, new Set([...(paths.get(path) ?? []), ...[method].flat()]));
  });
  await guard(api, options.tokens, options.metrics, options.countRefusal, options.limits);
  api.removeAllContentTypeParsers();
  takeJson(api);

  // Built on first use: it takes some 60 ms, and most hosts started for a single command never need it.
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

  const turn = createReadQueue();
  const call: CallOperation = async (operation, input, right) => {
    // Reads may be expensive and take turns; changes are never delayed.
    if (mayCall('read', operation)) await turn();
    // Rescanning for engines starts programs, which a read token must not do.
    const reply = await options.call(operation, right === 'read' && operation === 'engines.list' ? {} : input);
    return reply.ok ? { ok: true, value: answerFor(right, operation, reply.value) } : reply;
  };
  registerRest(api, prefix, call);

  api.get('/jobs/:id/frames/:frame/image', { config: { access: 'read' } }, async (request, reply) => {
    const { id, frame } = checkWords(imageParamsSchema, request.params, 'params');
    const { size } = checkWords(imageQuerySchema, request.query, 'query');
    const image = await shown(options.image(id, frame, size));
    if (!image) throw new Problem(404, 'There is no image of that frame.');
    reply.header('content-type', image.type).header('cache-control', 'no-store');
    return 'file' in image
      ? sendFile(reply, image)
      : reply.send(Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength));
  });

  api.get('/jobs/:id/frames/:frame/pixels', { config: { access: 'read' } }, async (request, reply) => {
    const { id, frame } = checkWords(imageParamsSchema, request.params, 'params');
    const { layer } = checkWords(pixelsQuerySchema, request.query, 'query');
    const pixels = await shown(options.pixels(id, frame, layer));
    if (!pixels) throw new Problem(404, 'There is no OpenEXR of that frame, or that layer of it can’t be shown.');
    return reply
      .header('cache-control', 'no-store')
      .type('application/octet-stream')
      .send(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  });

  api.get('/operators/openapi.json', { config: { access: 'read' } }, async (request, reply) => {
    const listed = await call('operator.list', {}, rightOf(request));
    if (!listed.ok) throw problemOfError(listed.error);
    return reply
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(operatorsOpenApi(options.version, listed.value as Operator[])));
  });

  await api.register(async (uploads) => {
    uploads.removeAllContentTypeParsers();
    uploads.addContentTypeParser(ADDON_TYPES, (_request, payload, done) => done(null, payload));
    uploads.post('/addons', { bodyLimit: INSTALL_LIMITS.archiveBytes }, async (request, reply) => {
      const { name, consent } = checkWords(addonUploadQuerySchema, request.query, 'query');
      if (!request.body) throw new Problem(415, `Send the bytes of the .zip with “Content-Type: ${ADDON_TYPES[0]}”.`);
      const result = await withUploadedAddon(name, request.body as Readable, options.addonFolder, (path) =>
        call('addon.install', { path, consent }, rightOf(request)),
      );
      if (!result.ok) throw problemOfError(result.error);
      return reply.header('cache-control', 'no-store').send(result.value);
    });
  });
  const scenes = createUploads(options.uploads);
  await api.register(async (uploads) => {
    uploads.removeAllContentTypeParsers();
    uploads.addContentTypeParser(SCENE_TYPES, (_request, payload, done) => done(null, payload));
    uploads.post('/scenes', { bodyLimit: MAX_UPLOAD }, async (request, reply) => {
      const { name, batch } = checkWords(uploadQuerySchema, request.query, 'query');
      if (!request.body) throw new Problem(415, `Send the scene’s bytes with “Content-Type: ${SCENE_TYPES[0]}”.`);
      return reply.code(201).send({ path: await scenes.take(name, request.body as Readable, batch) });
    });
  });

  api.post('/operations/:operation', { config: { access: 'read' } }, async (request, reply) => {
    const { operation } = check(operationParamsSchema, request.params, 400, 'params');
    const right = rightOf(request);
    if (!mayCall(right, operation)) throw lacksControl();
    const result = await call(operation, request.body ?? {}, right);
    if (result.ok) return reply.header('cache-control', 'no-store').send(result);
    if (result.error.kind === 'internal') throw new Error(result.error.message);
    // With the members of an OperationReply, for clients that treat every transport alike.
    throw new Problem(STATUS_OF[result.error.kind], result.error.message, { ...result });
  });

  // HEAD of an endless stream would never end either.
  api.get(
    '/events/stream',
    { exposeHeadRoute: false, config: { access: 'read', metrics: 'stream' } },
    (request, reply) => {
      void streamEvents(reply, followed, cursorOf(request) ?? null, options.streamTiming);
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
      serveSocket(
        socket,
        request.raw.socket,
        { call, subscribe: options.subscribe, events: followed },
        {
          right: rightOf(request),
          cursor:
            Object.hasOwn(request.query as object, 'cursor') || request.headers['last-event-id'] !== undefined
              ? cursorOf(request)
              : undefined,
        },
      ),
  });

  refuseOtherMethods(api, new Map(paths));
  api.all('/*', { config: { access: 'read' } }, (request) => {
    throw new Problem(404, `There is nothing at ${request.url.split('?')[0]}: ${prefix}/ lists what there is.`);
  });
}

/** @throws Problem for an image that can't be shown: 503 where asking again may help, else 422 */
function shown<T>(reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    if (error instanceof NotShownError) throw new Problem(error.again ? 503 : 422, error.message);
    throw error;
  });
}

/** Streams a file: an image may have a gigabyte. */
async function sendFile(reply: FastifyReply, file: ShownFile): Promise<FastifyReply> {
  const handle = await openShownFile(file).catch(() => null);
  if (!handle) throw new Problem(404, 'There is no image of that frame.');
  const { size } = await handle.stat();
  // Data appended meanwhile is not sent.
  return reply.header('content-length', size).send(handle.createReadStream({ start: 0, end: size - 1 }));
}

/**
 * The cursor to resume from: the Last-Event-ID of a reconnecting client, or the one in its URL; undefined for neither.
 * @throws Problem
 */
function cursorOf(request: FastifyRequest): number | undefined {
  const { cursor } = checkWords(cursorQuerySchema, request.query, 'query');
  const last = request.headers['last-event-id'];
  if (last === undefined || last === '') return cursor;
  return checkWords(cursorQuerySchema, { cursor: last }, 'query').cursor;
}
