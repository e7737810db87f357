import { z } from 'zod';
import './schema-words';
import { addonHttpAnswerSchema, addonHttpRequestSchema, addonRouteSchema } from './addon-http';
import { addonLogLineSchema, addonStateSchema, addonStatusSchema, preferenceValueSchema } from './addons';
import { machineSchema } from './machines';
import { MAX_SIDE, jobSchema, queueSchema } from './jobs';
import { panelMessageSchema } from './panels';
import { operatorCommandSchema, operatorMessageSchema } from './operators';
import { lifecycleEventNameSchema, lifecycleEventSchema } from './lifecycle';
import { engineIdSchema, sceneInfoSchema } from './scene';
import { totalsSchema } from './totals';
import { USER_ERROR_KINDS } from './user-error';
import { workerSchema } from './workers';

/** How long a handler may take, in seconds; later events no longer wait for it then. */
export const HANDLER_SECONDS = 10;

/** Read-only snapshot of the host for add-ons. Times are milliseconds since 1970. */
export const appSnapshotSchema = z.object({
  /** The program's version. */
  version: z.string(),
  shell: z.enum(['desktop', 'headless']),
  startedAt: z.number(),
  scene: sceneInfoSchema.nullable(),
  /** Engines known to work on this machine; Blender installations are discovered after the start. */
  engines: z.array(engineIdSchema),
  /** Unfinished jobs. */
  jobs: z.array(jobSchema),
  queue: queueSchema,
  /**
   * Live workers, with their processes' memory where it can be read; `peakBytes` is the maximum that one held for a
   * frame.
   */
  workers: z.array(workerSchema.extend({ residentBytes: z.number().nullable(), peakBytes: z.number().nullable() })),
  /** The farm that this host manages; null where it manages none. `queueUp`: its ticket queue can be reached. */
  farm: z
    .object({
      queueUp: z.boolean(),
      machines: z.array(machineSchema.pick({ name: true, state: true, workers: true, frames: true, metrics: true })),
    })
    .nullable(),
  /** When a frame was last written. */
  lastFrameAt: z.number().nullable(),
  /** File systems that images are written to: those of unfinished jobs, and that of the preferred output folder. */
  volumes: z.array(z.object({ mountPoint: z.string(), freeBytes: z.number(), sizeBytes: z.number() })),
  addons: z.array(z.object({ id: z.string(), state: addonStateSchema })),
  /**
   * The program’s own processes by type (`Browser`, `Tab`, `GPU`, `Utility`), where it can tell them apart (Electron).
   */
  processes: z.array(z.object({ type: z.string(), residentBytes: z.number(), cpuSeconds: z.number() })),
  /** Counted since the requesting add-on was enabled. They survive a crash of its process. */
  totals: totalsSchema,
  /** When the totals started at 0. */
  totalsSince: z.number(),
  /** Upper bounds of the frame time buckets in the totals, in seconds; longer times go into one extra bucket. */
  frameSecondsBuckets: z.array(z.number()),
});
export type AppSnapshot = z.infer<typeof appSnapshotSchema>;

/** The types of OpenMetrics 1.0.0, section "Metric Types". `unknown` is the text format's `untyped`. */
export const METRIC_TYPES = [
  'counter',
  'gauge',
  'histogram',
  'summary',
  'info',
  'stateset',
  'gaugehistogram',
  'unknown',
] as const;

/**
 * One metric family in prom-client's JSON form (`Registry.getMetricsAsJSON`), which every registry of the program
 * produces. A counter's name ends in `_total` as its samples' do; an info's name goes without the `_info` of its samples.
 */
export const metricFamilySchema = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(METRIC_TYPES),
  /** A base unit that the name ends in, such as `seconds`. Written in OpenMetrics only. */
  unit: z.string().optional(),
  /** When all its series started at 0, in seconds since 1970; omitted where that is unknown, and for gauges. */
  created: z.number().optional(),
  /**
   * The complete list of its series' label names, where the producer knows it; saves going through all values to find
   * out.
   */
  labelNames: z.array(z.string()).optional(),
  values: z.array(
    z.object({
      /** NaN and the infinities are valid values too; z.number() would reject them. */
      value: z.custom<number>((value) => typeof value === 'number', 'a metric value is a number'),
      labels: z.record(z.string(), z.union([z.string(), z.number()])),
      /** Series name where it differs from the family's: `_bucket`, `_sum`, `_count`, `_info`, `_gsum`, `_gcount`. */
      metricName: z.string().optional(),
      /** When the value was true, in seconds since 1970, where that is not now: a scraper then keeps this time. */
      timestamp: z.number().optional(),
      /**
       * When this series started at 0, where that is known of each by itself; on a counter's sample, and on the
       * `_count` of a histogram or summary.
       */
      created: z.number().optional(),
      /**
       * An exemplar of a counter or a bucket. `timestamp` in seconds since 1970. Written in OpenMetrics only; the text
       * format has no exemplars.
       */
      exemplar: z
        .object({
          labelSet: z.record(z.string(), z.union([z.string(), z.number()])),
          value: z.number(),
          timestamp: z.number().optional(),
        })
        .nullish(),
    }),
  ),
});
export type MetricFamily = z.infer<typeof metricFamilySchema>;

/**
 * Families as one block of bytes that only add-on processes unpack (src/addon/api/metrics/packed-families.ts): thousands of
 * series pass through the host at the cost of a copy.
 */
const packedFamiliesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'packed families are bytes');

/** Answer to a request for `metrics`. */
export const collectedMetricsSchema = z.object({
  /**
   * Families of the host and its workers; null when they are the same as in the previous answer, since the host
   * collects them a few times a second at most.
   */
  families: z.array(metricFamilySchema).nullable(),
  /** Families of every other running add-on. */
  addons: z.array(z.object({ addonId: z.string(), bundled: z.boolean(), packed: packedFamiliesSchema })),
  /** Snapshot of the host taken after all of them, so that a scrape takes one request. */
  snapshot: appSnapshotSchema,
});
export type CollectedMetrics = z.infer<typeof collectedMetricsSchema>;

/**
 * A request of an add-on. `snapshot` is answered with an AppSnapshot, `metrics` with a CollectedMetrics; the others need
 * the permission `jobs`: `operation` is answered with the operation's output, `image` with an AddonImage or null.
 */
export const addonRequestSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('snapshot') }),
  z.object({ what: z.literal('metrics') }),
  z.object({ what: z.literal('operation'), operation: z.string(), input: z.unknown() }),
  z.object({
    what: z.literal('image'),
    jobId: z.int(),
    frame: z.int(),
    size: z.int().min(1).max(MAX_SIDE).optional(),
  }),
]);
export type AddonRequest = z.infer<typeof addonRequestSchema>;

/** A written frame's image in a format that browsers can display. */
export const addonImageSchema = z.object({
  bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'an image is bytes'),
  /** Media type: `image/png`. */
  type: z.string(),
});
export type AddonImage = z.infer<typeof addonImageSchema>;

/** Why the host refuses a request: a sentence, and what kind of refusal it is. */
const refusalSchema = z.object({ message: z.string(), kind: z.enum(USER_ERROR_KINDS) });
export type Refusal = z.infer<typeof refusalSchema>;

/**
 * Messages from the host to an add-on's process, over the channel of framed-messages.ts. They arrive in the order sent.
 */
export const hostToAddonSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    addonId: z.string(),
    /** Whether it ships with the program. */
    bundled: z.boolean(),
    /** Absolute path of the add-on's main module. */
    main: z.string(),
    /** Absolute path of the folder that it may write to. */
    storage: z.string(),
    /** Which of the permissions that it may use freely it has. */
    granted: z.object({ network: z.boolean(), processes: z.boolean() }),
    preferences: z.record(z.string(), preferenceValueSchema),
    /** Answered by `left-behind` before `stopped`: what its code acquires is watched, at some cost. */
    audit: z.boolean().optional(),
  }),
  z.object({ type: z.literal('event'), event: lifecycleEventSchema }),
  /** All values after a change; answered by `preferences-applied` once every onChange listener has settled. */
  z.object({
    type: z.literal('preferences'),
    id: z.int(),
    values: z.record(z.string(), preferenceValueSchema),
    changed: z.array(z.string()),
  }),
  /** Answered by `metrics`: the add-on's own families, once every event sent before has been handled. */
  z.object({ type: z.literal('metrics'), id: z.int() }),
  /** Answered by `pong` at once, so that a blocked event loop is detected. */
  z.object({ type: z.literal('ping'), id: z.int() }),
  z.object({ type: z.literal('reply'), id: z.int(), value: z.unknown(), error: refusalSchema.optional() }),
  operatorCommandSchema,
  /** A request to a route of the add-on; answered by `http-answer`. */
  z.object({ type: z.literal('http-request'), id: z.int(), request: addonHttpRequestSchema }),
  /** Nobody waits for the answer to that request any more. */
  z.object({ type: z.literal('http-abort'), id: z.int() }),
  /** Answered by `stopped`, after which the process ends. */
  z.object({ type: z.literal('stop') }),
]);
export type HostToAddon = z.infer<typeof hostToAddonSchema>;

/** Something that an add-on has not released when it was disabled. */
export const leftBehindSchema = z.object({
  kind: z.enum(['timer', 'server', 'socket', 'child process', 'file watcher', 'thread', 'metric']),
  /** Where it was acquired, as `main.mjs:3:5`; a metric's name. */
  where: z.string().max(1_000),
  /** Of a child process. */
  pid: z.int().optional(),
});
export type LeftBehind = z.infer<typeof leftBehindSchema>;

/** Something that an add-on tried without the permission for it. */
export const deniedAccessSchema = z.object({
  access: z.enum(['read', 'write', 'start', 'thread', 'native code', 'signal', 'connect', 'listen', 'other']),
  /** A path, program, process id or address; empty where it is unknown. */
  what: z.string().max(500),
});
export type DeniedAccess = z.infer<typeof deniedAccessSchema>;

/** Messages from an add-on's process to the host. */
export const addonToHostSchema = z.discriminatedUnion('type', [
  /** `register` returned. */
  z.object({ type: z.literal('registered') }),
  /** `register` threw, and everything acquired through ctx has been released; the process then ends. */
  z.object({ type: z.literal('register-failed'), reason: z.string() }),
  /** The events it has handlers for, so that others need not be sent; load_pre and load_post are always sent. */
  z.object({ type: z.literal('handlers'), events: z.array(lifecycleEventNameSchema) }),
  /** A handler took longer than {@link HANDLER_SECONDS}. */
  z.object({ type: z.literal('handler-late'), event: lifecycleEventNameSchema }),
  /** Time spent in handlers since the last message of this kind; sent periodically. */
  z.object({ type: z.literal('handler-time'), seconds: z.number().nonnegative() }),
  /**
   * Handlers of an event threw `times` times since the last message of this kind about it; `reason` is that of the last
   * failure.
   */
  z.object({
    type: z.literal('handler-error'),
    event: lifecycleEventNameSchema,
    reason: z.string(),
    times: z.int().min(1).max(1_000_000),
  }),
  /** Metrics of this or another add-on cannot be served: a sentence for that add-on's panel. */
  z.object({ type: z.literal('left-out'), addonId: z.string(), text: z.string() }),
  z.object({ type: z.literal('denied'), denied: deniedAccessSchema }),
  z.object({ type: z.literal('status'), status: addonStatusSchema.nullable() }),
  /** Whether it does what is not to be broken off for wider grants. */
  z.object({ type: z.literal('busy'), busy: z.boolean() }),
  z.object({ type: z.literal('log'), line: addonLogLineSchema }),
  z.object({ type: z.literal('preferences-applied'), id: z.int() }),
  z.object({ type: z.literal('metrics'), id: z.int(), packed: packedFamiliesSchema }),
  z.object({ type: z.literal('pong'), id: z.int() }),
  operatorMessageSchema,
  /** A route is there, or gone. */
  z.object({ type: z.literal('http-route'), route: addonRouteSchema }),
  z.object({ type: z.literal('http-route-removed'), key: z.int() }),
  z.object({ type: z.literal('http-answer'), id: z.int(), answer: addonHttpAnswerSchema }),
  panelMessageSchema,
  /** Answered by `reply`. */
  z.object({ type: z.literal('request'), id: z.int(), request: addonRequestSchema }),
  /** What is left after `unregister` and every release, if the start asked for an audit. */
  z.object({ type: z.literal('left-behind'), found: z.array(leftBehindSchema).max(100) }),
  /**
   * The last message. `reason` is null after a clean stop, else why the process ends: an uncaught error, or an error of
   * `unregister`.
   */
  z.object({ type: z.literal('stopped'), reason: z.string().nullable() }),
]);
export type AddonToHost = z.infer<typeof addonToHostSchema>;
