import type { MachineInfo } from '../../shared/machines';
import { UserError, messageOf } from '../../shared/user-error';
import type { QueueOptions } from '../jobs/queue-parts';
import type { JobNeeds } from '../jobs/workers/worker-places';
import type { Preferences } from '../preferences/preferences';
import { farmPreferences, isFarmOn } from './farm-preferences';
import type { Manager, ManagerOptions } from './manager';
import { obstacleOf } from './explain-obstacle';

export interface FarmOptions extends Omit<ManagerOptions, 'settings'> {
  readonly preferences: Pick<Preferences, 'host'>;
}

export interface FarmStanding {
  /** Whether the ticket queue can be reached. */
  readonly queueUp: boolean;
  readonly machines: readonly MachineInfo[];
}

/**
 * The machines that render for this host; none unless the preferences say so.
 *
 * What concerns one machine throws UserError when this host manages no farm, or has no such machine.
 */
export interface Farm extends Pick<Manager, 'get' | 'set' | 'pause' | 'resume' | 'wake' | 'invite' | 'forget'> {
  /** Starts it, if the preferences say so; what prevents that is told to the user. */
  start(): Promise<void>;
  /** What the queue asks of it. */
  readonly forQueue: Required<Pick<QueueOptions, 'machines' | 'adopt' | 'rendersHere' | 'tags' | 'obstacle'>>;
  /** A sentence about a job that machines do not render, before it begins; null for others, and without a farm. */
  warningFor(needs: JobNeeds): Promise<string | null>;
  /** Whether frames are rendered on this machine, too. */
  rendersHere(): boolean;
  list(): MachineInfo[];
  /** The ticket queue and the machines; null where this host manages no farm. */
  standing(): FarmStanding | null;
  close(): Promise<void>;
}

/** Creates the farm of a host; its code is loaded when it is started. */
export function createFarm(options: FarmOptions): Farm {
  const settings = (): ReturnType<typeof farmPreferences> => farmPreferences(options.preferences.host());
  const rendersHere = (): boolean => !isFarmOn(settings()) || settings().renderHere;
  const tagsHere = (): readonly string[] => settings().tags;
  let manager: Manager | null = null;

  function managed(): Manager {
    if (manager) return manager;
    throw new UserError(
      isFarmOn(settings())
        ? 'The farm does not run: the preferences of the farm take effect when the host is started, which tells what is missing.'
        : 'This host manages no farm: set the preference farm.start (prefs set farm.start true), and start it again.',
    );
  }

  return {
    async start() {
      if (!isFarmOn(settings())) return;
      try {
        const { startManager } = await import('./manager');
        manager = await startManager({ ...options, settings: settings() });
      } catch (error) {
        if (!(error instanceof UserError)) options.onFault(error);
        options.notify('error', `The farm is off: ${messageOf(error)}`);
      }
    },
    forQueue: {
      machines: () => manager?.places() ?? [],
      adopt: (machine, lease) => manager?.adopt(machine, lease) ?? null,
      rendersHere,
      tags: tagsHere,
      obstacle(limits, avoided, tried) {
        const found = obstacleOf(limits, manager?.list() ?? [], rendersHere() ? tagsHere() : null, avoided, tried);
        // Without a manager no machine is known.
        return manager || found.kind === 'waits'
          ? found
          : { kind: 'waits', text: 'a machine that is not blocked for it, and for the farm to run' };
      },
    },
    warningFor: async (needs) => (await manager?.warningFor(needs)) ?? null,
    rendersHere,
    list: () => manager?.list() ?? [],
    get: (id) => managed().get(id),
    set: (id, changes) => managed().set(id, changes),
    pause: (id, after) => managed().pause(id, after),
    resume: (id) => managed().resume(id),
    wake: (id) => managed().wake(id),
    standing() {
      if (!manager && !isFarmOn(settings())) return null;
      return { queueUp: manager?.queueUp() ?? false, machines: manager?.list() ?? [] };
    },
    invite: () => managed().invite(),
    forget: (id) => managed().forget(id),
    async close() {
      await manager?.close();
    },
  };
}
