import type { EngineId } from '../../../shared/scene';
import type { RestartReason } from '../../../shared/totals';
import { messageOf } from '../../../shared/user-error';
import type { WorkerInfo } from '../../../shared/workers';
import type { RenderEngine, Worker, WorkerExit, WorkerUsage } from '../../engines/render-engine';
import type { Tally } from '../tally';

/** How long a worker may stand idle before it is ended and its memory freed, in milliseconds. */
const IDLE_LIMIT = 60_000;

/** What workers a job can be rendered by. */
export interface WorkerKind {
  readonly engine: EngineId;
  /** What they were started with, as the engine's `setupOf` gave it. */
  readonly setup: string;
}

interface Slot {
  info: WorkerInfo;
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

/** A slot that gets no worker for a while. */
interface Rest {
  readonly info: WorkerInfo;
  readonly jobId: number;
  readonly timer: NodeJS.Timeout;
}

export interface WorkerPoolOptions {
  engine(id: EngineId): RenderEngine;
  readonly tally: Tally;
  /** A worker changed; `reason` says why it rests. @param gone why it is gone or could not be started; null while it is there */
  onChange(slot: WorkerInfo, gone: string | null): void;
  /** A worker has started, or a place became free. */
  onReady(): void;
  /** A worker could not be started for a job. @param others workers of its kind that are alive */
  onStartFailed(jobId: number, slot: number, others: number, error: unknown): void;
}

/** Starts workers when they are wanted, keeps them with their scene loaded, ends those that stand idle, and lets slots rest. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #slots = new Map<number, Slot>();
  readonly #resting = new Map<number, Rest>();
  /** Why the last worker of a place ended, where the next one counts as its replacement. */
  readonly #replaced = new Map<number, RestartReason>();
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  list(): WorkerInfo[] {
    const resting = [...this.#resting].filter(([number]) => !this.#slots.has(number)).map(([, rest]) => rest.info);
    return [...[...this.#slots.values()].map((slot) => slot.info), ...resting].sort((a, b) => a.slot - b.slot);
  }

  /** How many workers there are, those that are starting or ending included. */
  living(): number {
    return this.#slots.size;
  }

  /** Slots of idle workers of a kind, those that have the scene loaded first. */
  idle(kind: WorkerKind, scene: string): number[] {
    const idle = this.#ofKind(kind).filter((slot) => slot.info.state === 'idle');
    return idle
      .sort((a, b) => Number(b.info.scene === scene) - Number(a.info.scene === scene) || a.info.slot - b.info.slot)
      .map((slot) => slot.info.slot);
  }

  /** Whether a frame that failed on a worker can be tried by another. */
  hasOther(slotNumber: number, kind: WorkerKind): boolean {
    return this.#ofKind(kind).some((slot) => slot.info.slot !== slotNumber && slot.info.state !== 'stopping');
  }

  /** Whether another job could get a worker now. @param limit the most workers that may live at once */
  hasRoom(limit: number): boolean {
    return this.#places() < limit || [...this.#slots.values()].some((slot) => slot.info.state === 'idle');
  }

  /** Takes an idle worker for one frame. */
  take(slotNumber: number, scene: string, jobId: number, frame: number): Worker {
    const slot = this.#slots.get(slotNumber);
    if (!slot?.worker || slot.info.state !== 'idle') throw new Error(`Worker ${slotNumber} is not idle.`);
    if (slot.idleTimer) clearTimeout(slot.idleTimer);
    slot.idleTimer = null;
    slot.takenAt = performance.now();
    this.#change(slot, { state: 'rendering', scene, jobId, frame });
    return slot.worker;
  }

  /** Gives a worker back after a frame. @param done the frame's image was delivered */
  release(slotNumber: number, done: boolean): void {
    const slot = this.#slots.get(slotNumber);
    if (!slot || slot.info.state !== 'rendering') return;
    this.#options.tally.busy(slotNumber, (performance.now() - slot.takenAt) / 1000);
    this.#makeIdle(slot, done ? 1 : 0);
    if (this.#resting.has(slotNumber)) void this.#end(slot);
  }

  /**
   * Starts workers that are missing, where there is room; `onReady` tells when each can be had.
   *
   * @param missing how many are wanted beside the idle ones
   * @param claimed how many of those that are starting are wanted by others already
   * @param limit the most workers that may live at once
   * @returns whether so many will come; otherwise every place is taken
   */
  want(kind: WorkerKind, jobId: number, missing: number, claimed: number, limit: number): boolean {
    if (this.#closed) return false;
    const leaving = [...this.#slots.values()].filter((slot) => slot.givesWay).length;
    let coming = this.#ofKind(kind).filter((slot) => slot.info.state === 'starting').length + leaving - claimed;
    // While one makes way for a better job, nobody takes its place: that job may bear fewer workers at once, and would never find room.
    if (leaving === 0) for (; coming < missing && this.#places() < limit; coming++) void this.#start(kind, jobId);
    for (; coming < missing; coming++) {
      // All places are taken: an idle worker of another engine or setup gives way, and `onReady` tells when its place is free.
      const idle = [...this.#slots.values()].find(
        (slot) => slot.info.state === 'idle' && (slot.info.engine !== kind.engine || slot.setup !== kind.setup),
      );
      if (!idle) return false;
      idle.givesWay = true;
      void this.#end(idle);
    }
    return true;
  }

  /** Ends a slot's worker, once it is through with the frame that it has, and starts none in its place for a while. */
  rest(slotNumber: number, jobId: number, engine: EngineId, milliseconds: number, why: string): void {
    if (this.#closed || this.#resting.has(slotNumber)) return;
    const slot = this.#slots.get(slotNumber);
    const reason = `rests for ${milliseconds / 1000} s, since its frames keep failing: ${why}`;
    const framesDone = slot?.info.framesDone ?? 0;
    const info: WorkerInfo = {
      slot: slotNumber,
      engine,
      state: 'resting',
      scene: null,
      jobId: null,
      frame: null,
      framesDone,
      startedAt: Date.now(),
      reason,
    };
    const timer = setTimeout(() => this.#wake(slotNumber), milliseconds);
    timer.unref();
    this.#resting.set(slotNumber, { info, jobId, timer });
    if (slot?.info.state === 'rendering') return;
    if (slot) void this.#end(slot);
    else this.#options.onChange(info, null);
  }

  /** Ends the rests that a job was the cause of. */
  wake(jobId: number): void {
    for (const [slot, rest] of this.#resting) if (rest.jobId === jobId) this.#wake(slot);
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
    for (const { timer } of this.#resting.values()) clearTimeout(timer);
    this.#resting.clear();
    await Promise.all([...this.#slots.values()].map((slot) => this.#end(slot)));
  }

  /** Ends idle workers that are above a limit which was lowered. */
  trim(limit: number): void {
    const extra = this.#slots.size - limit;
    const idle = [...this.#slots.values()].filter((slot) => slot.info.state === 'idle');
    for (const slot of idle.slice(0, Math.max(0, extra))) void this.#end(slot);
  }

  #ofKind({ engine, setup }: WorkerKind): Slot[] {
    return [...this.#slots.values()].filter((slot) => slot.info.engine === engine && slot.setup === setup);
  }

  /** How many places are taken, by workers or by rests. */
  #places(): number {
    let places = this.#slots.size;
    for (const number of this.#resting.keys()) if (!this.#slots.has(number)) places++;
    return places;
  }

  async #start({ engine, setup }: WorkerKind, jobId: number): Promise<void> {
    let number = 1;
    while (this.#slots.has(number) || this.#resting.has(number)) number++;
    const slot: Slot = {
      info: {
        slot: number,
        engine,
        state: 'starting',
        scene: null,
        jobId: null,
        frame: null,
        framesDone: 0,
        startedAt: Date.now(),
      },
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
      const others = this.#ofKind({ engine, setup }).filter(
        (other) => other.worker !== null && other.info.state !== 'stopping',
      ).length;
      if (!this.#closed) this.#options.onStartFailed(jobId, number, others, error);
      return;
    }
    slot.worker = worker;
    if (replaces) this.#options.tally.restarted(number, replaces);
    void worker.exited.then((exit) => this.#gone(slot, exit));
    if (this.#closed) {
      await worker.stop();
      return;
    }
    this.#makeIdle(slot, 0);
    this.#options.onReady();
  }

  #makeIdle(slot: Slot, framesDone: number): void {
    slot.idleTimer = setTimeout(() => void this.#end(slot), IDLE_LIMIT);
    slot.idleTimer.unref();
    this.#change(slot, { state: 'idle', jobId: null, frame: null, framesDone: slot.info.framesDone + framesDone });
  }

  async #end(slot: Slot): Promise<void> {
    if (slot.idleTimer) clearTimeout(slot.idleTimer);
    slot.idleTimer = null;
    if (!slot.worker || slot.info.state === 'stopping') return;
    if (slot.info.state === 'rendering')
      this.#options.tally.busy(slot.info.slot, (performance.now() - slot.takenAt) / 1000);
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
    const rest = this.#resting.get(number);
    if (rest) this.#options.onChange(rest.info, null);
    this.#options.onReady();
  }

  #wake(slotNumber: number): void {
    const rest = this.#resting.get(slotNumber);
    if (!rest) return;
    clearTimeout(rest.timer);
    this.#resting.delete(slotNumber);
    if (!this.#slots.has(slotNumber))
      this.#options.onChange({ ...rest.info, state: 'stopping', reason: undefined }, 'its rest is over');
    if (!this.#closed) this.#options.onReady();
  }

  #change(slot: Slot, change: Partial<WorkerInfo>): void {
    slot.info = { ...slot.info, ...change };
    this.#options.onChange(slot.info, null);
  }
}
