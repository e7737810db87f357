import { randomInt } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { JoinAnswer, JoinRequest, QueueAccess } from '../../shared/farm';
import type { Invitation, MachineChanges, MachineInfo, MachineSettings } from '../../shared/machines';
import { UserError } from '../../shared/user-error';
import { makePrivateFolder } from '../data/private-files';
import { createDisposableStore } from '../disposable-store';
import type { EngineRegistry } from '../engines/engine-registry';
import type { FrameTries } from '../jobs/store/frame-tries';
import type { RenderCounters } from '../jobs/render-counters';
import type { Adopt, JobNeeds, WorkerPlace } from '../jobs/workers/worker-places';
import { ownCertificate } from './certificate';
import { watchCertificate } from './certificate-watch';
import type { FarmPreferences } from './farm-preferences';
import { startFarmServer } from './farm-server';
import { type StoredMachine, openMachineStore } from './machine-store';
import { MachinePlaces } from './machine-places';
import { openRoots } from './manager-roots';
import { Machines } from './machines';
import { openQueueEngine, TICKET_QUEUE } from './queue-engine';
import { createSceneManifests } from './scene-manifest';
import { type ServedCertificate, readCertificate, servedOwn } from './served-certificate';
import type { TicketQueue } from './ticket-queue';
import { Tickets } from './tickets';
import { wakeOnLan } from './wake-on-lan';

const SUPERSEDED =
  'Another manager of this farm was started after this one, perhaps from a copy of its data folder: this one hands out no more frames. End one of them; a manager that is started takes the farm over.';

const AWAY = 'The farm’s ticket queue is away: machines get no frames until it can be reached again.';

export interface ManagerOptions {
  readonly dataFolder: string;
  readonly settings: FarmPreferences;
  readonly engines: Pick<EngineRegistry, 'byId'>;
  readonly tries: Pick<FrameTries, 'interrupted' | 'lastLease' | 'continueLeases'>;
  readonly counters: Pick<RenderCounters, 'leaseLost' | 'deliveryRefused' | 'delivered'>;
  /** The machines that take frames have changed. */
  onChange(): void;
  /** What clients see of the machines has changed. */
  onList(machines: MachineInfo[]): void;
  /** Tells the user. @param topic by which it is settled */
  notify(level: 'warning' | 'error', text: string, topic?: string): void;
  /** The cause of what was told is gone. */
  settle(topic: string): void;
  log(text: string): void;
  onFault(error: unknown): void;
}

/** A farm that runs. */
export interface Manager {
  places(): readonly WorkerPlace[];
  readonly adopt: Adopt;
  /** As {@link MachinePlaces.warningFor}. */
  warningFor(needs: JobNeeds): Promise<string | null>;
  list(): MachineInfo[];
  /** @throws UserError when there is no such machine, as the others */
  get(id: string): MachineInfo;
  set(id: string, changes: MachineChanges): MachineInfo;
  /** Gives a machine no more frames. @param after `now`: those in work are rendered by others; `frame`: it finishes them */
  pause(id: string, after: 'now' | 'frame'): MachineInfo;
  resume(id: string): MachineInfo;
  /** Sends magic packets to a machine. @throws UserError when its hardware address is unknown, or none could be sent */
  wake(id: string): Promise<MachineInfo>;
  /** Whether the ticket queue can be reached. */
  queueUp(): boolean;
  invite(): Invitation;
  forget(id: string): Promise<{ id: string; name: string }>;
  close(): Promise<void>;
}

/**
 * Starts the manager's side of a farm: its ticket queue and its server for machines.
 *
 * @throws UserError when the ticket queue can't be used, or the address not be bound
 */
export async function startManager(options: ManagerOptions): Promise<Manager> {
  const { settings, engines, tries, counters, onChange, onList, notify, settle, log, onFault } = options;
  const held = createDisposableStore(onFault);
  try {
    const folder = join(options.dataFolder, 'farm');
    makePrivateFolder(folder);
    const store = held.add(openMachineStore(join(folder, 'machines.sqlite')));
    if (store.notice !== null) notify('warning', store.notice);
    const certificate = await ownCertificate(folder);
    const files = settings.certificate;
    let served = files ? await readCertificate(files) : servedOwn(certificate);
    const engine = held.add(await openQueueEngine({ folder, settings, certificate, notify }));

    const roots = openRoots(settings.roots, certificate.key, {
      notify,
      settle,
      onOpen() {
        // Which of them see it shows by what they have told before.
        for (const { id } of store.list()) machines.changed(id);
        places.rootsChanged();
      },
    });
    const machines: Machines = held.add(
      new Machines({
        isProved: roots.isProved,
        stored: store.list,
        find: store.get,
        framesOf: (id) => tickets.countOf(id),
        unfitFor: (id) => places.unfitFor(id),
        voidLeases: (id, leases) => tickets.voidLeases(id, leases),
        onChange: machinesChanged,
        onHandBack: (id, why) => tickets.loseAll(id, why),
        onList,
      }),
    );
    const places: MachinePlaces = new MachinePlaces({
      engines,
      machines,
      scenes: createSceneManifests(),
      roots,
      tickets: () => tickets,
      open: () => queue.connected,
      onChange,
      onUnfit: () => machines.touch(),
    });
    const tickets: Tickets = held.add(
      new Tickets({
        machines,
        queue: () => queue,
        adoptable: tries
          .interrupted()
          .flatMap(({ lease, machine, journal }) => (machine !== null && journal === null ? [lease] : [])),
        onCount: () => machines.touch(),
        onLost({ frame, lease }, { name }, why) {
          counters.leaseLost(name);
          log(`frame ${frame} (lease ${lease}) is handed out again: ${why}`);
        },
        onDelivered: ({ name }, bytes) => counters.delivered(name, bytes),
        onFault,
      }),
    );
    const { claimEpoch } = await import('./bullmq/epoch');
    const epoch = await claimEpoch(engine.endpoint, certificate.fingerprint, epochOf(tries.lastLease) + 1);
    tries.continueLeases(firstLeaseOf(epoch));
    let superseded = false;
    const { openTicketQueue } = await import('./bullmq/bullmq-ticket-queue');
    const queue: TicketQueue = held.add(
      openTicketQueue({
        endpoint: engine.endpoint,
        epoch: { farm: certificate.fingerprint, number: epoch },
        users: store.list,
        onStalled: (id, lease) => tickets.stalled(id, lease),
        onConnection: connectionChanged,
        maxMemory: engine.maxMemory,
        onBusy: engine.busy,
        onSuperseded() {
          superseded = true;
          settle(TICKET_QUEUE);
          notify('error', SUPERSEDED);
          tickets.loseEvery('Another manager has taken over.');
        },
        onFault,
      }),
    );
    for (const machine of store.list()) await queue.admit(machine);

    /** @param id of the only one that has changed */
    function machinesChanged(id?: string): void {
      places.changed(id);
      tickets.check(id);
      onChange();
    }

    function connectionChanged(connected: boolean): void {
      if (!connected && !superseded) notify('warning', AWAY, TICKET_QUEUE);
      if (connected) settle(TICKET_QUEUE);
      machinesChanged();
    }

    function stored(id: string): StoredMachine {
      const machine = store.get(id);
      if (!machine) throw new UserError(`There is no machine ${id}.`, 'not-found');
      return machine;
    }

    const get = (id: string): MachineInfo => machines.get(stored(id).id)!;

    function set(id: string, change: Partial<MachineSettings>): MachineInfo {
      store.set(stored(id).id, change);
      machines.changed(id);
      return get(id);
    }

    async function admit({ secret, name, version, tags }: JoinRequest): Promise<JoinAnswer | null> {
      const machine = store.join(secret, { name, version, tags }, Date.now());
      if (!machine) return null;
      try {
        await queue.admit(machine);
      } catch (error) {
        store.forget(machine.id);
        throw error;
      }
      log(`machine ${machine.id} has joined as ${machine.name}`);
      const access: QueueAccess = { ...engine.access(machine.id), password: machine.queuePassword };
      return { id: machine.id, name: machine.name, token: machine.token, queue: access };
    }

    const server = held.add(
      await startFarmServer({
        listen: settings.listen,
        certificate: served,
        join: admit,
        machineWith: store.withToken,
        hear(machine, presence, address) {
          store.setMacs(machine.id, presence.macs, performance.now());
          return machines.hear(machine, presence, address);
        },
        tickets,
        counters,
        roots: roots.offers,
        onFault,
      }),
    );
    const url = (): string => `https://${served.hostName(reachableHost(settings.listen.host))}:${server.port}`;
    log(`the farm listens at ${url()}`);
    if (files) {
      const onRenewed = (renewed: ServedCertificate): void => {
        served = renewed;
        server.show(renewed);
        log(`the farm shows the certificate in ${files.certificate} as it is now`);
      };
      held.add(watchCertificate({ files, served, onRenewed, notify, settle, onFault }));
    }

    return {
      places: () => places.list(),
      warningFor: (needs) => places.warningFor(needs, settings.renderHere),
      adopt(name, lease) {
        const machine = store.list().find((stored) => stored.name === name);
        if (!machine || !tickets.mayAdopt(lease)) {
          tickets.forgo(lease);
          return null;
        }
        return { place: places.adopting(machine, lease), giveUp: () => tickets.forgo(lease) };
      },
      list: () => machines.list(),
      get,
      set,
      pause(id, after) {
        const { name } = set(id, { paused: true });
        if (after === 'now') tickets.loseAll(id, `“${name}” was paused.`);
        return get(id);
      },
      resume: (id) => set(id, { paused: false }),
      async wake(id) {
        const { name, macs } = stored(id);
        if (macs.length === 0)
          throw new UserError(`The hardware address of “${name}” is not known: it tells it when it is heard from.`);
        await wakeOnLan(macs);
        return get(id);
      },
      queueUp: () => queue.connected,
      invite() {
        const { secret, expiresAt } = store.invite(Date.now());
        const token = `${secret}.${served.pin}`;
        const at = url();
        return { url: at, token, command: `framegauge machine --join ${at} --token ${token}`, expiresAt };
      },
      async forget(id) {
        const { name } = stored(id);
        store.forget(id);
        machines.forget(id);
        tickets.loseAll(id, `“${name}” was taken out of the farm.`);
        server.forget(id);
        // A queue that is away does it when it is reached again.
        await queue.expel(id).catch((error: unknown) => queue.connected && onFault(error));
        return { id, name };
      },
      close: held.close,
    };
  } catch (error) {
    await held.close();
    throw error;
  }
}

/** Leases of one epoch, at most: 2³² leave room for 2²⁰ epochs below the highest lease. */
const LEASES_PER_EPOCH = 2 ** 32;

function epochOf(lease: number): number {
  return Math.floor(lease / LEASES_PER_EPOCH);
}

/**
 * Where the leases of an epoch begin: never twice at the same number, since a restored backup brings back an epoch that
 * may have been used after it was made.
 */
function firstLeaseOf(epoch: number): number {
  return epoch * LEASES_PER_EPOCH + randomInt(LEASES_PER_EPOCH / 2);
}

/** The host name or address by which other machines reach this one. */
function reachableHost(listen: string): string {
  if (!['0.0.0.0', '::'].includes(listen)) return listen.includes(':') ? `[${listen}]` : listen;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname();
}
