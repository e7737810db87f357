import { Queue, Worker, createRedisBackend } from 'bullmq';
import type { Ticket } from '../../../shared/farm';
import { shareNext } from '../../../shared/share-next';
import type { RedisEndpoint } from '../redis-endpoint';
import type { QueueUser, TicketPlace, TicketQueue, TicketQueueEvents } from '../ticket-queue';
import { LOCK_DURATION, PREFIX, STALL_CHECK, cancelChannel, connect, isBusy, jobIdOf, leaseOf } from './connection';
import { type Epoch, holdsEpoch } from './epoch';
import { deleteKeys, dropMachine, grantAccess, grantedMachines, revokeAccess } from './machine-access';

/** Interval between looks whether another manager has taken over, in milliseconds. */
const EPOCH_CHECK = 5_000;
/** Number of a queue's events that are kept: nobody reads them. */
const MAX_EVENTS = 10;
/** Maximum number of leases that are kept since a machine worked on their tickets when these were withdrawn. */
const MAX_WITHDRAWN = 1_000;

/** The queue of one machine. */
interface MachineQueue {
  readonly queue: Queue<Ticket>;
  /** Only finds tickets whose machine has died: nobody else does that for a machine that is gone. */
  readonly sweeper: Worker<Ticket>;
}

export interface BullMqTicketQueueOptions extends TicketQueueEvents {
  readonly endpoint: RedisEndpoint;
  readonly epoch: Epoch;
  /** The admitted machines: whenever a connection is made they get their access, since the server may be a new one. */
  users(): readonly QueueUser[];
  /** A manager of a later epoch has taken over: from now on this one is not connected. */
  onSuperseded(): void;
  /**
   * Limit of the server's data, in its words, for what machines put there; null to set none. A server that was full when
   * it ended starts without one, so that a manager can begin, and end the access of who filled it.
   */
  readonly maxMemory: string | null;
  /** A script has kept the server from everything else for seconds, perhaps for ever: only its end helps. */
  onBusy(): void;
  onFault(error: unknown): void;
  /** Interval between looks whether another manager has taken over, in milliseconds. */
  readonly epochCheck?: number;
}

/** Opens the manager's side of the ticket queue: BullMQ on Redis or Valkey, a queue for each machine. */
export function openTicketQueue(options: BullMqTicketQueueOptions): TicketQueue {
  const { endpoint, epoch, users, maxMemory, onStalled, onConnection, onSuperseded, onBusy, onFault } = options;
  const { epochCheck: interval = EPOCH_CHECK } = options;
  const redis = connect(endpoint, 'fail');
  const patient = connect(endpoint, 'wait');
  const queues = new Map<string, MachineQueue>();
  const undrained = new Set<string>();
  /** Leases withdrawn while a machine worked on their tickets, oldest first. */
  const withdrawn = new Set<number>();
  /** Machines whose end a busy server has refused. */
  const unexpelled = new Set<string>();
  let connected = false;
  let closed = false;
  let superseded = false;
  const epochCheck = setInterval(() => void (connected && look().catch(failed)), interval);
  epochCheck.unref();

  // Their other failures show in the connection's state, and in the commands that fail.
  for (const connection of [redis, patient]) connection.on('error', (error) => isBusy(error) && tellBusy());
  redis.on('ready', () => void reached().catch(failed));
  redis.on('close', () => setConnected(false));

  async function reached(): Promise<void> {
    if (!(await isCurrent())) return;
    if (maxMemory !== null) await redis.config('SET', 'maxmemory', maxMemory);
    // One whose keys are not as BullMQ leaves them is in nobody else's way.
    for (const user of users()) await prepare(user).catch(failed);
    if (redis.status !== 'ready') return;
    setConnected(true);
    // Forgotten while the server was away, perhaps by an earlier manager.
    const known = new Set(users().map(({ id }) => id));
    for (const id of await grantedMachines(redis, epoch.farm)) if (!known.has(id)) await expel(id);
  }

  /** Whether no later manager has taken over. */
  async function isCurrent(): Promise<boolean> {
    if (!superseded && !(await holdsEpoch(redis, epoch)) && !superseded) {
      superseded = true;
      onSuperseded();
      setConnected(false);
    }
    return !superseded;
  }

  /** As {@link isCurrent}, of a question asked after the call; those who ask meanwhile share the next one. */
  const sharedLook = shareNext<boolean>();

  async function look(): Promise<void> {
    if (!(await isCurrent())) return;
    for (const id of unexpelled) await expel(id);
  }

  async function prepare(user: QueueUser): Promise<void> {
    await grantAccess(redis, epoch.farm, user);
    // Tickets of an earlier manager: their leases are void.
    if (undrained.has(user.id)) await queueOf(user.id).drain();
    undrained.delete(user.id);
  }

  function setConnected(now: boolean): void {
    if (connected === now || closed) return;
    connected = now;
    onConnection(now);
  }

  /** A command fails when the connection is lost, which `onConnection` tells. */
  function failed(error: unknown): void {
    if (isBusy(error)) tellBusy();
    else if (!closed && redis.status === 'ready') onFault(error);
  }

  function tellBusy(): void {
    if (!closed) onBusy();
  }

  function queueOf(id: string): Queue<Ticket> {
    const found = queues.get(id);
    if (!found) throw new Error(`Machine ${id} has no queue.`);
    return found.queue;
  }

  function open(id: string): MachineQueue {
    const queue = new Queue<Ticket>(id, {
      connection: redis,
      prefix: PREFIX,
      streams: { events: { maxLen: MAX_EVENTS } },
    });
    const options = {
      connection: patient,
      prefix: PREFIX,
      autorun: false,
      lockDuration: LOCK_DURATION,
      stalledInterval: STALL_CHECK,
      maxStalledCount: 0,
    };
    // It takes no tickets, for which each would open a further connection: a thousand machines, a thousand of them.
    const sweeper = new Worker<Ticket>(id, null, options, (name, opts) => createRedisBackend(name, opts));
    queue.on('error', failed);
    sweeper.on('error', failed);
    sweeper.on('stalled', (jobId) => void stalled(id, jobId).catch(failed));
    void sweeper.startStalledCheckTimer();
    return { queue, sweeper };
  }

  /** BullMQ puts such a ticket back into its queue, where a lease has no second life. A machine may name any, and many. */
  async function stalled(id: string, jobId: string): Promise<void> {
    const lease = leaseOf(jobId);
    if (lease !== null && (onStalled(id, lease) || withdrawn.delete(lease))) await remove(id, lease);
  }

  /**
   * @returns false where a machine works on it. What its machine has written as its children is left alone: those may be
   * any keys of the server.
   */
  async function remove(id: string, lease: number): Promise<boolean> {
    return (await queueOf(id).remove(jobIdOf(lease), { removeChildren: false })) === 1;
  }

  async function closeQueue({ queue, sweeper }: MachineQueue): Promise<void> {
    await sweeper.close(true).catch(failed);
    await queue.close().catch(failed);
  }

  /** What fails before its end is done again. */
  async function expel(id: string): Promise<void> {
    try {
      await revokeAccess(redis, id);
      const found = queues.get(id);
      if (found) await closeQueue(found);
      queues.delete(id);
      await deleteKeys(redis, id);
      await dropMachine(redis, epoch.farm, id);
      unexpelled.delete(id);
    } catch (error) {
      if (!isBusy(error)) throw error;
      unexpelled.add(id);
      tellBusy();
    }
  }

  return {
    get connected() {
      return connected;
    },
    async admit(user) {
      queues.set(user.id, open(user.id));
      undrained.add(user.id);
      // Otherwise it is prepared once there is a connection.
      if (connected) await prepare(user);
    },
    expel,
    async put(id, ticket) {
      if (!(await sharedLook('epoch', isCurrent))) throw new Error('Another manager has taken over.');
      await queueOf(id).add('frame', ticket, {
        jobId: jobIdOf(ticket.lease),
        attempts: 1,
        removeOnComplete: true,
        removeOnFail: true,
      });
    },
    async withdraw(id, lease) {
      await redis.publish(cancelChannel(id), String(lease));
      // Refused where a machine works on it: that ends with the lease, which is void, or it stalls.
      if (await remove(id, lease).catch(() => true)) return;
      withdrawn.add(lease);
      if (withdrawn.size > MAX_WITHDRAWN) withdrawn.delete(withdrawn.values().next().value!);
    },
    async placeOf(id, lease) {
      const state = await queueOf(id).getJobState(jobIdOf(lease));
      const places: Readonly<Record<string, TicketPlace>> = { active: 'active', waiting: 'waiting' };
      return places[state] ?? 'gone';
    },
    async close() {
      closed = true;
      clearInterval(epochCheck);
      for (const queue of queues.values()) await closeQueue(queue);
      redis.disconnect();
      patient.disconnect();
    },
  };
}
