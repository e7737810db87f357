import { messageOf, UserError } from '../../shared/user-error';
import {
  FrameError,
  FrameLostError,
  type FrameProgress,
  type RenderEngine,
  type RenderRequest,
  type RenderedFrame,
  type Worker,
  type WorkerExit,
  type WorkerUsage,
} from '../engines/render-engine';
import type { ReadyMachine } from './machines';
import type { PublishedScene, SceneManifests } from './scene-manifest';
import type { Tickets } from './tickets';

/** Maximum size of a delivered file: 16 channels of 32 bits a pixel, and what is not pixels. */
const maxBytes = ({ width, height }: { readonly width: number; readonly height: number }): number =>
  width * height * 64 + 64 * 1024 ** 2;

export interface RemoteWorkerOptions {
  readonly machine: Pick<ReadyMachine, 'id' | 'name'>;
  readonly engine: RenderEngine;
  readonly setup: string;
  readonly scenes: SceneManifests;
  readonly tickets: Tickets;
  /** The lease of an earlier manager under which it has a frame in work already, as far as is known; null for none. */
  readonly adopts: number | null;
}

/**
 * A worker that a machine lends. The engine's worker there is started with the first ticket: which of several gets a
 * ticket is the machine's choice.
 */
export class RemoteWorker implements Worker {
  readonly exited: Promise<WorkerExit>;
  readonly machine: RemoteWorkerOptions['machine'];
  readonly #options: RemoteWorkerOptions;
  #settleExit: (exit: WorkerExit) => void = () => undefined;
  /** Why it is gone, or will be after its frame; null while it is there. */
  #exit: WorkerExit | null = null;
  #busy: boolean;

  constructor(options: RemoteWorkerOptions) {
    const { machine, tickets, adopts } = options;
    this.#options = options;
    this.machine = machine;
    this.#busy = adopts !== null;
    this.exited = new Promise((resolve) => (this.#settleExit = resolve));
    if (adopts !== null) void this.exited.then(() => tickets.forgo(adopts));
  }

  async render(
    request: RenderRequest,
    onProgress: (progress: FrameProgress) => void,
    signal: AbortSignal,
  ): Promise<RenderedFrame> {
    const adopted = request.lease === this.#options.adopts;
    if (this.#busy && !adopted) throw new FrameError('The worker is busy with another frame.', false);
    if (this.#exit && !adopted) throw new FrameLostError(this.#exit.message);
    this.#busy = true;
    try {
      const { machine, engine, setup, tickets } = this.#options;
      // Additional files do not come from machines, so where they go is not told.
      const { folder, scene: path, lease, movedTo: _movedTo, ...frame } = request;
      const scene = await this.#publish(path);
      const animations = frame.animations && [...frame.animations];
      // A ticket tells no job: its lease identifies it.
      const ticket = { ...frame, animations, lease, engine: engine.id, setup, scene: scene.id };
      return await tickets.render({ ticket, machine, folder, scene, maxBytes: maxBytes(request), onProgress }, signal);
    } finally {
      this.#busy = false;
      if (this.#exit) this.#settleExit(this.#exit);
    }
  }

  /** Its machine takes no more frames: it is gone once its frame is over. */
  leave(message: string): void {
    this.#exit ??= { reason: 'exit', message };
    if (!this.#busy) this.#settleExit(this.#exit);
  }

  /** Its machine measures what it uses. */
  usage(): Promise<WorkerUsage | null> {
    return Promise.resolve(null);
  }

  async stop(): Promise<void> {
    this.#exit ??= { reason: 'stopped', message: 'The worker was stopped.' };
    this.#settleExit(this.#exit);
  }

  async #publish(path: string): Promise<PublishedScene> {
    try {
      return await this.#options.scenes.publish(this.#options.engine, path);
    } catch (error) {
      throw new FrameError(messageOf(error), error instanceof UserError);
    }
  }
}
