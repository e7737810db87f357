import { z } from 'zod';
import { addonLogLineSchema, addonSchema, preferenceValueSchema } from './addons';
import { engineInfoSchema } from './engines';
import {
  frameSchema,
  frameStateSchema,
  jobChangesSchema,
  jobRequestSchema,
  jobSchema,
  jobStateSchema,
  queueSchema,
} from './jobs';
import { lifecycleEventSchema } from './lifecycle';
import { sceneInfoSchema } from './scene';
import { frameTimeSchema, statisticsSampleSchema, statisticsSchema } from './statistics';
import { workerSchema } from './workers';

/** Where this host runs and what it is. */
export const hostInfoSchema = z.object({
  version: z.string(),
  shell: z.enum(['desktop', 'headless']),
  platform: z.string(),
  pid: z.int(),
  dataFolder: z.string(),
  /** Where a path typed without a folder ends up. */
  home: z.string(),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;

/** Everything a UI needs to draw itself; kept up to date by {@link hostEventSchema}. */
export const hostStateSchema = z.object({
  info: hostInfoSchema,
  scene: sceneInfoSchema.nullable(),
  /** In queue order. */
  jobs: z.array(jobSchema),
  queue: queueSchema,
  workers: z.array(workerSchema),
  addons: z.array(addonSchema),
  /** The host's own preferences, by dotted key. */
  preferences: z.record(z.string(), preferenceValueSchema),
  /** What the person should be told, newest last: a database set aside, preferences that could not be read. */
  notices: z.array(z.object({ id: z.int(), level: z.enum(['info', 'warning', 'error']), text: z.string() })),
});
export type HostState = z.infer<typeof hostStateSchema>;
export type Notice = HostState['notices'][number];

/** What the host tells every UI, in order. */
export const hostEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('scene'), scene: sceneInfoSchema.nullable() }),
  /** Added or changed. */
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('job-removed'), id: z.int() }),
  z.object({ type: z.literal('queue'), queue: queueSchema }),
  z.object({ type: z.literal('frame'), jobId: z.int(), frame: frameSchema }),
  z.object({ type: z.literal('workers'), workers: z.array(workerSchema) }),
  z.object({ type: z.literal('addons'), addons: z.array(addonSchema) }),
  z.object({ type: z.literal('preferences'), preferences: z.record(z.string(), preferenceValueSchema) }),
  /** A new sample, at most one a second, with the frames that were written since the last one. */
  z.object({ type: z.literal('statistics'), sample: statisticsSampleSchema, frameTimes: z.array(frameTimeSchema) }),
  z.object({ type: z.literal('notice'), notice: hostStateSchema.shape.notices.element }),
]);
export type HostEvent = z.infer<typeof hostEventSchema>;

const id = z.strictObject({ id: z.int() });
const nothing = z.strictObject({});
const page = { offset: z.int().min(0).default(0), limit: z.int().min(1).max(10_000).default(1_000) };

/** A lifecycle event as it was stored: `cursor` grows over restarts of the host, while `seq` begins anew. */
export const storedEventSchema = lifecycleEventSchema.extend({ cursor: z.int() });
export type StoredEvent = z.infer<typeof storedEventSchema>;

/**
 * Everything that can be asked of the host, whatever carries it: IPC, WebSocket or HTTP. Input and output are checked at both ends. `access` is the right that a client needs: to look,
 * or to change something.
 */
export const operations = {
  'host.state': { access: 'read', input: nothing, output: hostStateSchema },
  /** Fires load_pre/load_post, or load_post_fail. */
  'scene.open': { access: 'control', input: z.strictObject({ path: z.string().min(1) }), output: sceneInfoSchema },
  /** Reads a scene without opening it. */
  'scene.inspect': { access: 'control', input: z.strictObject({ path: z.string().min(1) }), output: sceneInfoSchema },
  /** Folders and scene files of a folder on the host's machine, for the headless UI's file dialog. */
  'files.list': {
    access: 'control',
    input: z.strictObject({ folder: z.string().optional() }),
    output: z.object({
      folder: z.string(),
      parent: z.string().nullable(),
      entries: z.array(
        z.object({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'scene']), bytes: z.number() }),
      ),
    }),
  },
  /** What can render here; `refresh` looks again for what was installed meanwhile. */
  'engines.list': {
    access: 'read',
    input: z.strictObject({ refresh: z.boolean().default(false) }),
    output: z.array(engineInfoSchema),
  },
  'job.submit': { access: 'control', input: jobRequestSchema, output: jobSchema },
  'job.get': { access: 'read', input: id, output: jobSchema },
  /** Jobs in queue order, or those that ended last first (the history). */
  'job.list': {
    access: 'read',
    input: z.strictObject({
      states: z.array(jobStateSchema).optional(),
      order: z.enum(['queue', 'finished']).default('queue'),
      ...page,
    }),
    output: z.object({ jobs: z.array(jobSchema), total: z.int() }),
  },
  /** In the order in which they are rendered. */
  'job.frames': {
    access: 'read',
    input: id.extend({
      states: z.array(frameStateSchema).optional(),
      offset: page.offset,
      limit: z.int().min(1).optional(),
    }),
    output: z.array(frameSchema),
  },
  /** null where the job has no such frame. */
  'job.frame': { access: 'read', input: id.extend({ frame: z.int() }), output: frameSchema.nullable() },
  /** What the engine printed: of one frame, or of the job's last frames. */
  'job.log': {
    access: 'read',
    input: id.extend({ frame: z.int().optional() }),
    output: z.array(z.object({ frame: z.int(), attempt: z.int(), lines: z.array(z.string()) })),
  },
  'job.cancel': { access: 'control', input: id, output: jobSchema },
  /** Gives up the frames in work, which wait until the job is resumed. */
  'job.pause': { access: 'control', input: id, output: jobSchema },
  'job.resume': { access: 'control', input: id, output: jobSchema },
  /** Renders again: every frame, or those that failed or were never rendered. */
  'job.requeue': {
    access: 'control',
    input: id.extend({ frames: z.enum(['all', 'failed']).default('failed') }),
    output: jobSchema,
  },
  /** A new job with the same settings, in its start state. */
  'job.duplicate': { access: 'control', input: id, output: jobSchema },
  'job.edit': { access: 'control', input: id.extend({ changes: jobChangesSchema }), output: jobSchema },
  /** Puts a job before another in queue order; null: at the end. */
  'job.move': { access: 'control', input: id.extend({ before: z.int().nullable() }), output: jobSchema },
  /** What deleting a job with its files would delete: images that this job wrote and that are still as it wrote them. */
  'job.removal': { access: 'read', input: id, output: z.object({ files: z.array(z.string()), bytes: z.number() }) },
  /** Takes a job that is not being worked on out of the list, with its images only if that is asked for. */
  'job.remove': {
    access: 'control',
    input: id.extend({ files: z.boolean().default(false) }),
    output: z.object({ filesDeleted: z.int() }),
  },
  'queue.get': { access: 'read', input: nothing, output: queueSchema },
  'queue.pause': {
    access: 'control',
    input: z.strictObject({ after: z.enum(['now', 'frame', 'job']).default('now') }),
    output: queueSchema,
  },
  'queue.resume': { access: 'control', input: nothing, output: queueSchema },
  /** Stored lifecycle events after a cursor, oldest first; `oldest` is the first cursor that is still kept, null when there is none. */
  'events.list': {
    access: 'read',
    input: z.strictObject({ after: z.int().min(0).default(0), limit: page.limit }),
    output: z.object({ events: z.array(storedEventSchema), oldest: z.int().nullable(), newest: z.int() }),
  },
  /** What the host has in memory of its last hours, or only what is newer than `since` (milliseconds since 1970). */
  'statistics.get': {
    access: 'read',
    input: z.strictObject({ since: z.number().optional() }),
    output: statisticsSchema,
  },
  /** Writes the files that a Prometheus and a Grafana beside this host need into a folder on the host's machine. */
  'monitoring.save': {
    access: 'control',
    input: z.strictObject({ folder: z.string().min(1) }),
    output: z.object({ folder: z.string(), files: z.array(z.string()) }),
  },
  'addon.enable': { access: 'control', input: z.strictObject({ id: z.string() }), output: addonSchema },
  'addon.disable': { access: 'control', input: z.strictObject({ id: z.string() }), output: addonSchema },
  'addon.log': { access: 'read', input: z.strictObject({ id: z.string() }), output: z.array(addonLogLineSchema) },
  /** Keys as `render.workers` or `addons.prometheus.address`. Text is converted to the preference's type. Answers when the change has been applied. */
  'preferences.set': {
    access: 'control',
    input: z.strictObject({ key: z.string(), value: preferenceValueSchema }),
    output: z.object({ key: z.string(), value: preferenceValueSchema, addon: addonSchema.nullable() }),
  },
} as const satisfies Record<string, { access: 'read' | 'control'; input: z.ZodType; output: z.ZodType }>;

export type OperationName = keyof typeof operations;
export type OperationInput<N extends OperationName> = z.input<(typeof operations)[N]['input']>;
export type OperationOutput<N extends OperationName> = z.output<(typeof operations)[N]['output']>;

/** What a failed operation carries over a process boundary. */
export const operationErrorSchema = z.object({
  message: z.string(),
  kind: z.enum(['arguments', 'failed', 'internal']),
});
export type OperationError = z.infer<typeof operationErrorSchema>;

export const operationReplySchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: operationErrorSchema }),
]);
export type OperationReply = z.infer<typeof operationReplySchema>;

/** WebSocket at `/api/v1/socket`: the client calls, the server answers and tells events. */
export const socketRequestSchema = z.object({ call: z.int(), operation: z.string(), input: z.unknown() });
export const socketMessageSchema = z.union([
  z.object({ call: z.int(), reply: operationReplySchema }),
  z.object({ event: hostEventSchema }),
]);
/**
 * Sent besides by `/api/v1/socket?cursor=N`: every stored event after that cursor, then those to come; and a gap where events after the client's cursor are no longer kept, so that it has to fetch the state of
 * things anew. Without N, only those to come.
 */
export const socketFollowSchema = z.union([
  z.object({ lifecycle: storedEventSchema }),
  z.object({ gap: z.object({ after: z.int(), resume: z.int() }) }),
]);
/** The token travels as the second of the WebSocket's subprotocols, `framegauge` being the first: a browser can't set headers there. */
export const SOCKET_PROTOCOL = 'framegauge';
export const TOKEN_PROTOCOL_PREFIX = 'token.';
