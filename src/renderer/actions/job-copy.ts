import type { Job, JobRequest } from '../../shared/jobs';
import { requestOf } from '../model/job-request';

/** The request for a job like another one, with some settings changed. */
export function copyOf({ settings, name, note }: Job, change: Partial<JobRequest>): JobRequest {
  return { ...requestOf(settings), name, note, ...change };
}
