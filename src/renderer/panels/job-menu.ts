import type { Job } from '../../shared/jobs';
import type { App } from '../app-context';
import type { MenuItems } from '../controls/menu-list';
import { isFinished } from '../model/job-table';

/** What can be done with a job in its state. */
export function jobMenu(job: Job, { actions, store }: App): MenuItems {
  const ended = isFinished(job);
  const { open } = store.getState().model.jobs;
  const place = open.indexOf(job.id);
  const worked = job.state === 'rendering';
  const incomplete = job.frames.failed > 0 || (ended && job.frames.waiting > 0);
  return [
    ...(ended
      ? []
      : job.state === 'paused'
        ? [{ label: 'Resume', run: () => void actions.resumeJob(job) }]
        : [{ label: 'Pause', run: () => void actions.pauseJob(job) }]),
    ...(ended ? [] : [{ label: 'Cancel', run: () => void actions.cancel(job) }]),
    ...(incomplete ? [{ label: 'Render Failed Frames Again', run: () => void actions.requeue(job, 'failed') }] : []),
    ...(ended || job.state === 'paused'
      ? [{ label: 'Render All Frames Again', run: () => void actions.requeue(job, 'all') }]
      : []),
    null,
    { label: 'Duplicate', run: () => void actions.duplicate(job) },
    ...(ended ? [] : [{ label: 'Edit…', keys: 'F2', run: () => actions.editJob(job) }]),
    { label: 'Frame Details', run: () => actions.setView({ details: true }) },
    ...(ended
      ? []
      : [
          null,
          { label: 'Move Up', keys: 'Alt+↑', disabled: place <= 0, run: () => void actions.stepJob(job.id, 'up') },
          {
            label: 'Move Down',
            keys: 'Alt+↓',
            disabled: place === open.length - 1,
            run: () => void actions.stepJob(job.id, 'down'),
          },
          {
            label: 'Move to the Top',
            keys: 'Alt+Home',
            disabled: place <= 0,
            run: () => void actions.stepJob(job.id, 'first'),
          },
          {
            label: 'Move to the End',
            keys: 'Alt+End',
            disabled: place === open.length - 1,
            run: () => void actions.stepJob(job.id, 'last'),
          },
        ]),
    null,
    { label: 'Delete…', keys: 'Del', disabled: worked, run: () => actions.askToDelete(job) },
  ];
}
