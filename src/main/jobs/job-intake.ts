import { dirname } from 'node:path';
import type { ConflictPolicy, JobSettings } from '../../shared/jobs';
import { oneAtATime } from '../../shared/one-at-a-time';
import type { EngineId } from '../../shared/scene';
import { UserError } from '../../shared/user-error';
import type { RenderEngine } from '../engines/render-engine';
import type { ImageVerifier } from '../images/verify-image';
import { type ChosenOutput, type OutputChoice, chooseOutput } from './output/choose-output';
import { contentOf } from './output/fingerprint';
import { sentenceOfCopy, sentenceOfRequeue } from './output/output-conflict';
import { checkNameLengths, checkNotOfHost, checkWritable } from './output/check-writable';
import { furtherFileWarnings } from './output/further-file-warnings';
import { resolveLinks } from '../data/resolve-links';
import { volumeOf } from './output/output-volume';
import { unmountedWarning } from './output/unmounted';
import { circleOf } from './store/dependencies';
import type { JobStore } from './store/job-store';
import type { NewJob } from './store/new-job';
import type { StoredJob } from './store/job-row';

interface JobIntakeParts {
  readonly store: JobStore;
  readonly images: ImageVerifier;
  readonly engines: ReadonlyMap<EngineId, RenderEngine>;
  /** Where the host has its own files, among which no job may write. */
  readonly dataFolder: string;
}

/** Validates a job before it is added, changed or rendered again: its output and its dependencies. */
export class JobIntake {
  readonly #store: JobStore;
  readonly #images: ImageVerifier;
  readonly #engines: ReadonlyMap<EngineId, RenderEngine>;
  readonly #dataFolder: string;
  /** Settles when the latest submission was added or refused. */
  readonly #inTurn = oneAtATime();

  constructor({ store, images, engines, dataFolder }: JobIntakeParts) {
    this.#store = store;
    this.#images = images;
    this.#engines = engines;
    this.#dataFolder = dataFolder;
  }

  /**
   * Adds a new job.
   *
   * @throws UserError when its output conflicts with existing images or another job, can't be written to, or when a
   * dependency doesn't exist
   */
  take(job: NewJob, choice: OutputChoice): Promise<StoredJob> {
    // Serialised: two jobs submitted at once must see each other's output.
    return this.#inTurn(() => this.#take(job, choice));
  }

  /**
   * A new job with the same priority and those of the same dependencies that still exist.
   *
   * @param way how the copy resolves output conflicts; as the original does if unspecified
   */
  copyOf(
    { name, note, engine, priority, after, startAt, warnings }: StoredJob,
    given: JobSettings,
    way: ConflictPolicy,
  ): NewJob {
    const { newVersion = false, overwrite = false, keepExisting = false } = way;
    const settings = newVersion || overwrite || keepExisting ? { ...given, overwrite, keepExisting } : given;
    const remaining = after.filter((other) => this.#store.standing(other));
    return { name, note, engine, settings, priority, after: remaining, startAt, warnings };
  }

  /**
   * Chooses a job's output and reports conflicts.
   *
   * @param id of the job, if it exists
   * @throws UserError (`arguments`) when the names of its images are too long, or their folder is the host's own
   */
  async plan(
    id: number | null,
    engine: EngineId,
    settings: JobSettings,
    choice: OutputChoice,
  ): Promise<ChosenOutput & { readonly fingerprint: string }> {
    await checkNameLengths(settings);
    const { fingerprint } = await contentOf(engine, this.#engines.get(engine) ?? null, settings);
    const chosen = await chooseOutput(this.#store, this.#images, id, settings, fingerprint, choice);
    if (chosen.settings.output !== settings.output) await checkNameLengths(chosen.settings);
    await checkNotOfHost(chosen, this.#dataFolder);
    return { ...chosen, fingerprint };
  }

  /** As `plan` for a new job, with all warnings about its output. */
  async planNew(
    { engine, settings: given }: Pick<NewJob, 'engine' | 'settings'>,
    choice: OutputChoice,
  ): Promise<ChosenOutput & { readonly fingerprint: string }> {
    const planned = await this.plan(null, engine, given, choice);
    const { settings, folder } = planned;
    const unmounted = await unmountedWarning(folder);
    const further = (await this.#engines.get(engine)?.furtherFiles?.(settings)) ?? [];
    const ofFurther = await furtherFileWarnings(further, settings);
    return { ...planned, warnings: [...planned.warnings, ...ofFurther, ...(unmounted === null ? [] : [unmounted])] };
  }

  /** As {@link RenderQueue.checkOutput}. */
  async checkOutput(
    { id, engine }: StoredJob,
    settings: JobSettings,
    choice: OutputChoice,
    again: boolean,
  ): Promise<ChosenOutput> {
    const chosen = await this.plan(id, engine, settings, choice);
    if (chosen.conflict) throw new UserError(again ? sentenceOfRequeue(id, chosen.conflict) : chosen.conflict.sentence);
    await checkWritable(chosen.settings);
    return chosen;
  }

  /**
   * @param id of the job; null for a new one
   * @throws UserError when a dependency doesn't exist, or depends on this job
   */
  checkAfter(id: number | null, after: readonly number[]): void {
    for (const other of after)
      if (!this.#store.standing(other))
        throw new UserError(`There is no job ${other} that this one could come after.`, 'arguments');
    const circle = circleOf(id, after, (other) => this.#store.job(other)?.after ?? []);
    if (circle)
      throw new UserError(
        `These jobs would wait for each other for ever: ${circle}. Leave one of them out.`,
        'arguments',
      );
  }

  async #take(job: NewJob, choice: OutputChoice): Promise<StoredJob> {
    this.checkAfter(null, job.after ?? []);
    const { settings, folder, fingerprint, conflict, warnings } = await this.planNew(job, choice);
    if (conflict) throw new UserError(choice.copied ? sentenceOfCopy(conflict) : conflict.sentence);
    await checkWritable(settings);
    const volume = await volumeOf(folder);
    const sceneVolume = await volumeOf(await resolveLinks(dirname(settings.scene)));
    return this.#store.add({
      ...job,
      settings,
      folder,
      volume: volume?.root ?? null,
      sceneVolume: sceneVolume?.root ?? null,
      fingerprint,
      // A copy has those of its original.
      warnings: [...new Set([...(job.warnings ?? []), ...warnings])],
    });
  }
}
