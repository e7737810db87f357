import { dirname } from 'node:path';
import { isOfDatabase } from '../data/system-error';
import type { ActiveJob } from './active-job';
import type { Announcer } from './announcer';
import type { Assignment, FramesInWork } from './frames-in-work';
import type { Outcome, ReadyFrame } from './frame-run';
import type { JobStates } from './job-states';
import type { FreeSpaceWatch } from './output/free-space';
import { outputCause } from './output/output-errors';
import { judgeFrames } from './judge-frames';
import { imagesOf } from './output/image-path';
import { type FileStamp, type JournaledFile, isSame, keyOf, mergeStamps } from './output/output-stamps';
import { SceneGoneError } from './output/output-volume';
import {
  PartialRenameError,
  type RenamedFiles,
  clearAway,
  clearFolder,
  journalOf,
  keptSentence,
  renameFiles,
} from './output/frame-output';
import type { QueuePause } from './queue-pause';
import { type Failure, afterFailure, failureOf, mayBackOff } from './retry-policy';
import type { DeferredJobs } from './scheduling/deferred-jobs';
import type { JobMachines } from './scheduling/job-machines';
import { StaleLeaseError } from './store/frame-tries';
import type { JobStore } from './store/job-store';
import type { RenderCounters } from './render-counters';
import type { FailureStreaks } from './workers/failure-streaks';
import type { WorkerPool } from './workers/worker-pool';

export interface FrameResultsOptions {
  readonly store: JobStore;
  readonly inWork: FramesInWork;
  readonly states: JobStates;
  readonly pause: QueuePause;
  readonly pool: WorkerPool;
  readonly machines: Pick<JobMachines, 'hasOther'>;
  readonly deferred: Pick<DeferredJobs, 'wait' | 'waitAWhile' | 'settle'>;
  readonly streaks: FailureStreaks;
  readonly announcer: Announcer;
  readonly counters: RenderCounters;
  /** Watches the free space of the output volumes. */
  readonly space?: Pick<FreeSpaceWatch, 'check' | 'full'>;
  onFault(error: unknown): void;
}

/** Stores the outcome of frames: renames output files, updates the database, then announces the change. */
export class FrameResults {
  readonly #options: FrameResultsOptions;

  constructor(options: FrameResultsOptions) {
    this.#options = options;
  }

  /**
   * Stores the outcome of a try. If the frame no longer belongs to the try, only its files are removed.
   *
   * @throws Error from the database, where it can't be written
   */
  async settle(active: ActiveJob, assignment: Assignment, outcome: Outcome): Promise<void> {
    const { inWork, onFault } = this.#options;
    let settled = outcome;
    if (outcome.kind === 'ready') {
      const { spec, folder } = outcome.delivery;
      let renamed: RenamedFiles | null = null;
      try {
        const journal = await this.#journal(assignment, outcome);
        this.#checkHeld(assignment);
        renamed = this.#renameFiles(active, outcome, journal);
      } catch (error) {
        await clearAway(spec, outcome.files).catch(onFault);
        // No file was renamed: the frame is as if it had not been rendered.
        if (error instanceof StaleLeaseError) return;
        if (isOfDatabase(error)) throw error;
        settled = { kind: 'failed', error: await outputCause(error, folder, active.volumes) };
      }
      if (renamed) this.#done(active, assignment, outcome, renamed);
    }
    if (settled.kind === 'failed' && inWork.holds(assignment)) this.#failed(active, assignment, settled.error);
    else if (settled.kind === 'source-changed' && inWork.holds(assignment)) this.#renderAgain(active, assignment);
    else if (settled.kind === 'existing' && inWork.holds(assignment)) {
      this.skip(active, assignment.frame, imagesOf(active.settings, assignment.frame)[0]!, assignment.lease);
      this.#over(active, assignment);
    }
  }

  /**
   * Skips a frame whose image exists.
   *
   * @param lease of the try that found it; undefined where the frame was not dispatched
   */
  skip(active: ActiveJob, frame: number, file: string, lease?: number): void {
    const { store, counters, announcer } = this.#options;
    const skipped = store.tries.skip({ jobId: active.id, frame, lease }, file);
    counters.frames.skipped(store.job(active.id)!.engine);
    announcer.frame(active.id, skipped);
  }

  /** @throws StaleLeaseError where the frame was given up or handed to another try */
  #checkHeld(assignment: Assignment): void {
    const { store, inWork } = this.#options;
    if (!inWork.holds(assignment) || !store.tries.holds(assignment)) throw new StaleLeaseError(assignment);
  }

  /** Stores which files are about to be renamed, on the disk. The frame may be given up meanwhile. */
  async #journal(assignment: Assignment, { files, fingerprint }: ReadyFrame): Promise<JournaledFile[]> {
    const { store, inWork } = this.#options;
    if (!inWork.holds(assignment)) throw new StaleLeaseError(assignment);
    const journal = journalOf(files);
    store.tries.writeJournal(assignment, { files: journal, fingerprint });
    await store.tries.flushed();
    return journal;
  }

  /** Runs in the same turn of the event loop as marking the frame done. */
  #renameFiles(active: ActiveJob, { delivery, files }: ReadyFrame, journal: readonly JournaledFile[]): RenamedFiles {
    const { frame, settings } = delivery.spec;
    return renameFiles(files, journal, { further: settings.overwrite, wrote: this.#writtenBy(active, frame) });
  }

  #done(active: ActiveJob, assignment: Assignment, ready: ReadyFrame, { stamps, kept }: RenamedFiles): void {
    const { store, streaks, counters, announcer, space } = this.#options;
    const { id } = active;
    const { slot, machine, attempt } = assignment;
    const { rendered, folder } = ready.delivery;
    const { seconds, peakBytes } = rendered;
    const { fingerprint } = ready;
    const warnings = [...ready.warnings, ...rendered.warnings];
    // Done first, so that the output folder holds nothing but images when the end of the job is announced.
    if (!ready.cleared && !clearFolder(folder))
      warnings.push(`Something that was put into ${folder} by another program can't be removed: the folder stays.`);
    const missing = kept.length === 0 ? [] : [keptSentence(kept)];
    // Each frame shows it as suspicious; the job's warnings list it once.
    if (!active.tellsKept) warnings.push(...missing);
    active.tellsKept ||= missing.length > 0;
    const others = [ready.suspicion, ...missing].filter((one) => one !== null);
    const { suspicion, earlier } = active.speeds.seen(machine, { frame: assignment.frame, seconds, others });
    const file = stamps[0]!.path;
    const written = { file, seconds, stamps, peakBytes, suspicion, fingerprint, warnings };
    const frame = store.tries.done(assignment, written);
    for (const stamp of stamps) active.written?.add(keyOf(stamp));
    active.rendered++;
    if (peakBytes !== null && machine === null) active.peakBytes = Math.max(active.peakBytes ?? 0, peakBytes);
    streaks.succeeded(slot);
    active.avoidance.succeeded(machine);
    counters.frames.rendered(store.job(id)!.engine, slot, seconds, machine);
    if (fingerprint !== null && fingerprint !== store.fingerprint(id)) active.source.warnMixed();
    announcer.frame(id, frame);
    announcer.event('render_write', store.job(id)!, { frame: frame.frame, worker: slot, attempt, file, seconds });
    space?.check();
    announcer.queueNowAndThen();
    judgeFrames(this.#options, id, earlier);
    this.#over(active, assignment);
  }

  #failed(active: ActiveJob, assignment: Assignment, error: unknown): void {
    const { store, pause, pool, machines, deferred, streaks, counters, announcer, space } = this.#options;
    const { id, settings } = active;
    const { frame, slot, machine, attempt } = assignment;
    const { cause, kind, code, reason } = failureOf(
      error,
      () => machines.hasOther(id, machine),
      store.job(id)!.frames.done > 0,
    );
    const verdict = afterFailure(cause, store.frames.failures(id, frame), settings.attempts);
    const stamps =
      error instanceof PartialRenameError ? mergeStamps(error.renamed, store.frames.stamps(id, frame)) : undefined;
    if (stamps) active.replaceable.add(frame);
    const changed =
      verdict.frame === 'fail'
        ? store.tries.fail(assignment, reason, stamps, code)
        : store.tries.release(assignment, verdict.frame === 'retry' ? reason : null, stamps, code);
    const job = store.job(id)!;
    if (verdict.frame !== 'wait') counters.frames.tryFailed(job.engine, slot, kind, verdict.frame === 'fail');
    announcer.frame(id, changed);
    if (verdict.frame !== 'wait') announcer.event('frame_failed', job, { frame, worker: slot, attempt, reason });
    if (cause === 'refused') {
      active.avoidance.refused(machine, performance.now(), reason);
      if (store.addWarnings(id, [refusedWarning(machine, reason)])) announcer.job(id);
    }
    if (verdict.blamesWorker) {
      active.avoidance.failed(machine, frame, performance.now(), reason);
      const milliseconds = streaks.failed(slot, `${id}/${frame}`);
      if (milliseconds > 0 && mayBackOff(active.rendered))
        pool.backOff(slot, id, job.engine, milliseconds, `its frames keep failing: ${reason}`);
    }
    const full = cause === 'no-space' && space?.full(dirname(imagesOf(settings, frame)[0]!));
    if (verdict.holdsQueue && !full) pause.holdUntilWritable(reason);
    if (error instanceof SceneGoneError) deferred.wait(active, error);
    if (verdict.jobWaits)
      deferred.waitAWhile(
        active,
        cause === 'output'
          ? `its output folder ${store.folder(id)} to be in order again`
          : `its scene ${settings.scene} to be readable again`,
      );
    this.#over(active, assignment, verdict.failsJob ? { reason, code } : null);
  }

  /** Returns a frame to waiting because its source files changed; this counts as no failure. */
  #renderAgain(active: ActiveJob, assignment: Assignment): void {
    const { store, announcer } = this.#options;
    const { frame } = assignment;
    active.sourceChanges.set(frame, (active.sourceChanges.get(frame) ?? 0) + 1);
    announcer.frame(active.id, store.tries.release(assignment, null));
    this.#over(active, assignment);
  }

  /** @param fatal why the whole job fails */
  #over(active: ActiveJob, assignment: Assignment, fatal: Pick<Failure, 'reason' | 'code'> | null = null): void {
    const { inWork, states, deferred } = this.#options;
    inWork.end(assignment);
    // A listener may have cancelled the job.
    if (!states.isLive(active)) return;
    if (fatal !== null) states.finish(active.id, 'failed', fatal.reason, fatal.code);
    else if (!states.finishIfThrough(active.id)) {
      deferred.settle(active);
      states.settlePause();
    }
  }

  /** Whether the job wrote a file: usually for the same frame, but several frames may share a file. */
  #writtenBy(active: ActiveJob, frame: number): (file: FileStamp) => boolean {
    const { store } = this.#options;
    const { id } = active;
    // Asked of further files only: most frames have none.
    let byFrame: FileStamp[] | null = null;
    return (file) => {
      byFrame ??= store.frames.stamps(id, frame);
      if (byFrame.some((one) => one.path === file.path && isSame(one, file))) return true;
      active.written ??= new Set(store.frames.stamps(id).map(keyOf));
      return active.written.has(keyOf(file));
    };
  }
}

/** Warning about a machine that can't render a job. @param machine null for this one */
function refusedWarning(machine: string | null, reason: string): string {
  const who = machine === null ? 'This machine' : `The machine “${machine}”`;
  return `${who} can’t render it, so others do: ${reason}`;
}
