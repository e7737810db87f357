import type { Job } from '../../shared/jobs';
import { rangeOf } from '../model/frame-selection';
import type { RemedyId } from '../model/remedies';
import type { ActionContext } from './action-context';
import { copyOf } from './job-copy';

/** Does what mends a failure. @param revealJob shows a job that may be anywhere in the list */
export function createRemedyActions({ set, call, refused }: ActionContext, revealJob: (id: number) => void) {
  const showPreference = (section: string): void => set({ dialog: 'preferences', preferencesSection: section });

  async function submitCopy(job: Job, frames: readonly number[], change: Parameters<typeof copyOf>[1]): Promise<void> {
    const range = frames.length === 0 ? {} : { frames: rangeOf(frames) };
    const policy = { overwrite: false, keepExisting: false };
    const copy = await call('job.submit', copyOf(job, { ...policy, ...range, ...change }));
    if (copy) revealJob(copy.id);
  }

  /** Paused in between: its settings cannot be changed while it renders. */
  async function raiseFailures({ id }: Job): Promise<void> {
    if (!(await call('job.requeue', { id, frames: 'failed' }))) return;
    if (!(await call('job.pause', { id }))) return;
    await call('job.edit', { id, changes: { failureShare: 1 } });
    if (await call('job.resume', { id })) revealJob(id);
  }

  return {
    /** @param frames those that failed for it; none for the whole job */
    async mend(job: Job, frames: readonly number[], remedy: RemedyId): Promise<void> {
      switch (remedy) {
        case 'overwrite':
          await submitCopy(job, frames, { overwrite: true });
          return;
        case 'allow-scripts':
          await submitCopy(job, frames, { allowScripts: true, overwrite: job.settings.overwrite });
          return;
        case 'new-version': {
          const copy = await call('job.duplicate', { id: job.id, newVersion: true });
          if (copy) revealJob(copy.id);
          return;
        }
        case 'raise-failures':
          await raiseFailures(job);
          return;
        case 'raise-memory':
        case 'show-engines':
          if (!refused()) showPreference('blender');
          return;
        case 'raise-timeout':
        case 'show-folders':
          if (!refused()) showPreference('render');
      }
    },
  };
}
