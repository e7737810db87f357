import type { Job } from '../../shared/jobs';
import type { SceneInfo } from '../../shared/scene';
import { jobOfScene, leadingJob, type JobTable } from './job-table';
import { firstFrame } from './timeline-cells';

/**
 * What the person chose to look at. `leading`: the job that matters most, whichever that is; a window beside a queue
 * follows it. `from`: the job that was shown before the scene, which the switch leads back to.
 */
export type SubjectChoice =
  | { readonly kind: 'leading' }
  | { readonly kind: 'scene'; readonly from?: number }
  | { readonly kind: 'job'; readonly id: number };
export const LEADING: SubjectChoice = { kind: 'leading' };

/** What image, timeline and properties speak of: the open scene, a job, or nothing. */
export type Subject =
  | { readonly kind: 'none' }
  | { readonly kind: 'scene'; readonly scene: SceneInfo }
  | { readonly kind: 'job'; readonly job: Job };

/** What there is to look at, and what was chosen of it. */
export interface Sight {
  readonly choice: SubjectChoice;
  /** The open one. */
  readonly scene: SceneInfo | null;
  readonly jobs: JobTable;
}

/** A choice that is gone gives way to what there is. */
export function subjectOf({ choice, scene, jobs }: Sight): Subject {
  if (choice.kind === 'scene' && scene) return { kind: 'scene', scene };
  const job = (choice.kind === 'job' ? jobs.byId.get(choice.id) : undefined) ?? leadingJob(jobs);
  if (job) return { kind: 'job', job };
  return scene ? { kind: 'scene', scene } : { kind: 'none' };
}

/** The choice that keeps what is shown: which job leads changes. */
export function keptChoice(sight: Sight): SubjectChoice {
  const { choice } = sight;
  const subject = subjectOf(sight);
  if (subject.kind === 'none' || (subject.kind === 'scene' && choice.kind === 'scene')) return choice;
  if (subject.kind === 'scene') return { kind: 'scene' };
  return choice.kind === 'job' && choice.id === subject.job.id ? choice : { kind: 'job', id: subject.job.id };
}

/** The job that the switch leads to from the scene: the one shown before, else the scene's own, else the leading one. */
export function jobBeside({ choice, scene, jobs }: Sight): Job | null {
  const before = choice.kind === 'scene' && choice.from !== undefined ? jobs.byId.get(choice.from) : undefined;
  return before ?? (scene && jobOfScene(jobs, scene.path)) ?? leadingJob(jobs);
}

/** A job of another scene than the open one is the subject: what the open scene's form says is not about it. */
export function isForeign(subject: Subject, scene: SceneInfo | null): boolean {
  return subject.kind === 'job' && subject.job.settings.scene !== scene?.path;
}

/**
 * The frame that is shown; null without a subject.
 *
 * @param pinned the frame that the person chose; null: the one last written
 * @param start first frame of the open scene, as its form has it
 */
export function frameOf(subject: Subject, pinned: number | null, start: number | null): number | null {
  if (subject.kind === 'none') return null;
  if (pinned !== null) return pinned;
  if (subject.kind === 'scene') return start;
  return subject.job.lastFrame ?? firstFrame(subject.job.settings.frames) ?? start;
}
