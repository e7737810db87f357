import type { EngineId } from '../../shared/scene';
import { messageOf } from '../../shared/user-error';
import type { WorkerInfo } from '../../shared/workers';
import type { RestartReason } from '../../shared/totals';
import type { RenderEngine, Worker, WorkerExit, WorkerUsage } from '../engines/render-engine';
import type { Tally } from './tally';

/** How long a worker may stand idle before it is ended and its memory freed, in milliseconds. */
const IDLE_LIMIT = 60_000;

/** A worker that was taken, and its numbered place. */
export interface TakenWorker {
  readonly info: WorkerInfo;
  readonly worker: Worker;
}

interface Slot {
  info: WorkerInfo;
  /** What its worker was started with. */
  readonly setup: string;
  worker: Worker | null;
  /** When it was last taken, as performance.now() gives it. */
  takenAt: number;
  /** As last read; what the worker used afterwards, up to its end, is not known. */
  usage: WorkerUsage | null;
  /** It gives way to a worker of another engine. */
  givesWay: boolean;
  idleTimer: NodeJS.Timeout | null;
}

export interface WorkerPoolOptions {
  engine(id: EngineId): RenderEngine;
  /** The most workers that may live at once. */
  limit(): number;
  readonly tally: Tally;
  /** A worker changed; `reason` says why one is gone or could not be started. */
  onChange(slot: WorkerInfo, reason: string | null): void;
  /** A worker has started, or a place became free. */
  onReady(): void;
  /** A worker could not be started. */
  onStartFailed(engine: EngineId, error: unknown): void;
}

/** Starts workers when they are wanted, keeps them with their scene loaded, ends those that stand idle. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #slots = new Map<number, Slot>();
  /** Why the last worker of a place ended, where the next one counts as its replacement. */
  readonly #replaced = new Map<number, RestartReason>();
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  list(): WorkerInfo[] {
    return [...this.#slots.values()].map((slot) => slot.info).sort((a, b) => a.slot - b.slot);
  }

  /**
   * Takes an idle worker, one that has the scene loaded before others. Where none is idle and there is room, starts one and returns null; `onReady` tells when it can be had.
   */
  take(engine: EngineId, setup: string, scene: string, jobId: number, frame: number): TakenWorker | null {
    if (this.#closed) return null;
    const idle = [...this.#slots.values()].filter((slot) => slot.info.state === 'idle' && slot.info.engine === engine && slot.setup === setup);
    const slot = idle.find((candidate) => candidate.info.scene === scene) ?? idle[0];
    if (!slot?.worker) {
      this.#makeRoom(engine, setup);
      return null;
    }
    if (slot.idleTimer) clearTimeout(slot.idleTimer);
    slot.idleTimer = null;
    slot.takenAt = performance.now();
    this.#change(slot, { state: 'rendering', scene, jobId, frame });
    return { info: slot.info, worker: slot.worker };
  }

  /** Gives a worker back after a frame. @param done the frame's image was delivered */
  release(slotNumber: number, done: boolean): void {
    const slot = this.#slots.get(slotNumber);
    if (!slot || slot.info.state !== 'rendering') return;
    this.#options.tally.busy(slotNumber, (performance.now() - slot.takenAt) / 1000);
    this.#rest(slot, done ? 1 : 0);
  }

  async usage(): Promise<ReadonlyMap<number, WorkerUsage | null>> {
    const read = await Promise.all(
      [...this.#slots.values()].map(async (slot) => {
        const usage = (await slot.worker?.usage()) ?? slot.usage;
        // Readings that overtake each other must not turn the clock back.
        if (usage && usage.cpuSeconds >= (slot.usage?.cpuSeconds ?? 0)) slot.usage = usage;
        // A worker that ended meanwhile was counted with what was known of it then.
        return this.#slots.get(slot.info.slot) === slot ? ([slot.info.slot, slot.usage] as const) : null;
      }),
    );
    return new Map(read.filter((entry) => entry !== null));
  }

  /** Ends every worker. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#slots.values()].map((slot) => this.#end(slot)));
  }

  /** Ends idle workers that are above the limit, after it was lowered. */
  trim(): void {
    const extra = this.#slots.size - this.#options.limit();
    const idle = [...this.#slots.values()].filter((slot) => slot.info.state === 'idle');
    for (const slot of idle.slice(0, Math.max(0, extra))) void this.#end(slot);
  }

  #makeRoom(engine: EngineId, setup: string): void {
    const starting = [...this.#slots.values()].some((slot) => slot.info.state === 'starting' && slot.info.engine === engine && slot.setup === setup);
    if (starting) return;
    if (this.#slots.size < this.#options.limit()) {
      void this.#start(engine, setup);
      return;
    }
    // All places are taken: an idle worker of another engine or setup gives way.
    const idle = [...this.#slots.values()].find((slot) => slot.info.state === 'idle');
    if (!idle) return;
    idle.givesWay = idle.info.engine !== engine || idle.setup !== setup;
    void this.#end(idle);
  }

  async #start(engine: EngineId, setup: string): Promise<void> {
    let number = 1;
    while (this.#slots.has(number)) number++;
    const slot: Slot = {
      info: { slot: number, engine, state: 'starting', scene: null, jobId: null, frame: null, framesDone: 0, startedAt: Date.now() },
      setup,
      worker: null,
      takenAt: 0,
      usage: null,
      givesWay: false,
      idleTimer: null,
    };
    const replaces = this.#replaced.get(number);
    this.#replaced.delete(number);
    this.#slots.set(number, slot);
    this.#options.onChange(slot.info, null);
    let worker: Worker;
    try {
      worker = await this.#options.engine(engine).startWorker(setup);
    } catch (error) {
      if (replaces) this.#replaced.set(number, replaces);
      this.#slots.delete(number);
      this.#options.onChange({ ...slot.info, state: 'stopping' }, messageOf(error));
      if (!this.#closed) this.#options.onStartFailed(engine, error);
      return;
    }
    slot.worker = worker;
    if (replaces) this.#options.tally.restarted(number, replaces);
    void worker.exited.then((exit) => this.#gone(slot, exit));
    if (this.#closed) {
      await worker.stop();
      return;
    }
    this.#rest(slot, 0);
    this.#options.onReady();
  }

  #rest(slot: Slot, framesDone: number): void {
    slot.idleTimer = setTimeout(() => void this.#end(slot), IDLE_LIMIT);
    slot.idleTimer.unref();
    this.#change(slot, { state: 'idle', jobId: null, frame: null, framesDone: slot.info.framesDone + framesDone });
  }

  async #end(slot: Slot): Promise<void> {
    if (slot.idleTimer) clearTimeout(slot.idleTimer);
    slot.idleTimer = null;
    if (!slot.worker || slot.info.state === 'stopping') return;
    this.#change(slot, { state: 'stopping' });
    await slot.worker.stop();
  }

  #gone(slot: Slot, exit: WorkerExit): void {
    if (slot.idleTimer) clearTimeout(slot.idleTimer);
    const { slot: number } = slot.info;
    this.#slots.delete(number);
    if (slot.info.state === 'rendering') this.#options.tally.busy(number, (performance.now() - slot.takenAt) / 1000);
    if (slot.usage) this.#options.tally.used(number, slot.usage.cpuSeconds);
    if (exit.reason !== 'stopped') this.#replaced.set(number, exit.reason);
    else if (slot.givesWay) this.#replaced.set(number, 'scene');
    this.#options.onChange({ ...slot.info, state: 'stopping' }, exit.message);
    this.#options.onReady();
  }

  #change(slot: Slot, change: Partial<WorkerInfo>): void {
    slot.info = { ...slot.info, ...change };
    this.#options.onChange(slot.info, null);
  }
}
