import { mkdir, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';
import {
  FILES_MISSING,
  type Ticket,
  type TicketResult,
  shortLog,
  shortSentence,
  ticketProgressSchema,
} from '../../shared/farm';
import { makeFolder } from '../data/make-folder';
import { engineFailureSchema } from '../../shared/failures';
import { throttle } from '../../shared/throttle';
import { messageOf } from '../../shared/user-error';
import { FrameError, type FrameProgress, type RenderedFrame } from '../engines/render-engine';
import { fullOr, isDiskFull, noSpaceFor } from '../jobs/output/output-errors';
import { type CopiedScene, deliverFrame, deliverResult } from './deliver';
import { type FarmClient, RefusedError } from './farm-client';
import { type LentWorkers, NoWorkerError } from './lent-workers';
import type { MachineRoots, SceneInPlace } from './machine-roots';
import { type SceneCache, type SceneCopy, isOutdated } from './scene-cache';

/** Minimum interval between two reports of progress of one frame, in milliseconds. */
const PROGRESS_INTERVAL = 500;
const MAX_WARNINGS = 100;
/** How long a machine that stops tries to hand a frame back, in milliseconds; without that it is missed in seconds. */
const HAND_BACK_TIME = 2_000;
type Failure = Exclude<TicketResult, { outcome: 'rendered' }>;
const STOPPED: Failure = { outcome: 'unable', reason: 'It was stopped.' };

export interface TicketRunnerOptions {
  readonly client: FarmClient;
  readonly scenes: SceneCache;
  readonly roots: Pick<MachineRoots, 'sceneOf'>;
  readonly workers: LentWorkers;
  /** Folder for frames until they are delivered; what it holds is deleted. */
  readonly folder: string;
  /** A ticket has ended. @param failure as a sentence; null when its frame was delivered */
  onEnd(ticket: Ticket, failure: string | null): void;
}

/** Runs tickets, from the scene to the delivery. */
export interface TicketRunner {
  /** Leases under way. */
  leases(): number[];
  /** @param signal gives the frame up. Never rejects */
  run(ticket: Ticket, signal: AbortSignal): Promise<void>;
  /** From now on frames that are given up are handed back, for other machines. */
  stop(): void;
}

export async function createTicketRunner(options: TicketRunnerOptions): Promise<TicketRunner> {
  const { client, scenes, roots, workers, folder, onEnd } = options;
  const under = new Set<number>();
  let stopping = false;
  // Frames of an earlier process: their leases may be void.
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder, 0o700);

  async function render(
    ticket: Ticket,
    { scene }: SceneCopy,
    own: string,
    movedTo: (file: string) => string,
    signal: AbortSignal,
  ): Promise<RenderedFrame> {
    const { engine, setup, scene: _scene, lease, ...frame } = ticket;
    const lent = await workers.lend({ engine, setup }, scene, ticket.frame, signal);
    let rendered: RenderedFrame | null = null;
    try {
      const onProgress = progressTeller(client, lease);
      rendered = await lent.worker.render({ ...frame, lease, scene, folder: own, movedTo }, onProgress, signal);
      return rendered;
    } finally {
      lent.giveBack(rendered !== null, rendered?.peakBytes ?? null);
    }
  }

  /** Delivers until the manager has everything: one that was started again has nothing of what the last one had. */
  async function deliver(
    lease: number,
    rendered: RenderedFrame,
    copied: CopiedScene,
    signal: AbortSignal,
  ): Promise<void> {
    const { seconds, peakBytes, warnings, log } = rendered;
    const rest = {
      seconds,
      peakBytes,
      // On every machine the same, so that they are told once.
      warnings: warnings.slice(0, MAX_WARNINGS).map((text) => shortSentence(text.replaceAll(copied.root + sep, ''))),
      log: shortLog(log),
    };
    for (;;)
      try {
        await deliverFrame(client, lease, rendered.files, copied, rest, signal);
        return;
      } catch (error) {
        if (!(error instanceof RefusedError) || error.status !== FILES_MISSING) throw error;
      }
  }

  /** @returns the failure to tell; null when the frame was delivered. It throws where nothing may be told */
  async function failureIn(ticket: Ticket, own: string, signal: AbortSignal): Promise<Failure | null> {
    const finish = async (copy: SceneCopy & Partial<SceneInPlace>): Promise<void> => {
      const { movedTo, pathOf } = createFurtherFiles(folder);
      // A root that went away spoils what was rendered, and explains whatever the engine says.
      const rendered = await render(ticket, copy, own, movedTo, signal).finally(
        () => !signal.aborted && copy.checkThere?.(),
      );
      // Not every engine notices that its image was cut short.
      if (await isDiskFull(own)) throw noSpaceFor(own);
      await deliver(ticket.lease, rendered, { root: copy.root, pathOf }, signal);
    };
    try {
      await mkdir(own, { mode: 0o700 });
      if (typeof ticket.scene === 'string') await scenes.use(ticket.scene, signal, finish);
      else await finish(await roots.sceneOf(ticket.scene, signal));
      return null;
    } catch (error) {
      if (error instanceof RefusedError && error.status === 401) throw error;
      return failureOf(await fullOr(error, own));
    }
  }

  /** Tells a failure. One that the manager does not take, it gets without what the engine has printed. */
  async function tell(lease: number, failed: Failure, signal: AbortSignal): Promise<void> {
    try {
      await deliverResult(client, lease, failed, signal);
    } catch (error) {
      if (!(error instanceof RefusedError) || [401, 409].includes(error.status)) throw error;
      await deliverResult(client, lease, failureOf(error), signal);
    }
  }

  return {
    stop: () => void (stopping = true),
    leases: () => [...under],
    async run(ticket, signal) {
      const { lease } = ticket;
      // A queue that was away may hand it out a second time.
      if (under.has(lease)) return;
      const own = join(folder, `lease-${lease}`);
      under.add(lease);
      let failure: string | null = null;
      try {
        const failed = await failureIn(ticket, own, signal);
        failure = failed?.reason ?? null;
        if (failed && !signal.aborted) await tell(lease, failed, signal);
        else if (failed && stopping) await deliverResult(client, lease, STOPPED, AbortSignal.timeout(HAND_BACK_TIME));
      } catch (error) {
        // Why the frame failed stays, though the manager no longer wants to hear of it.
        failure ??= messageOf(error);
      } finally {
        await rm(own, { recursive: true, force: true }).catch(() => undefined);
        under.delete(lease);
      }
      onEnd(ticket, failure !== null && signal.aborted ? 'It was given up.' : failure);
    },
  };
}

/**
 * Gives the further files of a frame paths beside its images, where every scene may write: the manager decides where they
 * go.
 */
function createFurtherFiles(folder: string): { movedTo(file: string): string; pathOf(moved: string): string } {
  const paths = new Map<string, string>();
  return {
    movedTo(file) {
      const moved = join(folder, `further-${paths.size}`);
      paths.set(moved, file);
      return moved;
    },
    pathOf: (moved) => paths.get(moved) ?? moved,
  };
}

/** What an error says about its frame. */
function failureOf(error: unknown): Failure {
  const reason = shortSentence(messageOf(error));
  if (error instanceof FrameError) {
    const { final, kind, log } = error;
    const failure = engineFailureSchema.safeParse(error.failure).data ?? kind;
    return { outcome: 'failed', reason, final, kind, failure, log: shortLog(log) };
  }
  if (isOutdated(error)) return { outcome: 'failed', reason, final: false, kind: 'render', failure: 'render', log: [] };
  // What the manager does not take from this machine, it would take from no other.
  if (error instanceof RefusedError)
    return {
      outcome: 'failed',
      reason: shortSentence(`The manager does not take what was rendered: ${reason}`),
      final: true,
      kind: 'output',
      failure: 'output',
      log: [],
    };
  return {
    outcome: 'unable',
    reason: error instanceof NoWorkerError ? reason : shortSentence(`It has failed here: ${reason}`),
  };
}

/** Tells the manager of progress now and then; what does not arrive is not missed. */
function progressTeller(client: FarmClient, lease: number): (progress: FrameProgress) => void {
  let last: FrameProgress | null = null;
  const tell = throttle(PROGRESS_INTERVAL, () => {
    const progress = ticketProgressSchema.safeParse(last);
    if (progress.success)
      client.ask('PUT', `/leases/${lease}/progress`, progress.data, z.unknown()).catch(() => undefined);
  });
  return (progress) => {
    last = progress;
    tell();
  };
}
