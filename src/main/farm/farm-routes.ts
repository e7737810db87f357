import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  FILES_MISSING,
  RESULT_HEADER,
  type JoinAnswer,
  type JoinRequest,
  type Presence,
  type PresenceAnswer,
  type TicketResult,
  joinRequestSchema,
  leaseSchema,
  presenceSchema,
  sceneIdSchema,
  ticketProgressSchema,
  ticketResultSchema,
} from '../../shared/farm';
import type { RootOffers, StoredBytes } from '../../shared/farm-files';
import { parseJson } from '../../shared/parse-json';
import { createRateLimit, type RateLimit } from '../../shared/rate-limit';
import { Problem } from '../http/problem';
import { tokenOf } from '../http/tokens';
import type { RenderCounters } from '../jobs/render-counters';
import { StaleDelivery, storedBytes, takeDelivery } from './deliveries';
import { MAX_MACHINE_CONNECTIONS, type MachineConnections } from './machine-connections';
import type { StoredMachine } from './machine-store';
import type { OpenTicket } from './open-ticket';
import { type PublishedScene, stampOfFile } from './scene-manifest';
import type { Tickets } from './tickets';

const PREFIX = '/api/v1/farm';
const PRESENCE = `${PREFIX}/presence`;
/** Maximum size of a request to join, in bytes: anybody may send one. */
const MAX_JOIN = 16 * 1024;
/** Requests of one machine a second: many short frames, or many small files of a scene. */
export const MAX_REQUESTS = 500;
/** Among them those that tell that it is there, of which it sends one or two. */
export const MAX_PRESENCES = 10;

export interface FarmRoutesOptions {
  /** @returns null when its secret is not that of an open invitation */
  join(request: JoinRequest): Promise<JoinAnswer | null>;
  /** The machine with a token; null for none. */
  machineWith(token: string): StoredMachine | null;
  /** @param address from which the machine sent it */
  hear(machine: StoredMachine, presence: Presence, address: string): PresenceAnswer;
  readonly tickets: Tickets;
  readonly counters: Pick<RenderCounters, 'deliveryRefused'>;
  readonly connections: Pick<MachineConnections, 'admit'>;
  roots(): RootOffers;
  /** Counts a wrong secret or token. @returns false when too many came from the request's address */
  refused(request: FastifyRequest): Promise<boolean>;
  /** By which requests are counted, in milliseconds; the time that passes by default. */
  readonly clock?: () => number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The machine that sent the request; null where the route requires none. */
    machine: StoredMachine | null;
  }
}

const number = z.coerce.number().int().min(0).max(1_000_000);
const leaseParams = z.object({ lease: z.coerce.number().pipe(leaseSchema) });
const leaseFileParams = leaseParams.extend({ number });
const sceneParams = z.object({ scene: sceneIdSchema });
const sceneFileParams = sceneParams.extend({ number });
const deliveryHeaders = z.object({
  'content-length': z.coerce.number().int().min(0),
  'content-digest': z.string().max(200),
  'upload-offset': z.coerce.number().int().min(0).default(0),
  [RESULT_HEADER]: z.string().optional(),
});
const resultHeaderSchema = z.string().transform(parseJson).pipe(ticketResultSchema);
const askedHeaders = deliveryHeaders.pick({ 'content-digest': true });

/** Registers everything that machines ask of the manager. A machine reaches its own tickets and what these need. */
export async function registerFarmRoutes(server: FastifyInstance, options: FarmRoutesOptions): Promise<void> {
  const { tickets, counters, connections, join, machineWith, hear, clock } = options;

  server.post(`${PREFIX}/join`, { bodyLimit: MAX_JOIN }, async (request) => {
    const answer = await join(checked(joinRequestSchema, request.body));
    if (answer) return answer;
    await countRefusal(request);
    throw new Problem(
      401,
      'The token is of no open invitation: each is for one machine and one hour. Invite again on the manager.',
    );
  });

  async function countRefusal(request: FastifyRequest): Promise<void> {
    if (!(await options.refused(request)))
      throw new Problem(429, 'Too many wrong tokens came from this address: try again in a minute.');
  }

  const requests = new WeakMap<StoredMachine, RateLimit>();
  const presences = new WeakMap<StoredMachine, RateLimit>();

  function budgetOf(budgets: WeakMap<StoredMachine, RateLimit>, machine: StoredMachine, perSecond: number): RateLimit {
    let budget = budgets.get(machine);
    if (!budget) budgets.set(machine, (budget = createRateLimit(perSecond, clock)));
    return budget;
  }

  await server.register(async (machines) => {
    machines.decorateRequest('machine', null);
    machines.addHook('onRequest', async (request, reply) => {
      const token = tokenOf(request);
      const machine = token === null ? null : machineWith(token);
      if (!machine) {
        await countRefusal(request);
        throw new Problem(401, 'This machine is not part of the farm, or no longer: join with a new invitation.');
      }
      request.machine = machine;
      if (!connections.admit(machine.id, request.raw.socket)) {
        reply.header('connection', 'close');
        throw new Problem(503, `This machine has too many connections: it may have ${MAX_MACHINE_CONNECTIONS}.`);
      }
      const all = budgetOf(requests, machine, MAX_REQUESTS).take();
      const presence = request.routeOptions.url !== PRESENCE || budgetOf(presences, machine, MAX_PRESENCES).take();
      // To a machine that is as if the manager were away: it asks again.
      if (!all || !presence) throw new Problem(503, 'This machine asks too often: ask again in a second.');
    });

    machines.put(PRESENCE, (request) =>
      hear(request.machine!, checked(presenceSchema, request.body), request.ip.replace(/^::ffff:(?=\d+\.)/, '')),
    );

    machines.get(`${PREFIX}/roots`, () => options.roots());

    machines.get(`${PREFIX}/scenes/:scene`, (request, reply) => {
      const { json } = sceneOf(request, checked(sceneParams, request.params).scene);
      return reply.type('application/json').send(json);
    });

    machines.get(`${PREFIX}/scenes/:scene/files/:number`, async (request, reply) => {
      const params = checked(sceneFileParams, request.params);
      const file = sceneOf(request, params.scene).files[params.number];
      if (!file) throw new Problem(404, `The scene has no file ${params.number}.`);
      const now = await stampOfFile(file.path).catch(() => null);
      if (now?.stamp !== file.stamp) throw new Problem(409, 'A file of the scene was changed since its frame began.');
      const start = rangeStart(request.headers.range, file.bytes);
      if (start > 0) reply.code(206).header('content-range', `bytes ${start}-${file.bytes - 1}/${file.bytes}`);
      return reply
        .type('application/octet-stream')
        .header('content-length', file.bytes - start)
        .send(createReadStream(file.path, file.bytes === 0 ? {} : { start, end: file.bytes - 1 }));
    });

    machines.put(`${PREFIX}/leases/:lease/files/:number`, async (request, reply) => {
      const { lease, number: file } = checked(leaseFileParams, request.params);
      const headers = checked(deliveryHeaders, request.headers);
      const [length, digest] = [headers['content-length'], headers['content-digest']];
      const delivery = { length, digest, offset: headers['upload-offset'] };
      const told = headers[RESULT_HEADER];
      const result = told === undefined ? null : checked(resultHeaderSchema, told);
      const { id, name } = request.machine!;
      const find = (): OpenTicket | null => tickets.get(id, lease);
      // Whether it came through the proxies between them.
      const confirm = (): FastifyReply => reply.header(RESULT_HEADER, 'taken');
      try {
        await takeDelivery(lease, find, file, delivery, request.body as Readable, tickets);
        if (result !== null) {
          finish(request, result);
          confirm();
        }
      } catch (error) {
        if (!(error instanceof StaleDelivery)) throw error;
        const isRepeated =
          tickets.finished.bytesOf(id, lease, file, digest) !== null &&
          (result === null || tickets.finished.has(id, lease, result));
        if (!isRepeated) {
          counters.deliveryRefused(name);
          throw error;
        }
        confirm();
      }
      return reply.code(204).send();
    });

    machines.get(`${PREFIX}/leases/:lease/files/:number`, async (request): Promise<StoredBytes> => {
      const { lease, number: file } = checked(leaseFileParams, request.params);
      const { 'content-digest': digest } = checked(askedHeaders, request.headers);
      const bytes = tickets.finished.bytesOf(request.machine!.id, lease, file, digest);
      return { bytes: bytes ?? (await storedBytes(ticketOf(request), file, digest)) };
    });

    machines.put(`${PREFIX}/leases/:lease/progress`, (request, reply) => {
      ticketOf(request).onProgress(checked(ticketProgressSchema, request.body));
      return reply.code(204).send();
    });

    machines.post(`${PREFIX}/leases/:lease/result`, (request, reply) => {
      const { lease } = checked(leaseParams, request.params);
      const result = checked(ticketResultSchema, request.body);
      if (!tickets.finished.has(request.machine!.id, lease, result)) finish(request, result);
      return reply.code(204).send();
    });
  });

  function finish(request: FastifyRequest, result: TicketResult): void {
    if (!tickets.finish(ticketOf(request), result))
      throw new Problem(FILES_MISSING, 'Not all files of the frame were delivered: send them again.');
  }

  function ticketOf(request: FastifyRequest): OpenTicket {
    const { lease } = checked(leaseParams, request.params);
    const open = tickets.get(request.machine!.id, lease);
    if (!open) throw new StaleDelivery(lease);
    return open;
  }

  function sceneOf(request: FastifyRequest, id: string): PublishedScene {
    const scene = tickets.sceneOf(request.machine!.id, id);
    if (!scene) throw new Problem(409, 'No ticket of this machine needs this scene.');
    return scene;
  }
}

/** @throws Problem (422) naming the first thing that is wrong */
function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new Problem(422, `The request cannot be read: ${[...path.map(String), message].join(': ')}.`);
}

/** First byte of a range that goes to the end, the only kind that machines ask for. @throws Problem (416) */
function rangeStart(range: string | undefined, bytes: number): number {
  if (range === undefined) return 0;
  const start = Number(/^bytes=(\d{1,15})-$/.exec(range)?.[1] ?? Number.NaN);
  if (!(start < bytes)) throw new Problem(416, `The file has ${bytes} bytes: ask for “bytes=N-” with N below that.`);
  return start;
}
