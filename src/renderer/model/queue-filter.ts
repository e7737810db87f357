import type { Job, JobState } from '../../shared/jobs';
import type { JobTable } from './job-table';
import { folded, searchWords } from './search-words';

/** Which jobs of the queue are listed. */
export interface QueueFilter {
  readonly text: string;
  /** None stands for all. */
  readonly states: readonly JobState[];
  /** Only jobs that this machine of the farm has had frames of; null for all. */
  readonly machine: string | null;
  /** The search field is there though nothing stands in it. */
  readonly open: boolean;
}
export const NO_FILTER: QueueFilter = { text: '', states: [], machine: null, open: false };

export function isFiltering({ text, states, machine }: QueueFilter): boolean {
  return text.trim() !== '' || states.length > 0 || machine !== null;
}

/**
 * Whether a job has every word that is searched for in its name, note, scene, reason or number. A number means the job of that
 * number, with or without `#`, or one that has it in its words.
 */
export function matcherOf({ text, states, machine }: QueueFilter): (job: Job) => boolean {
  const words = searchWords(text);
  return (job) => {
    if (states.length > 0 && !states.includes(job.state)) return false;
    if (machine !== null && !job.machines.includes(machine)) return false;
    if (words.length === 0) return true;
    const { scene, sceneName } = job.settings;
    const told = folded(
      `${job.name}\n${scene}\n${sceneName ?? ''}\n${job.reason ?? ''}\n${job.note}\n${job.waitsFor ?? ''}`,
    );
    return words.every((word) => {
      const number = /^#?(\d+)$/.exec(word)?.[1];
      return Number(number) === job.id || told.includes(word);
    });
  };
}

/** States in the order in which their chips stand. */
export const CHIP_STATES: readonly JobState[] = ['rendering', 'queued', 'paused', 'failed', 'completed', 'cancelled'];

/** How many jobs are in each state. */
export function stateCounts({ byId }: Pick<JobTable, 'byId'>): Record<JobState, number> {
  const counts: Record<JobState, number> = {
    rendering: 0,
    queued: 0,
    paused: 0,
    failed: 0,
    completed: 0,
    cancelled: 0,
  };
  for (const { state } of byId.values()) counts[state] += 1;
  return counts;
}
