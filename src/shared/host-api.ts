import { z } from 'zod';
import './schema-words';
import { addonCatalogueSchema } from './addon-repositories';
import { addonLogLineSchema, addonSchema, installResultSchema, preferenceValueSchema } from './addons';
import { engineInfoSchema } from './engines';
import { hostInfoSchema, startModeSchema } from './host-info';
import { machineSchema } from './machines';
import { frameInWorkSchema } from './frame-in-work';
import {
  frameSchema,
  frameStateSchema,
  jobChangesSchema,
  jobRequestSchema,
  jobSchema,
  jobStateSchema,
  queueSchema,
  conflictPolicySchema,
} from './jobs';
import { jobPlanSchema } from './job-plan';
import { panelSchema } from './panels';
import { machineOperations } from './machine-operations';
import { operatorParametersSchema, operatorRunSchema, operatorSchema } from './operators';
import { storedEventSchema } from './lifecycle';
import { sceneInfoSchema } from './scene';
import { frameFailureSchema, frameTimeSchema, statisticsSampleSchema, statisticsSchema } from './statistics';
import { USER_ERROR_KINDS } from './user-error';
import { workerSchema } from './workers';

/** The complete state that a UI shows; kept up to date by {@link hostEventSchema}. */
const hostStateSchema = z.object({
  info: hostInfoSchema,
  scene: sceneInfoSchema.nullable(),
  /** The file of the open scene has changed since it was read. */
  sceneChanged: z.boolean().default(false),
  /**
   * All unfinished jobs in rendering order, by priority and then position, and the thousand that ended last; job.list
   * has all.
   */
  jobs: z.array(jobSchema),
  queue: queueSchema,
  workers: z.array(workerSchema),
  /** The machines of the farm, by name; none where this host manages none. */
  machines: z.array(machineSchema),
  addons: z.array(addonSchema),
  operators: z.array(operatorSchema),
  /** Runs under way and the last ones that ended, oldest first. */
  operatorRuns: z.array(operatorRunSchema),
  /** What running add-ons show. */
  panels: z.array(panelSchema),
  /** The host's own preferences, by dotted key. */
  preferences: z.record(z.string(), preferenceValueSchema),
  /** Messages to the user that still hold, newest last: a database was set aside, the farm's ticket queue is away. */
  notices: z.array(
    z.object({
      id: z.int(),
      level: z.enum(['info', 'warning', 'error']),
      text: z.string(),
      /** Milliseconds since 1970. */
      at: z.number(),
      /** Starting the host again in this mode is offered. */
      restart: startModeSchema.optional(),
    }),
  ),
});
export type HostState = z.infer<typeof hostStateSchema>;
export type Notice = HostState['notices'][number];

/** Events sent to every UI, in order. */
export const hostEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('scene'), scene: sceneInfoSchema.nullable() }),
  /** The file of the open scene has changed since it was read, or was read again. */
  z.object({ type: z.literal('scene-file'), changed: z.boolean() }),
  /** Added or changed. */
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('job-removed'), id: z.int() }),
  z.object({ type: z.literal('queue'), queue: queueSchema }),
  z.object({ type: z.literal('frame'), jobId: z.int(), frame: frameSchema }),
  z.object({ type: z.literal('workers'), workers: z.array(workerSchema) }),
  /** Told twice a second at most; not when only `lastSeen` has changed. */
  z.object({ type: z.literal('machines'), machines: z.array(machineSchema) }),
  z.object({ type: z.literal('addons'), addons: z.array(addonSchema) }),
  z.object({ type: z.literal('operators'), operators: z.array(operatorSchema) }),
  /** A run has started, progressed or ended. Progress is told four times a second at most. */
  z.object({ type: z.literal('operator-run'), run: operatorRunSchema }),
  /** Added or changed. */
  z.object({ type: z.literal('panel'), panel: panelSchema }),
  z.object({ type: z.literal('panel-removed'), id: z.string() }),
  z.object({ type: z.literal('preferences'), preferences: z.record(z.string(), preferenceValueSchema) }),
  /** A new sample, at most one a second, with the frames written and the attempts failed since the previous one. */
  z.object({
    type: z.literal('statistics'),
    sample: statisticsSampleSchema,
    frameTimes: z.array(frameTimeSchema),
    failures: z.array(frameFailureSchema),
  }),
  z.object({ type: z.literal('notice'), notice: hostStateSchema.shape.notices.element }),
  /** Its cause is gone. */
  z.object({ type: z.literal('notice-gone'), id: z.int() }),
]);
export type HostEvent = z.infer<typeof hostEventSchema>;

const id = z.strictObject({ id: z.int() });
const nothing = z.strictObject({});
/** `all`, `failed`, `remaining`, or a frame range. Its form is checked by `parseFrameRange`. */
export const framesAgainSchema = z.string().min(1).max(20_000);
/** Maximum page size of a list: takes the host some ten milliseconds. */
export const MAX_PAGE = 2_000;
const page = { offset: z.int().min(0).default(0), limit: z.int().min(1).max(MAX_PAGE).default(1_000) };

/**
 * Every operation of the host, whatever the transport: IPC, WebSocket or HTTP. Input and output are validated at both
 * ends. `access` is the right that a client needs: to read, or to control.
 */
export const operations = {
  'host.state': { access: 'read', input: nothing, output: hostStateSchema },
  /** Fires load_pre/load_post, or load_post_fail. */
  'scene.open': { access: 'control', input: z.strictObject({ path: z.string().min(1) }), output: sceneInfoSchema },
  /** The scenes that were opened last, the latest first; `missing`: there is no file any more. */
  'scene.recent': {
    access: 'control',
    input: nothing,
    output: z.array(z.object({ path: z.string(), openedAt: z.number(), missing: z.boolean() })),
  },
  /** Reads a scene without opening it. */
  'scene.inspect': { access: 'control', input: z.strictObject({ path: z.string().min(1) }), output: sceneInfoSchema },
  /** Path of the open scene's file at the host's server. Whoever may only read sees images, not what they are made from. */
  'scene.view': { access: 'control', input: nothing, output: z.object({ address: z.string() }) },
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
      /** Number of further entries that are not listed. */
      left: z.int().default(0),
    }),
  },
  /** The engines of this machine; `refresh` rescans for newly installed ones. */
  'engines.list': {
    access: 'read',
    input: z.strictObject({ refresh: z.boolean().default(false) }),
    output: z.array(engineInfoSchema),
  },
  /** Dry run of a submission. Nothing is queued or written. */
  'job.plan': { access: 'control', input: jobRequestSchema, output: jobPlanSchema },
  'job.submit': { access: 'control', input: jobRequestSchema, output: jobSchema },
  'job.get': { access: 'read', input: id, output: jobSchema },
  /** Jobs in rendering order, or those that ended, latest first (the history). */
  'job.list': {
    access: 'read',
    input: z.strictObject({
      states: z.array(jobStateSchema).optional(),
      /** Only jobs that this machine of the farm has had frames of. */
      machine: z.string().max(100).optional(),
      order: z.enum(['queue', 'finished']).default('queue'),
      ...page,
    }),
    output: z.object({ jobs: z.array(jobSchema), total: z.int() }),
  },
  /** A page of a job's frames, in rendering order; the last page is shorter than its limit. */
  'job.frames': {
    access: 'read',
    input: id.extend({ states: z.array(frameStateSchema).optional(), ...page }),
    output: z.array(frameSchema),
  },
  /** null where the job has no such frame. */
  'job.frame': { access: 'read', input: id.extend({ frame: z.int() }), output: frameSchema.nullable() },
  /** null where it is not in work. */
  'job.frameInWork': { access: 'read', input: id.extend({ frame: z.int() }), output: frameInWorkSchema.nullable() },
  /** The engine's output for one frame, or for the job's last frames. */
  'job.log': {
    access: 'read',
    input: id.extend({ frame: z.int().optional() }),
    output: z.array(z.object({ frame: z.int(), attempt: z.int(), lines: z.array(z.string()) })),
  },
  'job.cancel': { access: 'control', input: id, output: jobSchema },
  /** Aborts the frames in progress, which are queued again until the job is resumed. */
  'job.pause': { access: 'control', input: id, output: jobSchema },
  'job.resume': { access: 'control', input: id, output: jobSchema },
  /**
   * Renders again: every frame (`all`), those that failed or were never rendered (`failed`), only the latter, of a job
   * that has ended (`remaining`), or the frames of a range (`3,7-9`). Of a range those that wait or are being rendered
   * anyway are passed over.
   */
  'job.requeue': {
    access: 'control',
    input: id.extend({ frames: framesAgainSchema.default('failed') }),
    output: jobSchema,
  },
  /** A new job with the same settings, in its initial state; its policy for existing images may be different. */
  'job.duplicate': { access: 'control', input: id.extend(conflictPolicySchema.shape), output: jobSchema },
  'job.edit': { access: 'control', input: id.extend({ changes: jobChangesSchema }), output: jobSchema },
  /**
   * Moves a job before another of the same priority; null: to the end of that priority. Moving before a job of another
   * priority requires adopting that priority.
   */
  'job.move': {
    access: 'control',
    input: id.extend({ before: z.int().nullable(), priority: z.enum(['keep', 'take']).default('keep') }),
    output: jobSchema,
  },
  /** Dry run of deleting a job with its files: the images that it wrote and that have not been modified since. */
  'job.removal': { access: 'control', input: id, output: z.object({ files: z.array(z.string()), bytes: z.number() }) },
  /** Deletes a job that is not being rendered; its images are deleted only on request. */
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
  /**
   * Stored lifecycle events after a cursor, oldest first; `oldest` is the first cursor still stored, null when there is
   * none.
   */
  'events.list': {
    access: 'read',
    input: z.strictObject({ after: z.int().min(0).default(0), limit: page.limit }),
    output: z.object({ events: z.array(storedEventSchema), oldest: z.int().nullable(), newest: z.int() }),
  },
  /**
   * The statistics of the last hours from the host's memory, or only those newer than `since` (milliseconds since
   * 1970); the frames and failures of all jobs, or of one.
   */
  'statistics.get': {
    access: 'read',
    input: z.strictObject({ since: z.number().optional(), job: z.int().optional() }),
    output: statisticsSchema,
  },
  /** Writes configuration files for a Prometheus and Grafana next to this host to a folder on the host's machine. */
  'monitoring.save': {
    access: 'control',
    input: z.strictObject({ folder: z.string().min(1) }),
    output: z.object({ folder: z.string(), files: z.array(z.string()) }),
  },
  'addon.enable': { access: 'control', input: z.strictObject({ id: z.string() }), output: addonSchema },
  'addon.disable': { access: 'control', input: z.strictObject({ id: z.string() }), output: addonSchema },
  /** What can be installed from the repositories. Reads every index, over the network too where that is allowed. */
  'addon.catalogue': { access: 'control', input: nothing, output: addonCatalogueSchema },
  /**
   * Installs the add-on in a .zip or a folder on the host's machine (`path`), or the newest one that a repository has
   * (`id`), or updates the one with the same id. An update that asks for permissions that are not in `consent` changes
   * nothing and answers with them.
   */
  'addon.install': {
    access: 'control',
    input: z
      .strictObject({
        path: z.string().min(1).optional(),
        id: z.string().min(1).max(100).optional(),
        consent: z.array(z.string().max(200)).max(200).default([]),
      })
      .refine(({ path, id: named }) => (path === undefined) !== (named === undefined), 'give either a path or an id'),
    output: installResultSchema,
  },
  /** Makes the version before the last update the installed one, and the other way round. */
  'addon.rollBack': { access: 'control', input: z.strictObject({ id: z.string() }), output: addonSchema },
  /** Stops an add-on and deletes it; with `removeData` its preferences and what it has stored too. */
  'addon.uninstall': {
    access: 'control',
    input: z.strictObject({ id: z.string(), removeData: z.boolean().default(false) }),
    output: z.object({ id: z.string(), name: z.string() }),
  },
  /**
   * Runs an add-on from the folder in which its author works, until `addon.unlink` or until nobody has asked for this for
   * 15 seconds; with `restart` it is read and started afresh. Nothing about it is stored.
   */
  'addon.link': {
    access: 'control',
    input: z.strictObject({ folder: z.string().min(1), restart: z.boolean().default(false) }),
    output: addonSchema,
  },
  'addon.unlink': {
    access: 'control',
    input: z.strictObject({ id: z.string() }),
    output: z.object({ id: z.string() }),
  },
  /** What running add-ons offer to be run. */
  'operator.list': { access: 'read', input: nothing, output: z.array(operatorSchema) },
  /** Runs under way and the last hundred that ended, oldest first. */
  'operator.runs': { access: 'read', input: nothing, output: z.array(operatorRunSchema) },
  /**
   * Runs an operator, `ADDON.OPERATOR`. Text is converted to the parameters' types. Answers when it has started, or with
   * `wait` when it has ended, well or not.
   */
  'operator.run': {
    access: 'control',
    input: z.strictObject({
      id: z.string().max(200),
      parameters: operatorParametersSchema.default({}),
      wait: z.boolean().default(false),
    }),
    output: operatorRunSchema,
  },
  /** Asks a run to stop; one that ignores it for 10 s is stopped with its add-on's process, which is started again. */
  'operator.cancel': { access: 'control', input: z.strictObject({ run: z.int() }), output: operatorRunSchema },
  ...machineOperations,
  'addon.log': { access: 'read', input: z.strictObject({ id: z.string() }), output: z.array(addonLogLineSchema) },
  /**
   * Keys such as `render.workers` or `addons.prometheus.address`. Text is converted to the preference's type. Answers
   * once the change has been applied.
   */
  'preferences.set': {
    access: 'control',
    input: z.strictObject({ key: z.string(), value: preferenceValueSchema }),
    output: z.object({ key: z.string(), value: preferenceValueSchema, addon: addonSchema.nullable() }),
  },
} as const satisfies Record<string, { access: 'read' | 'control'; input: z.ZodType; output: z.ZodType }>;

export type OperationName = keyof typeof operations;
export type OperationInput<N extends OperationName> = z.input<(typeof operations)[N]['input']>;
export type OperationOutput<N extends OperationName> = z.output<(typeof operations)[N]['output']>;

/** A failed operation, as serialized across processes. */
const operationErrorSchema = z.object({
  message: z.string(),
  kind: z.enum([...USER_ERROR_KINDS, 'internal']),
});
export type OperationError = z.infer<typeof operationErrorSchema>;

export const operationReplySchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: operationErrorSchema }),
]);
export type OperationReply = z.infer<typeof operationReplySchema>;

/** What a token permits: to read, or also to make changes. */
export const rightSchema = z.enum(['read', 'control']);
export type Right = z.infer<typeof rightSchema>;
