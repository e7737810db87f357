import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Ticket, type TicketResult, shortLog, shortSentence, ticketProgressSchema } from '../../shared/farm';
import { throttle } from '../../shared/throttle';
import { messageOf } from '../../shared/user-error';
import { FrameError, type FrameProgress, type RenderedFrame } from '../engines/render-engine';
import { deliverFiles, deliverResult } from './deliver';
import { type FarmClient, RefusedError } from './farm-client';
import { type LentWorkers, NoWorkerError } from './lent-workers';
import { type SceneCache, isOutdated } from './scene-cache';

/** Minimum interval between two reports of progress of one frame, in milliseconds. */
const PROGRESS_INTERVAL = 500;
const MAX_WARNINGS = 100;
/** How long a machine that stops tries to hand a frame back, in milliseconds; without that it is missed in seconds. */
const HAND_BACK_TIME = 2_000;
const STOPPED: TicketResult = { outcome: 'unable', reason: 'It was stopped.' };

export interface TicketRunnerOptions {
  readonly client: FarmClient;
  readonly scenes: SceneCache;
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
  const { client, scenes, workers, folder, onEnd } = options;
  const under = new Set<number>();
  let stopping = false;
  // Frames of an earlier process: their leases may be void.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });

  async function render(ticket: Ticket, own: string, signal: AbortSignal): Promise<RenderedFrame> {
    const { engine, setup, scene: sceneId, lease, ...frame } = ticket;
    const scene = await scenes.fetch(sceneId, signal);
    const lent = await workers.lend({ engine, setup }, scene, ticket.frame, signal);
    let done = false;
    try {
      const onProgress = progressTeller(client, lease);
      const rendered = await lent.worker.render({ ...frame, lease, scene, folder: own }, onProgress, signal);
      done = true;
      return rendered;
    } finally {
      lent.giveBack(done);
    }
  }

  /** @returns the result to tell; it throws where nothing may be told */
  async function resultOf(ticket: Ticket, own: string, signal: AbortSignal): Promise<TicketResult> {
    try {
      const { files, seconds, peakBytes, warnings, log } = await render(ticket, own, signal);
      return {
        outcome: 'rendered',
        files: await deliverFiles(client, ticket.lease, files, signal),
        seconds,
        peakBytes,
        warnings: warnings.slice(0, MAX_WARNINGS).map(shortSentence),
        log: shortLog(log),
      };
    } catch (error) {
      if (error instanceof RefusedError && !isOutdated(error)) throw error;
      return failureOf(error);
    }
  }

  return {
    stop: () => void (stopping = true),
    leases: () => [...under],
    async run(ticket, signal) {
      const { lease } = ticket;
      const own = join(folder, `lease-${lease}`);
      under.add(lease);
      let failure: string | null = null;
      try {
        await mkdir(own, { mode: 0o700 });
        const result = await resultOf(ticket, own, signal);
        if (result.outcome !== 'rendered') failure = result.reason;
        if (!signal.aborted) await deliverResult(client, lease, result, signal);
        else if (stopping) await deliverResult(client, lease, STOPPED, AbortSignal.timeout(HAND_BACK_TIME));
      } catch (error) {
        failure = messageOf(error);
      } finally {
        await rm(own, { recursive: true, force: true }).catch(() => undefined);
        under.delete(lease);
      }
      onEnd(ticket, signal.aborted ? 'It was given up.' : failure);
    },
  };
}

/** What an error says about its frame. */
function failureOf(error: unknown): TicketResult {
  const reason = shortSentence(messageOf(error));
  if (error instanceof FrameError) {
    const { final, kind, log } = error;
    return { outcome: 'failed', reason, final, kind, log: shortLog(log) };
  }
  if (isOutdated(error)) return { outcome: 'failed', reason, final: false, kind: 'render', log: [] };
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
