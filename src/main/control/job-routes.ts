import { z } from 'zod';
import { framesAgainSchema, operations } from '../../shared/host-api';
import { jobChangesOfWords, jobRequestOfWords, jobWordsSchema } from '../../shared/job-words';
import { FINAL_JOB_STATES, frameStateSchema, jobStateSchema, conflictPolicySchema } from '../../shared/jobs';
import { Problem } from '../http/problem';
import { type RestRoute, page, route } from './rest-route';

const jobId = z.object({ id: z.int().describe('Number of the job') });
const frameOf = jobId.extend({ frame: z.int().describe('Number of the frame') });

function frameThere<T>(frame: T | undefined, number: number, id: number): T {
  if (frame === undefined) throw new Problem(404, `Job ${id} has no frame ${number}.`);
  return frame;
}

/** Routes of jobs, their frames, and the queue. */
export const jobRoutes: readonly RestRoute[] = [
  route(
    'GET',
    '/jobs',
    'job.list',
    'The jobs in the order in which they are rendered, or those that ended last first',
    {
      id: 'listJobs',
      tag: 'Jobs',
      query: z.strictObject({
        state: z.array(jobStateSchema).optional().describe('Only jobs in these states'),
        machine: z.string().max(100).optional().describe('Only jobs that the machine of this name has had frames of'),
        order: z.enum(['queue', 'finished']).default('queue').describe('finished: those that ended last first'),
        ...page,
      }),
      input: ({ query: { state, ...rest } }) => ({ ...rest, ...(state === undefined ? {} : { states: state }) }),
    },
  ),
  route('POST', '/jobs', 'job.submit', 'Adds a job to the queue', {
    id: 'addJob',
    tag: 'Jobs',
    body: jobWordsSchema,
    status: 201,
    failed: 422,
    input: ({ body }) => jobRequestOfWords(body),
    location: (job) => `/jobs/${job.id}`,
  }),
  route(
    'POST',
    '/jobs/plan',
    'job.plan',
    'What adding a job would lead to, and which images are in its way; nothing is queued',
    {
      id: 'planJob',
      tag: 'Jobs',
      body: jobWordsSchema,
      failed: 422,
      input: ({ body }) => jobRequestOfWords(body),
    },
  ),
  route('GET', '/jobs/:id', 'job.get', 'One job', { id: 'getJob', tag: 'Jobs', params: jobId }),
  route(
    'PATCH',
    '/jobs/:id',
    'job.edit',
    'Changes a job: its name, note and place in the queue at any time, everything else while it is paused or has not begun',
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
    'Renders a job again: every frame, those that failed or were never rendered, only the latter, or chosen ones',
    {
      id: 'requeueJob',
      tag: 'Jobs',
      params: jobId,
      body: z
        .strictObject({
          frames: framesAgainSchema
            .default('failed')
            .describe('all, failed, remaining, or the frames themselves as 3,7-9'),
        })
        .default({ frames: 'failed' }),
    },
  ),
  route('POST', '/jobs/:id/duplicate', 'job.duplicate', 'Adds a job with the same settings', {
    id: 'duplicateJob',
    tag: 'Jobs',
    params: jobId,
    body: conflictPolicySchema.default({}),
    status: 201,
    location: (job) => `/jobs/${job.id}`,
  }),
  route('POST', '/jobs/:id/move', 'job.move', 'Puts a job before another, or at the end of its priority', {
    id: 'moveJob',
    tag: 'Jobs',
    params: jobId,
    body: z.strictObject({
      before: z.int().nullable().describe('Number of the other job; null for the end'),
      priority: z
        .enum(['keep', 'take'])
        .optional()
        .describe('take: gets the other job’s priority, where that is another'),
    }),
  }),
  route('GET', '/jobs/:id/log', 'job.log', 'What the engine printed of the job’s last frames', {
    id: 'getJobLog',
    tag: 'Jobs',
    params: jobId,
  }),
  route('GET', '/history', 'job.list', 'The jobs that have ended, the last one first', {
    id: 'listHistory',
    tag: 'Jobs',
    query: z.strictObject(page),
    input: ({ query }) => ({ ...query, states: [...FINAL_JOB_STATES], order: 'finished' as const }),
    output: operations['job.list'].output,
  }),
  route('GET', '/jobs/:id/frames', 'job.frames', 'The frames of a job in the order in which they are rendered', {
    id: 'listFrames',
    tag: 'Frames',
    params: jobId,
    query: z.strictObject({
      state: z.array(frameStateSchema).optional().describe('Only frames in these states'),
      ...page,
    }),
    input: ({ params, query: { state, ...rest } }) => ({
      ...params,
      ...rest,
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
];
