import type { Job } from '../../../shared/jobs';
import { t } from '../../../shared/texts/translate';
import type { App } from '../../app-context';
import type { MenuItems } from '../../controls/menu-list';
import { signed } from '../../model/format';
import { againFrames, againWords } from '../../model/job-sentences';
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
  const priority = groups.length > 1 ? signed(job.priority) : null;
  const worked = job.state === 'rendering';
  const again = againWords(job);
  return [
    ...(ended
      ? []
      : job.state === 'paused'
        ? [{ label: t('Resume'), changes: true, run: () => void actions.resumeJob(job) }]
        : [{ label: t('Pause'), changes: true, run: () => void actions.pauseJob(job) }]),
    ...(ended ? [] : [{ label: t('Cancel'), changes: true, run: () => void actions.cancel(job) }]),
    ...(again !== null
      ? [{ label: again, changes: true, run: () => void actions.requeue(job, againFrames(job)) }]
      : []),
    ...(ended || job.state === 'paused'
      ? [{ label: t('Render All Frames Again'), changes: true, run: () => void actions.askToRenderAll([job.id]) }]
      : []),
    null,
    { label: t('Duplicate'), changes: true, run: () => void actions.duplicate(job) },
    { label: ended ? t('Name and Note…') : t('Edit…'), keys: 'F2', changes: true, run: () => actions.editJob(job) },
    { label: t('Frame Details'), run: () => actions.showDetails() },
    ...(ended
      ? []
      : [
          null,
          {
            label: t('Move Up'),
            keys: 'Alt+↑',
            disabled: rank <= 0,
            changes: true,
            run: () => void actions.stepJobs([job.id], 'up'),
          },
          {
            label: t('Move Down'),
            keys: 'Alt+↓',
            disabled: rank === group.length - 1,
            changes: true,
            run: () => void actions.stepJobs([job.id], 'down'),
          },
          {
            label: priority === null ? t('Move to Top') : t('Move to Top of Priority {priority}', { priority }),
            keys: 'Alt+Home',
            changes: true,
            disabled: rank <= 0,
            run: () => void actions.stepJobs([job.id], 'first'),
          },
          {
            label: priority === null ? t('Move to Bottom') : t('Move to Bottom of Priority {priority}', { priority }),
            keys: 'Alt+End',
            changes: true,
            disabled: rank === group.length - 1,
            run: () => void actions.stepJobs([job.id], 'last'),
          },
        ]),
    ...(ended ? [] : [{ label: t('Priority…'), changes: true, run: () => actions.askForPriority([job.id]) }]),
    ...operatorMenu(store.getState().model.host?.operators ?? [], 'job', app, (operator) =>
      parametersForJob(operator, job.id),
    ),
    null,
    { label: t('Delete…'), keys: 'Del', disabled: worked, changes: true, run: () => actions.askToDelete(job) },
  ];
}
