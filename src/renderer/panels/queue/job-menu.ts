import type { Job } from '../../../shared/jobs';
import type { App } from '../../app-context';
import type { MenuItems } from '../../controls/menu-list';
import { signed } from '../../model/format';
import { againWords } from '../../model/job-sentences';
import { isFinished, priorityGroups } from '../../model/job-table';
import { parametersForJob } from '../../model/operator-form';
import { operatorMenu } from '../operator-menu';

/** What can be done with a job in its state. */
export function jobMenu(job: Job, app: App): MenuItems {
  const { actions, store } = app;
  const ended = isFinished(job);
  const groups = ended ? [] : priorityGroups(store.getState().model.jobs);
  const group = groups.find(({ ids }) => ids.includes(job.id))?.ids ?? [];
  const rank = group.indexOf(job.id);
  // Where there are several priorities, a job's rank decides only within its own.
  const of = groups.length > 1 ? ` of Priority ${signed(job.priority)}` : '';
  const worked = job.state === 'rendering';
  const again = againWords(job);
  return [
    ...(ended
      ? []
      : job.state === 'paused'
        ? [{ label: 'Resume', changes: true, run: () => void actions.resumeJob(job) }]
        : [{ label: 'Pause', changes: true, run: () => void actions.pauseJob(job) }]),
    ...(ended ? [] : [{ label: 'Cancel', changes: true, run: () => void actions.cancel(job) }]),
    ...(again !== null ? [{ label: again, changes: true, run: () => void actions.requeue(job, 'failed') }] : []),
    ...(ended || job.state === 'paused'
      ? [{ label: 'Render All Frames Again', changes: true, run: () => void actions.requeue(job, 'all') }]
      : []),
    null,
    { label: 'Duplicate', changes: true, run: () => void actions.duplicate(job) },
    ...(ended ? [] : [{ label: 'Edit…', keys: 'F2', changes: true, run: () => actions.editJob(job) }]),
    { label: 'Frame Details', run: () => actions.setView({ details: true }) },
    ...(ended
      ? []
      : [
          null,
          {
            label: 'Move Up',
            keys: 'Alt+↑',
            disabled: rank <= 0,
            changes: true,
            run: () => void actions.stepJobs([job.id], 'up'),
          },
          {
            label: 'Move Down',
            keys: 'Alt+↓',
            disabled: rank === group.length - 1,
            changes: true,
            run: () => void actions.stepJobs([job.id], 'down'),
          },
          {
            label: `Move to Top${of}`,
            keys: 'Alt+Home',
            changes: true,
            disabled: rank <= 0,
            run: () => void actions.stepJobs([job.id], 'first'),
          },
          {
            label: `Move to Bottom${of}`,
            keys: 'Alt+End',
            changes: true,
            disabled: rank === group.length - 1,
            run: () => void actions.stepJobs([job.id], 'last'),
          },
        ]),
    ...(ended ? [] : [{ label: 'Priority…', changes: true, run: () => actions.askForPriority([job.id]) }]),
    ...operatorMenu(store.getState().model.host?.operators ?? [], 'job', app, (operator) =>
      parametersForJob(operator, job.id),
    ),
    null,
    { label: 'Delete…', keys: 'Del', disabled: worked, changes: true, run: () => actions.askToDelete(job) },
  ];
}
