import { z } from 'zod';
import { addonLogLineSchema, addonSchema, preferenceValueSchema } from './addons';
import { frameSchema, jobRequestSchema, jobSchema } from './jobs';
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

/** Everything that can be asked of the host, whatever carries it: IPC, WebSocket or HTTP. Input and output are checked at both ends. */
export const operations = {
  'host.state': { input: z.strictObject({}), output: hostStateSchema },
  /** Fires load_pre/load_post, or load_post_fail. */
  'scene.open': { input: z.strictObject({ path: z.string().min(1) }), output: sceneInfoSchema },
  /** Reads a scene without opening it. */
  'scene.inspect': { input: z.strictObject({ path: z.string().min(1) }), output: sceneInfoSchema },
  /** Folders and scene files of a folder on the host's machine, for the headless UI's file dialog. */
  'files.list': {
    input: z.strictObject({ folder: z.string().optional() }),
    output: z.object({
      folder: z.string(),
      parent: z.string().nullable(),
      entries: z.array(z.object({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'scene']), bytes: z.number() })),
    }),
  },
  'job.submit': { input: jobRequestSchema, output: jobSchema },
  'job.get': { input: id, output: jobSchema },
  'job.frames': { input: id, output: z.array(frameSchema) },
  'job.cancel': { input: id, output: jobSchema },
  /** Takes a finished job out of the list; its images stay. */
  'job.remove': { input: id, output: z.object({}) },
  /** What the host has in memory of its last hours, or only what is newer than `since` (milliseconds since 1970). */
  'statistics.get': { input: z.strictObject({ since: z.number().optional() }), output: statisticsSchema },
  /** Writes the files that a Prometheus and a Grafana beside this host need into a folder on the host's machine. */
  'monitoring.save': { input: z.strictObject({ folder: z.string().min(1) }), output: z.object({ folder: z.string(), files: z.array(z.string()) }) },
  'addon.enable': { input: z.strictObject({ id: z.string() }), output: addonSchema },
  'addon.disable': { input: z.strictObject({ id: z.string() }), output: addonSchema },
  'addon.log': { input: z.strictObject({ id: z.string() }), output: z.array(addonLogLineSchema) },
  /** Keys as `render.workers` or `addons.prometheus.address`. Text is converted to the preference's type. Answers when the change has been applied. */
  'preferences.set': {
    input: z.strictObject({ key: z.string(), value: preferenceValueSchema }),
    output: z.object({ key: z.string(), value: preferenceValueSchema, addon: addonSchema.nullable() }),
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type OperationName = keyof typeof operations;
export type OperationInput<N extends OperationName> = z.input<(typeof operations)[N]['input']>;
export type OperationOutput<N extends OperationName> = z.output<(typeof operations)[N]['output']>;

/** What a failed operation carries over a process boundary. */
export const operationErrorSchema = z.object({ message: z.string(), kind: z.enum(['arguments', 'failed', 'internal']) });
export type OperationError = z.infer<typeof operationErrorSchema>;

export const operationReplySchema = z.union([z.object({ ok: z.literal(true), value: z.unknown() }), z.object({ ok: z.literal(false), error: operationErrorSchema })]);
export type OperationReply = z.infer<typeof operationReplySchema>;

/** WebSocket at `/api/v1/socket`: the client calls, the server answers and tells events. */
export const socketRequestSchema = z.object({ call: z.int(), operation: z.string(), input: z.unknown() });
export const socketMessageSchema = z.union([z.object({ call: z.int(), reply: operationReplySchema }), z.object({ event: hostEventSchema })]);
/** The token travels as the second of the WebSocket's subprotocols, `framegauge` being the first: a browser can't set headers there. */
export const SOCKET_PROTOCOL = 'framegauge';
export const TOKEN_PROTOCOL_PREFIX = 'token.';
