import type { EngineId } from '../../../shared/scene';
import { messageOf } from '../../../shared/user-error';
import type { WorkerInfo } from '../../../shared/workers';
import type { RenderEngine, Worker, WorkerUsage } from '../../engines/render-engine';
import type { RenderCounters } from '../render-counters';
import { BackoffSlots } from './backoff-slots';
import { WorkerReplacements } from './replace-worker';
import { type JobNeeds, NO_MACHINES, type OtherMachines, type WorkerPlace, WorkerPlaces } from './worker-places';
import { type WorkerKind, WorkerSlot, newInfo } from './worker-slot';

export interface WorkerPoolOptions {
  engine(id: EngineId): RenderEngine;
  /** Machines beside this one; none by default. */
  readonly machines?: OtherMachines;
  readonly counters: RenderCounters;
  /**
   * A worker changed; `reason` says why it backs off.
   *
   * @param gone why it is gone or could not be started; null while it exists
   */
  onChange(slot: WorkerInfo, gone: string | null): void;
  /** A worker has started, or a slot became free. */
  onReady(): void;
  /** A worker could not be started for a job. @param others workers of its kind that are alive */
  onStartFailed(jobId: number, slot: number, others: number, error: unknown): void;
}

/** Starts workers on demand, keeps them with their scene loaded, stops idle ones, and lets slots back off. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  /** Where workers may be started. */
  readonly places: WorkerPlaces;
  readonly #slots = new Map<number, WorkerSlot>();
  /** Slots that get no worker for a while. */
  readonly backoff = new BackoffSlots((info) => this.#backoffOver(info));
  readonly #replacements: WorkerReplacements;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#replacements = new WorkerReplacements({ ...options, slots: this.#slots, backoff: this.backoff });
    this.places = new WorkerPlaces(options.machines ?? (() => []), ({ engine, setup }) =>
      options.engine(engine).startWorker(setup),
    );
  }

  list(): WorkerInfo[] {
    const workers = this.#all().map(({ info }) => info);
    const empty = this.backoff.infos().filter(({ slot }) => !this.#slots.has(slot));
    return [...workers, ...empty].sort((a, b) => a.slot - b.slot);
  }

  /** Number of workers on this machine, including those starting or stopping. */
  living(): number {
    return this.#here().length;
  }

  /** Number of workers on this machine that have rendered no frame yet. */
  young(): number {
    return this.#here().filter(({ info, state }) => info.framesDone === 0 && state !== 'stopping').length;
  }

  /** Slots of idle workers for a job, those with its scene loaded first. */
  idle(needs: JobNeeds, reserved = NO_MACHINES): number[] {
    const loaded = ({ info }: WorkerSlot): number => Number(info.scene === needs.scene);
    return this.#fitting(needs)
      .filter(({ state, machine }) => state === 'idle' && !reserved.has(machine))
      .sort((a, b) => loaded(b) - loaded(a) || a.number - b.number)
      .map(({ number }) => number);
  }

  /** Whether a frame that failed on a worker can be retried on another. */
  hasOther(slotNumber: number, needs: JobNeeds): boolean {
    return this.#fitting(needs).some(({ number, state }) => number !== slotNumber && state !== 'stopping');
  }

  /** Whether another job could get a worker now. @param here maximum number of workers alive on this machine */
  hasRoom(needs: JobNeeds, here: number, reserved = NO_MACHINES): boolean {
    const open = this.places.openTo(needs, here, reserved);
    return open.withRoom(this.#taken()) !== null || open.idle(this.#all()) !== null;
  }

  /** Takes an idle worker for one frame. @throws Error when it is not idle */
  take(slotNumber: number, scene: string, jobId: number, frame: number): Worker {
    const slot = this.#slots.get(slotNumber);
    if (!slot) throw new Error(`There is no worker ${slotNumber}.`);
    return slot.take(scene, jobId, frame);
  }

  /**
   * Returns a worker after a frame. If it is gone, its slot may hold another one, which is left alone.
   *
   * @param done whether the frame's image was delivered
   */
  release(slotNumber: number, worker: Worker, done: boolean): void {
    const slot = this.#slots.get(slotNumber);
    if (slot?.worker !== worker || slot.state !== 'rendering') return;
    slot.makeIdle(done ? 1 : 0);
    if (this.backoff.has(slotNumber)) void slot.stop();
  }

  /**
   * Starts missing workers where there is room; `onReady` is called as each becomes available.
   *
   * @param missing number of workers needed beside the idle ones
   * @param claimed number of starting workers that other jobs have claimed
   * @param here maximum number of workers alive on this machine
   * @returns whether enough will come; otherwise every slot is taken
   */
  want(needs: JobNeeds, job: number, missing: number, claimed: number, here: number, reserved = NO_MACHINES): boolean {
    if (this.#closed) return false;
    const open = this.places.openTo(needs, here, reserved);
    const leaving = this.#all().filter(({ givesWay }) => givesWay).length;
    let coming = this.#fitting(needs).filter(({ state }) => state === 'starting').length + leaving - claimed;
    // While one is stopped for a better-ranked job, nobody takes its slot: that job may allow fewer workers at once,
    // and would never find room.
    const most = leaving === 0 ? missing : coming;
    const taken = this.#taken();
    for (let place = open.withRoom(taken); place && coming < most; place = open.withRoom(taken), coming++) {
      void this.startAt(needs, job, place);
      taken.set(place.machine, (taken.get(place.machine) ?? 0) + 1);
    }
    for (; coming < missing; coming++) {
      // All slots are taken: an idle worker of another engine or setup is stopped, and `onReady` is called when its
      // slot is free.
      const idle = open.idle(this.#all(), needs);
      if (!idle) return false;
      idle.givesWay = true;
      void idle.stop();
    }
    return true;
  }

  /** Stops a slot's worker after its current frame, and starts none in the slot for a while. */
  backOff(slotNumber: number, jobId: number, engine: EngineId, milliseconds: number, why: string): void {
    if (this.#closed || this.backoff.has(slotNumber)) return;
    const slot = this.#slots.get(slotNumber);
    const info: WorkerInfo = {
      ...newInfo(slotNumber, engine, this.places.ownerOf(slotNumber)),
      state: 'resting',
      framesDone: slot?.info.framesDone ?? 0,
      reason: `backs off for ${milliseconds / 1000} s: ${why}`,
    };
    this.backoff.add(info, jobId, milliseconds);
    if (slot?.state === 'rendering') return;
    if (slot) void slot.stop();
    else this.#options.onChange(info, null);
  }

  /** Resource usage of each live worker, by slot; null where unavailable. */
  async usage(): Promise<ReadonlyMap<number, WorkerUsage | null>> {
    const read = await Promise.all(this.#all().map(async (slot) => [slot, await slot.usage()] as const));
    // Without those that ended meanwhile: the slot may have another one.
    const live = read.filter(([slot]) => this.#slots.get(slot.number) === slot);
    return new Map(live.map(([{ number }, usage]) => [number, usage]));
  }

  /** Ends every worker. */
  async close(): Promise<void> {
    this.#closed = true;
    this.backoff.close();
    await Promise.all(this.#all().map((slot) => slot.stop()));
  }

  /** Stops idle workers of this machine above a lowered limit. */
  trim(limit: number): void {
    const extra = Math.max(0, this.#here().length - limit);
    const idle = this.#here().filter(({ state }) => state === 'idle');
    for (const slot of idle.slice(0, extra)) void slot.stop();
  }

  #all(): WorkerSlot[] {
    return [...this.#slots.values()];
  }

  /** Workers that can render a job's frames. */
  #fitting(needs: JobNeeds): WorkerSlot[] {
    const machines = new Set(this.places.machinesFor(needs));
    return this.#all().filter((slot) => slot.isOf(needs) && machines.has(slot.machine));
  }

  #here(): WorkerSlot[] {
    return this.#all().filter(({ machine }) => machine === null);
  }

  /** Number of each machine's slots that are taken, by workers or by backoff. */
  #taken(): Map<string | null, number> {
    const taken = new Map<string | null, number>();
    for (const { machine = null } of this.list()) taken.set(machine, (taken.get(machine) ?? 0) + 1);
    return taken;
  }

  /** @param onIdle called in the turn in which the worker becomes available; by default anybody may take it then */
  async startAt(
    kind: WorkerKind,
    jobId: number,
    place: WorkerPlace,
    onIdle: (slot: number) => void = this.#options.onReady,
  ): Promise<void> {
    const { counters, onChange, onStartFailed } = this.#options;
    const number = this.places.number(place.machine, (one) => this.#slots.has(one) || this.backoff.has(one));
    const slot = new WorkerSlot(number, kind, counters, place.machine);
    this.#slots.set(number, slot);
    slot.follow((info) => onChange(info, null));
    let worker: Worker;
    try {
      worker = await place.startWorker(kind);
    } catch (error) {
      this.#slots.delete(number);
      onChange({ ...slot.info, state: 'stopping' }, messageOf(error));
      const others = this.#all().filter((one) => one.isOf(kind) && one.worker && one.state !== 'stopping').length;
      if (!this.#closed) onStartFailed(jobId, number, others, error);
      return;
    }
    slot.worker = worker;
    this.#replacements.started(slot, worker);
    if (this.#closed || this.backoff.has(number)) {
      await slot.stop();
      return;
    }
    slot.makeIdle(0);
    onIdle(number);
  }

  #backoffOver(info: WorkerInfo): void {
    if (!this.#slots.has(info.slot))
      this.#options.onChange({ ...info, state: 'stopping', reason: undefined }, 'its backoff is over');
    if (!this.#closed) this.#options.onReady();
  }
}
