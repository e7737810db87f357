import { z } from 'zod';
import { addonImageSchema } from '../../shared/addon-protocol';
import { type OperationInput, type OperationName, type OperationOutput, operations } from '../../shared/host-api';
import type { AddonContext } from './context';
import type { HostRequests } from './host-requests';

/** Builds `ctx.jobs` and `ctx.images`. The host checks permissions and inputs; here they are only passed on. */
export function createJobAccess(requests: HostRequests): Pick<AddonContext, 'jobs' | 'images'> {
  const call = <N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N>> =>
    requests.ask(
      { what: 'operation', operation, input },
      operations[operation].output as unknown as z.ZodType<OperationOutput<N>>,
    );
  return {
    jobs: {
      list: (options = {}) => call('job.list', options),
      get: (id) => call('job.get', { id }),
      frames: (id, options = {}) => call('job.frames', { id, ...options }),
      plan: (request) => call('job.plan', request),
      submit: (request) => call('job.submit', request),
      edit: (id, changes) => call('job.edit', { id, changes }),
      pause: (id) => call('job.pause', { id }),
      resume: (id) => call('job.resume', { id }),
      cancel: (id) => call('job.cancel', { id }),
      requeue: (id, frames = 'failed') => call('job.requeue', { id, frames }),
      async remove(id) {
        await call('job.remove', { id, files: false });
      },
      queue: () => call('queue.get', {}),
      pauseQueue: (after = 'now') => call('queue.pause', { after }),
      resumeQueue: () => call('queue.resume', {}),
    },
    images: {
      read: (jobId, frame, { size } = {}) =>
        requests.ask(
          { what: 'image', jobId, frame, ...(size === undefined ? {} : { size }) },
          addonImageSchema.nullable(),
        ),
    },
  };
}
