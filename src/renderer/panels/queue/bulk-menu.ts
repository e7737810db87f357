import type { Job } from '../../../shared/jobs';
import { t } from '../../../shared/texts/translate';
import type { App } from '../../app-context';
import type { MenuItems } from '../../controls/menu-list';
import { formatCount } from '../../model/format';
import { againWords } from '../../model/job-sentences';
import { isFinished } from '../../model/job-table';

/** Which of several jobs each command is for. */
export interface BulkTargets {
  readonly pause: readonly number[];
  readonly resume: readonly number[];
  readonly cancel: readonly number[];
  readonly failed: readonly number[];
  readonly all: readonly number[];
  readonly priority: readonly number[];
  readonly remove: readonly number[];
}

/** Sorts jobs by what can be done with them. */
export function bulkTargets(ids: Iterable<number>, byId: ReadonlyMap<number, Job>): BulkTargets {
  const jobs = [...ids].flatMap((id) => byId.get(id) ?? []);
  const those = (able: (job: Job) => boolean): number[] => jobs.filter(able).map(({ id }) => id);
  return {
    pause: those((job) => !isFinished(job) && job.state !== 'paused'),
    resume: those(({ state }) => state === 'paused'),
    cancel: those((job) => !isFinished(job)),
    failed: those((job) => againWords(job) !== null),
    all: those(isFinished),
    priority: those((job) => !isFinished(job)),
    remove: those(({ state }) => state !== 'rendering'),
  };
}

/** What can be done with several jobs; how many of them it is for stands behind, where it is not for all. */
export function bulkMenu(ids: readonly number[], { actions, store }: App): MenuItems {
  const targets = bulkTargets(ids, store.getState().model.jobs.byId);
  const item = (label: string, able: readonly number[], run: () => void, keys?: string) => ({
    label: able.length === 0 || able.length === ids.length ? label : `${label} (${formatCount(able.length)})`,
    disabled: able.length === 0,
    changes: true,
    ...(keys === undefined ? {} : { keys }),
    run,
  });
  return [
    item(t('Pause'), targets.pause, () => void actions.pauseJobs(targets.pause)),
    item(t('Resume'), targets.resume, () => void actions.resumeJobs(targets.resume)),
    item(t('Cancel'), targets.cancel, () => void actions.cancelJobs(targets.cancel)),
    null,
    item(t('Render Failed and Remaining Frames'), targets.failed, () => void actions.requeueFailed(targets.failed)),
    item(t('Render All Frames Again'), targets.all, () => void actions.askToRenderAll(targets.all)),
    null,
    item(t('Priority…'), targets.priority, () => actions.askForPriority(targets.priority)),
    item(t('Move to Top'), targets.priority, () => void actions.stepJobs(targets.priority, 'first'), 'Alt+Home'),
    item(t('Move to Bottom'), targets.priority, () => void actions.stepJobs(targets.priority, 'last'), 'Alt+End'),
    null,
    item(t('Delete…'), targets.remove, () => actions.askToDeleteJobs(ids), 'Del'),
  ];
}
