import type { EngineId } from '../../shared/scene';
import { failureCodeOf } from '../../shared/failures';
import { messageOf } from '../../shared/user-error';
import type { RenderEngine } from '../engines/render-engine';
import { type ActiveJob, type ActiveJobs, createActiveJob } from './active-job';
import type { Announcer } from './announcer';
import { JobSource } from './job-source';
import type { JobStates } from './job-states';
import { contentOf } from './output/fingerprint';
import type { StoredJob } from './store/job-row';
import type { JobStore } from './store/job-store';

export interface ActivationOptions {
  readonly store: JobStore;
  readonly jobs: ActiveJobs;
  readonly states: JobStates;
  readonly announcer: Announcer;
  /** @throws UserError when the engine is not available */
  engine(id: EngineId): RenderEngine;
  onFault(error: unknown): void;
}

/** A job as an active one; it begins if it is none. @returns null when it ended at once */
export function activateJob(options: ActivationOptions, job: StoredJob): ActiveJob | null {
  const { jobs, states } = options;
  const { id } = job;
  let active = jobs.get(id);
  if (!active) {
    try {
      active = createActive(options, job);
    } catch (error) {
      states.finish(id, 'failed', messageOf(error), failureCodeOf(error));
      return null;
    }
    states.begin(active);
  } else if (job.state !== 'rendering') {
    states.set(id, 'rendering', null);
  }
  return active;
}

function createActive(
  { store, announcer, engine: find, onFault }: ActivationOptions,
  { id, engine: engineId, settings }: StoredJob,
): ActiveJob {
  const engine = find(engineId);
  const read = (): ReturnType<typeof contentOf> => contentOf(engineId, engine, active.settings);
  const source = new JobSource({ jobId: id, store, announcer, read, onFault });
  const active = createActiveJob(id, settings, source);
  return active;
}
