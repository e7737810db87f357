import { z } from 'zod';
import { addonLogLineSchema, addonSchema, preferenceValueSchema } from '../../shared/addons';
import { type OperationInput, type OperationName, type OperationOutput, operations } from '../../shared/host-api';
import { jobChangesOfWords, jobRequestOfWords, jobWordsSchema } from '../../shared/job-words';
import { FINAL_JOB_STATES, frameStateSchema, jobStateSchema } from '../../shared/jobs';
import { workerSchema } from '../../shared/workers';
import { Problem } from './problem';

/** What a request asks for, checked. */
export interface RestRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** One route of `/api/v1`: an operation of the host under a method and a path. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with `:name` for parameters. */
  readonly path: string;
  /** Its name in the OpenAPI document, for programs that are made from it. */
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  readonly tag: string;
  readonly operation: OperationName;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The status of success; 200 where it says nothing. */
  readonly status?: 200 | 201;
  /** The status where the operation could not be done; 409 where it says nothing, since other things being so it could. */
  readonly failed?: 422;
  /** What the answer is, where it is not all that the operation gives. */
  readonly output: z.ZodType;
  input(request: RestRequest): unknown;
  answer(output: unknown, request: RestRequest): unknown;
  /** Of what was made, below `/api/v1`. */
  location?(answer: unknown): string;
}

type Checked<S extends z.ZodType | undefined> = S extends z.ZodType ? z.output<S> : undefined;

interface RouteOptions<
  N extends OperationName,
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  O extends z.ZodType,
> {
  readonly id: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly status?: 200 | 201;
  readonly failed?: 422;
  readonly output?: O;
  readonly input?: (request: { params: Checked<P>; query: Checked<Q>; body: Checked<B> }) => OperationInput<N>;
  readonly answer?: (
    output: OperationOutput<N>,
    request: { params: Checked<P>; query: Checked<Q>; body: Checked<B> },
  ) => z.input<O>;
  readonly location?: (answer: OperationOutput<N>) => string;
}

/** Types one route by its operation and schemas. Without `input` the operation gets parameters, query and body in one object. */
function route<
  N extends OperationName,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  O extends z.ZodType = z.ZodType,
>(
  method: RestRoute['method'],
  path: string,
  operation: N,
  summary: string,
  options: RouteOptions<N, P, Q, B, O>,
): RestRoute {
  const { input, answer, location, output, ...rest } = options;
  return {
    method,
    path,
    operation,
    summary,
    output: output ?? operations[operation].output,
    input:
      (input as RestRoute['input'] | undefined) ??
      (({ params, query, body }) => ({ ...params, ...query, ...(body as object | undefined) })),
    answer: (answer as RestRoute['answer'] | undefined) ?? ((value) => value),
    ...(location === undefined ? {} : { location: location as (answer: unknown) => string }),
    ...rest,
  } as RestRoute;
}

const jobId = z.object({ id: z.int().describe('Number of the job') });
const frameOf = jobId.extend({ frame: z.int().describe('Number of the frame') });
const addonId = z.object({ id: z.string().describe('Id of the add-on, as prometheus') });
const offset = z.int().min(0).default(0).describe('How many to leave out');
const limit = z.int().min(1).max(10_000).default(1_000).describe('How many at most');
const scenePath = z.strictObject({
  path: z.string().min(1).describe('Full path of the scene file on the host’s machine'),
});
const preference = z.strictObject({ value: preferenceValueSchema });
const jobList = operations['job.list'].output;

function frameThere<T>(frame: T | undefined, number: number, id: number): T {
  if (frame === undefined) throw new Problem(404, `Job ${id} has no frame ${number}.`);
  return frame;
}

function addonNamed(
  addons: OperationOutput<'host.state'>['addons'],
  id: string,
): OperationOutput<'host.state'>['addons'][number] {
  const addon = addons.find(({ manifest }) => manifest.id === id);
  if (!addon) throw new Problem(404, `There is no add-on “${id}”.`);
  return addon;
}

/** Everything that REST can do, except for what answers with something else than JSON (rest.ts). */
export const restRoutes: readonly RestRoute[] = [
  route('GET', '/state', 'host.state', 'Everything that a UI needs to draw itself', { id: 'getState', tag: 'Host' }),

  route('GET', '/jobs', 'job.list', 'The jobs in queue order, or those that ended last first', {
    id: 'listJobs',
    tag: 'Jobs',
    query: z.strictObject({
      state: z.array(jobStateSchema).optional().describe('Only jobs in these states'),
      order: z.enum(['queue', 'finished']).default('queue').describe('finished: those that ended last first'),
      offset,
      limit,
    }),
    input: ({ query: { state, ...page } }) => ({ ...page, ...(state === undefined ? {} : { states: state }) }),
  }),
  route('POST', '/jobs', 'job.submit', 'Adds a job to the queue', {
    id: 'addJob',
    tag: 'Jobs',
    body: jobWordsSchema,
    status: 201,
    failed: 422,
    input: ({ body }) => jobRequestOfWords(body),
    location: (job) => `/jobs/${job.id}`,
  }),
  route('GET', '/jobs/:id', 'job.get', 'One job', { id: 'getJob', tag: 'Jobs', params: jobId }),
  route(
    'PATCH',
    '/jobs/:id',
    'job.edit',
    'Changes a job: its place in the queue at any time, everything else while it is paused or has not begun',
    {
      id: 'editJob',
      tag: 'Jobs',
      params: jobId,
      body: jobWordsSchema.omit({ scene: true }),
      input: ({ params, body }) => ({ ...params, changes: jobChangesOfWords(body) }),
    },
  ),
  route('DELETE', '/jobs/:id', 'job.remove', 'Takes a job that is not being worked on out of the list', {
    id: 'deleteJob',
    tag: 'Jobs',
    params: jobId,
    query: z.strictObject({ files: z.boolean().default(false).describe('Delete its images too') }),
  }),
  route('GET', '/jobs/:id/removal', 'job.removal', 'Which files deleting the job with its images would delete', {
    id: 'getJobRemoval',
    tag: 'Jobs',
    params: jobId,
  }),
  route('POST', '/jobs/:id/pause', 'job.pause', 'Pauses a job; the frames in work are given up and wait', {
    id: 'pauseJob',
    tag: 'Jobs',
    params: jobId,
  }),
  route('POST', '/jobs/:id/resume', 'job.resume', 'Lets a paused job go on', {
    id: 'resumeJob',
    tag: 'Jobs',
    params: jobId,
  }),
  route('POST', '/jobs/:id/cancel', 'job.cancel', 'Cancels a job', { id: 'cancelJob', tag: 'Jobs', params: jobId }),
  route(
    'POST',
    '/jobs/:id/requeue',
    'job.requeue',
    'Renders a job again: every frame, or those that failed or were never rendered',
    {
      id: 'requeueJob',
      tag: 'Jobs',
      params: jobId,
      body: z.strictObject({ frames: z.enum(['all', 'failed']).default('failed') }).default({ frames: 'failed' }),
    },
  ),
  route('POST', '/jobs/:id/duplicate', 'job.duplicate', 'Adds a job with the same settings', {
    id: 'duplicateJob',
    tag: 'Jobs',
    params: jobId,
    status: 201,
    location: (job) => `/jobs/${job.id}`,
  }),
  route('POST', '/jobs/:id/move', 'job.move', 'Puts a job before another in queue order, or at the end', {
    id: 'moveJob',
    tag: 'Jobs',
    params: jobId,
    body: z.strictObject({ before: z.int().nullable().describe('Number of the other job; null for the end') }),
  }),
  route('GET', '/jobs/:id/log', 'job.log', 'What the engine printed of the job’s last frames', {
    id: 'getJobLog',
    tag: 'Jobs',
    params: jobId,
  }),
  route('GET', '/history', 'job.list', 'The jobs that have ended, the last one first', {
    id: 'listHistory',
    tag: 'Jobs',
    query: z.strictObject({ offset, limit }),
    input: ({ query }) => ({ ...query, states: [...FINAL_JOB_STATES], order: 'finished' as const }),
    output: jobList,
  }),

  route('GET', '/jobs/:id/frames', 'job.frames', 'The frames of a job in the order in which they are rendered', {
    id: 'listFrames',
    tag: 'Frames',
    params: jobId,
    query: z.strictObject({
      state: z.array(frameStateSchema).optional().describe('Only frames in these states'),
      offset,
      limit,
    }),
    input: ({ params, query: { state, ...page } }) => ({
      ...params,
      ...page,
      ...(state === undefined ? {} : { states: state }),
    }),
  }),
  route('GET', '/jobs/:id/frames/:frame', 'job.frame', 'One frame', {
    id: 'getFrame',
    tag: 'Frames',
    params: frameOf,
    output: operations['job.frame'].output.unwrap(),
    answer: (frame, { params }) => frameThere(frame ?? undefined, params.frame, params.id),
  }),
  route('GET', '/jobs/:id/frames/:frame/log', 'job.log', 'What the engine printed of one frame', {
    id: 'getFrameLog',
    tag: 'Frames',
    params: frameOf,
  }),

  route('GET', '/queue', 'queue.get', 'Whether the queue runs, and when it will be done', {
    id: 'getQueue',
    tag: 'Queue',
  }),
  route('POST', '/queue/pause', 'queue.pause', 'Pauses the queue: now, or after the frames or the job in work', {
    id: 'pauseQueue',
    tag: 'Queue',
    body: z.strictObject({ after: z.enum(['now', 'frame', 'job']).default('now') }).default({ after: 'now' }),
  }),
  route('POST', '/queue/resume', 'queue.resume', 'Lets the queue go on', { id: 'resumeQueue', tag: 'Queue' }),

  route('GET', '/workers', 'host.state', 'The workers that live now', {
    id: 'listWorkers',
    tag: 'Host',
    output: z.array(workerSchema),
    answer: ({ workers }) => workers,
  }),
  route('GET', '/engines', 'engines.list', 'What can render here', {
    id: 'listEngines',
    tag: 'Host',
    query: z.strictObject({
      refresh: z.boolean().default(false).describe('Look again for what was installed meanwhile'),
    }),
  }),
  route('GET', '/statistics', 'statistics.get', 'What the host has in memory of its last hours', {
    id: 'getStatistics',
    tag: 'Host',
    query: z.strictObject({ since: z.number().optional().describe('Only what is newer, in milliseconds since 1970') }),
  }),
  route(
    'POST',
    '/monitoring',
    'monitoring.save',
    'Writes the files that a Prometheus and a Grafana need into a folder',
    {
      id: 'saveMonitoring',
      tag: 'Host',
      failed: 422,
      body: z.strictObject({ folder: z.string().min(1).describe('Full path on the host’s machine') }),
    },
  ),
  route('GET', '/files', 'files.list', 'Folders and scene files of a folder on the host’s machine', {
    id: 'listFiles',
    tag: 'Host',
    failed: 422,
    query: z.strictObject({ folder: z.string().optional().describe('Full path; the open scene’s folder otherwise') }),
  }),

  route('GET', '/scene', 'host.state', 'The open scene; null when there is none', {
    id: 'getScene',
    tag: 'Scenes',
    output: operations['host.state'].output.shape.scene,
    answer: ({ scene }) => scene,
  }),
  route('PUT', '/scene', 'scene.open', 'Opens a scene', {
    id: 'openScene',
    tag: 'Scenes',
    body: scenePath,
    failed: 422,
  }),
  route('POST', '/scenes/inspect', 'scene.inspect', 'Reads a scene without opening it', {
    id: 'inspectScene',
    tag: 'Scenes',
    body: scenePath,
    failed: 422,
  }),

  route('GET', '/addons', 'host.state', 'The add-ons', {
    id: 'listAddons',
    tag: 'Add-ons',
    output: z.array(addonSchema),
    answer: ({ addons }) => addons,
  }),
  route('GET', '/addons/:id', 'host.state', 'One add-on', {
    id: 'getAddon',
    tag: 'Add-ons',
    params: addonId,
    input: () => ({}),
    output: addonSchema,
    answer: ({ addons }, { params }) => addonNamed(addons, params.id),
  }),
  route('POST', '/addons/:id/enable', 'addon.enable', 'Enables an add-on', {
    id: 'enableAddon',
    tag: 'Add-ons',
    params: addonId,
  }),
  route('POST', '/addons/:id/disable', 'addon.disable', 'Disables an add-on', {
    id: 'disableAddon',
    tag: 'Add-ons',
    params: addonId,
  }),
  route('GET', '/addons/:id/log', 'addon.log', 'What an add-on logged', {
    id: 'getAddonLog',
    tag: 'Add-ons',
    params: addonId,
    output: z.array(addonLogLineSchema),
  }),
  route('GET', '/addons/:id/preferences', 'host.state', 'The preferences of an add-on; secrets are not shown', {
    id: 'getAddonPreferences',
    tag: 'Add-ons',
    params: addonId,
    input: () => ({}),
    output: addonSchema.shape.preferences,
    answer: ({ addons }, { params }) => addonNamed(addons, params.id).preferences,
  }),
  route('PUT', '/addons/:id/preferences/:key', 'preferences.set', 'Sets a preference of an add-on', {
    id: 'setAddonPreference',
    tag: 'Add-ons',
    params: addonId.extend({ key: z.string().describe('As address') }),
    body: preference,
    input: ({ params, body }) => ({ key: `addons.${params.id}.${params.key}`, value: body.value }),
  }),

  route('GET', '/preferences', 'host.state', 'The host’s own preferences', {
    id: 'getPreferences',
    tag: 'Preferences',
    output: operations['host.state'].output.shape.preferences,
    answer: ({ preferences }) => preferences,
  }),
  route('PUT', '/preferences/:key', 'preferences.set', 'Sets a preference', {
    id: 'setPreference',
    tag: 'Preferences',
    params: z.object({ key: z.string().describe('As render.workers, or addons.prometheus.address') }),
    body: preference,
    input: ({ params, body }) => ({ key: params.key, value: body.value }),
  }),

  route('GET', '/events', 'events.list', 'Stored lifecycle events after a cursor, the oldest first', {
    id: 'listEvents',
    tag: 'Events',
    query: z.strictObject({
      cursor: z.int().min(0).default(0).describe('Of the last event that is known; 0 for all that are kept'),
      limit,
    }),
    input: ({ query }) => ({ after: query.cursor, limit: query.limit }),
  }),
];
