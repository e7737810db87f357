import type { EngineId } from '../../../shared/scene';
import type { WorkerInfo } from '../../../shared/workers';
import type { Worker, WorkerUsage } from '../../engines/render-engine';
import type { RenderCounters } from '../render-counters';

/** How long a worker may be idle before it is stopped and its memory freed, in milliseconds. */
const IDLE_LIMIT = 60_000;

/** What determines which jobs a worker can render. */
export interface WorkerKind {
  readonly engine: EngineId;
  /** The engine setup it was started with, from the engine's `setupOf`. */
  readonly setup: string;
}

/** A worker that starts. @param machine name of another machine that it is on; null for this one */
export function newInfo(slot: number, engine: EngineId, machine: string | null): WorkerInfo {
  const info = { slot, engine, state: 'starting', scene: null, jobId: null, frame: null, framesDone: 0 } as const;
  return { ...info, startedAt: Date.now(), ...(machine === null ? {} : { machine }) };
}

/** A numbered slot during the life of one worker. */
export class WorkerSlot {
  /** Null while it starts. */
  worker: Worker | null = null;
  /** It is being stopped to make room for a worker of another engine or setup. */
  givesWay = false;
  readonly kind: WorkerKind;
  readonly #counters: RenderCounters;
  #onChange: (info: WorkerInfo) => void = () => undefined;
  #info: WorkerInfo;
  /** Last measured usage, which is counted; what the worker used between that and its end is unknown. */
  #usage: WorkerUsage | null = null;
  #idleTimer: NodeJS.Timeout | null = null;

  /** @param machine name of another machine that it is on; null for this one */
  constructor(number: number, kind: WorkerKind, counters: RenderCounters, machine: string | null = null) {
    this.kind = kind;
    this.#counters = counters;
    this.#info = newInfo(number, kind.engine, machine);
  }

  /** Reports its present state, and every change from then on. */
  follow(onChange: (info: WorkerInfo) => void): void {
    this.#onChange = onChange;
    onChange(this.#info);
  }

  get number(): number {
    return this.#info.slot;
  }

  /** Name of its machine; null for this one. */
  get machine(): string | null {
    return this.#info.machine ?? null;
  }

  get info(): WorkerInfo {
    return this.#info;
  }

  get state(): WorkerInfo['state'] {
    return this.#info.state;
  }

  isOf({ engine, setup }: WorkerKind): boolean {
    return this.kind.engine === engine && this.kind.setup === setup;
  }

  /** Assigns a frame to its worker. @throws Error when it is not idle */
  take(scene: string, jobId: number, frame: number): Worker {
    if (!this.worker || this.state !== 'idle') throw new Error(`Worker ${this.number} is not idle.`);
    this.#stopIdleTimer();
    this.#counters.busy(this.number, true);
    this.#change({ state: 'rendering', scene, jobId, frame });
    return this.worker;
  }

  /** Stops it when it stays idle for too long. @param framesDone number of frames delivered since it was taken */
  makeIdle(framesDone: number): void {
    this.#counters.busy(this.number, false);
    this.#idleTimer = setTimeout(() => void this.stop(), IDLE_LIMIT);
    this.#idleTimer.unref();
    this.#change({ state: 'idle', jobId: null, frame: null, framesDone: this.#info.framesDone + framesDone });
  }

  /** Stops its worker, unless that is in progress. */
  async stop(): Promise<void> {
    this.#stopIdleTimer();
    if (!this.worker || this.state === 'stopping') return;
    this.#counters.busy(this.number, false);
    this.#change({ state: 'stopping' });
    await this.worker.stop();
  }

  /** Its worker is gone. */
  gone(): void {
    this.#stopIdleTimer();
    this.#counters.busy(this.number, false);
  }

  /** Reads the resource usage of its worker, and counts what was added since the last reading; null where unavailable. */
  async usage(): Promise<WorkerUsage | null> {
    const usage = await this.worker?.usage();
    const before = this.#usage?.cpuSeconds ?? 0;
    // Results may arrive out of order; processor time must not decrease.
    if (usage && usage.cpuSeconds >= before) {
      this.#counters.used(this.number, usage.cpuSeconds - before);
      this.#usage = usage;
    }
    return this.#usage;
  }

  #stopIdleTimer(): void {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }

  #change(change: Partial<WorkerInfo>): void {
    this.#info = { ...this.#info, ...change };
    this.#onChange(this.#info);
  }
}
