import { z } from 'zod';
import { addonLogLineSchema, addonStateSchema, addonStatusSchema, preferenceValueSchema } from './addons';
import { jobSchema, queueSchema } from './jobs';
import { lifecycleEventNameSchema, lifecycleEventSchema } from './lifecycle';
import { sceneInfoSchema } from './scene';
import { totalsSchema } from './totals';
import { workerSchema } from './workers';

/** Read-only picture of the host that add-ons ask for. Times are milliseconds since 1970. */
export const appSnapshotSchema = z.object({
  /** Of the program. */
  version: z.string(),
  shell: z.enum(['desktop', 'headless']),
  startedAt: z.number(),
  scene: sceneInfoSchema.nullable(),
  /** Jobs that are not finished yet. */
  jobs: z.array(jobSchema),
  queue: queueSchema,
  /** Live workers, with what their processes take where that can be read; `peakBytes` is the most that one held for a frame. */
  workers: z.array(workerSchema.extend({ residentBytes: z.number().nullable(), peakBytes: z.number().nullable() })),
  /** When a frame was last written. */
  lastFrameAt: z.number().nullable(),
  /** File systems that images go to: those of unfinished jobs, and that of the preferred output folder. */
  volumes: z.array(z.object({ mountPoint: z.string(), freeBytes: z.number(), sizeBytes: z.number() })),
  addons: z.array(z.object({ id: z.string(), state: addonStateSchema })),
  /** The program’s own processes where it can tell them apart (Electron): by type, as `Browser`, `Tab`, `GPU`, `Utility`. */
  processes: z.array(z.object({ type: z.string(), residentBytes: z.number(), cpuSeconds: z.number() })),
  /** Since the add-on that asks was enabled. They go on over a crash of its process. */
  totals: totalsSchema,
  /** When the totals began at 0. */
  totalsSince: z.number(),
  /** Upper bounds, in seconds, of the buckets that the totals count frame times in; what is longer goes into one more. */
  frameSecondsBuckets: z.array(z.number()),
});
export type AppSnapshot = z.infer<typeof appSnapshotSchema>;

/** One metric family in prom-client's JSON form (`Registry.getMetricsAsJSON`), which every registry of the program can produce. */
export const metricFamilySchema = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  /** When every series of it began at 0, in seconds since 1970; left out where that is not known, and for gauges. */
  created: z.number().optional(),
  /** The names of its series' labels, where whoever made it knows that there are no others: its values then need not be gone through to find out. */
  labelNames: z.array(z.string()).optional(),
  values: z.array(
    z.object({
      /** NaN and the infinities are values too, which z.number() would refuse. */
      value: z.custom<number>((value) => typeof value === 'number', 'a metric value is a number'),
      labels: z.record(z.string(), z.union([z.string(), z.number()])),
      /** Series name where it is not the family's: `_bucket`, `_sum`, `_count`. */
      metricName: z.string().optional(),
    }),
  ),
});
export type MetricFamily = z.infer<typeof metricFamilySchema>;

/**
 * Families as one block of bytes that only add-on processes open (src/addon/api/metrics/packed-families.ts): thousands of series pass through the host
 * without costing it more than a copy.
 */
export const packedFamiliesSchema = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array,
  'packed families are bytes',
);

/** Answer to an add-on's request for `metrics`. */
export const collectedMetricsSchema = z.object({
  /** Of the host and its workers; null when they are those of the answer before, for the host reads them a few times a second at most. */
  families: z.array(metricFamilySchema).nullable(),
  /** Of every other running add-on. */
  addons: z.array(z.object({ addonId: z.string(), packed: packedFamiliesSchema })),
  /** The host as it was behind all of them, so that a scrape is one question. */
  snapshot: appSnapshotSchema,
});
export type CollectedMetrics = z.infer<typeof collectedMetricsSchema>;

/** Host to add-on process, over the channel of child_process.fork. Messages arrive in the order sent. */
export const hostToAddonSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    addonId: z.string(),
    /** Absolute path of the add-on's main module. */
    main: z.string(),
    preferences: z.record(z.string(), preferenceValueSchema),
  }),
  z.object({ type: z.literal('event'), event: lifecycleEventSchema }),
  /** All values after a change; answered by `preferences-applied` once every onChange function has settled. */
  z.object({
    type: z.literal('preferences'),
    id: z.int(),
    values: z.record(z.string(), preferenceValueSchema),
    changed: z.array(z.string()),
  }),
  /** Answered by `metrics`: the add-on's own families, with every event that was sent before handled. */
  z.object({ type: z.literal('metrics'), id: z.int() }),
  /** Answered by `pong` at once, so that a process whose event loop hangs is found out. */
  z.object({ type: z.literal('ping'), id: z.int() }),
  z.object({ type: z.literal('reply'), id: z.int(), value: z.unknown(), error: z.string().optional() }),
  /** Answered by `stopped`, after which the process ends. */
  z.object({ type: z.literal('stop') }),
]);
export type HostToAddon = z.infer<typeof hostToAddonSchema>;

/** Add-on process to host. */
export const addonToHostSchema = z.discriminatedUnion('type', [
  /** `register` returned. */
  z.object({ type: z.literal('registered') }),
  /** `register` threw, and everything taken through ctx has been released; the process then ends. */
  z.object({ type: z.literal('register-failed'), reason: z.string() }),
  /** The names that it has handlers for now, so that others need not be sent; load_pre and load_post are sent in any case. */
  z.object({ type: z.literal('handlers'), events: z.array(lifecycleEventNameSchema) }),
  /** Time that handlers took since the last message of this kind; sent from time to time. */
  z.object({ type: z.literal('handler-time'), seconds: z.number() }),
  z.object({ type: z.literal('handler-error'), event: lifecycleEventNameSchema, reason: z.string() }),
  z.object({ type: z.literal('status'), status: addonStatusSchema.nullable() }),
  z.object({ type: z.literal('log'), line: addonLogLineSchema }),
  z.object({ type: z.literal('preferences-applied'), id: z.int() }),
  z.object({ type: z.literal('metrics'), id: z.int(), packed: packedFamiliesSchema }),
  z.object({ type: z.literal('pong'), id: z.int() }),
  /** `snapshot` answers an AppSnapshot; `metrics` a CollectedMetrics. */
  z.object({ type: z.literal('request'), id: z.int(), what: z.enum(['snapshot', 'metrics']) }),
  /** Its last message. `reason` is null after a clean stop, else why it ends: an error nobody caught, or what `unregister` threw. */
  z.object({ type: z.literal('stopped'), reason: z.string().nullable() }),
]);
export type AddonToHost = z.infer<typeof addonToHostSchema>;
