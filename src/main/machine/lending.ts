import { makeFolder } from '../data/make-folder';
import type { LendRequest, Lending } from '../../shared/lending';
import { oneAtATime } from '../../shared/one-at-a-time';
import { messageOf } from '../../shared/user-error';
import type { EngineFactory } from '../engines/engine-context';
import type { PageOpener } from '../engines/pages/page-opener';
import { idleTimeBy } from './idle-time';
import { forgetFarm, hasJoined } from './join';
import type { Machine } from './machine';
import { USUAL_CACHE_BYTES, usualName, usualWorkers } from './machine-defaults';

export interface LendingOptions {
  /** Data folder of the machine, beside that of the host in this process. */
  readonly folder: string;
  /** Data folder whose preferences its engines go by. */
  readonly preferencesFolder: string;
  /** Makes what opens its render pages; closed with them. */
  pages(): PageOpener;
  /** Folder of the built program. */
  readonly built: string;
  /** Seconds since somebody used this machine, now; undefined where its system is asked by other programs. */
  readonly idleSeconds?: (() => number) | undefined;
  readonly engines?: readonly EngineFactory[];
  onFault(error: unknown): void;
}

/** Lends this machine to a farm, beside whatever else this program does. */
export interface MachineLending {
  lending(): Lending;
  /** Joins a farm. What goes wrong is in the state that is returned. */
  join(request: LendRequest): Promise<Lending>;
  /** Comes back to the farm that it has joined before; without one nothing happens. */
  resume(): Promise<Lending>;
  /** Hands back its frames and forgets the farm. */
  leave(): Promise<Lending>;
  /** Hands back its frames, and comes back the next time. */
  close(): Promise<void>;
}

const OFF = { state: 'off', name: null, url: null, text: null, delivered: 0 } as const;

export function createMachineLending(options: LendingOptions): MachineLending {
  const { folder, preferencesFolder, built, idleSeconds, onFault } = options;
  const inTurn = oneAtATime();
  let machine: Machine | null = null;
  let state: Lending = { ...OFF, workers: usualWorkers() };
  const change = (by: Partial<Lending>): Lending => (state = { ...state, ...by });

  async function end(): Promise<void> {
    const ended = machine;
    machine = null;
    await ended?.close();
  }

  async function start(given: Partial<LendRequest>): Promise<Lending> {
    await end();
    change({ ...OFF, state: 'joining', workers: given.workers ?? state.workers });
    try {
      await makeFolder(folder, 0o700);
      // The ticket queue's client is loaded only where a machine is lent.
      const { startMachine } = await import('./machine');
      const started = await startMachine({
        dataFolder: folder,
        preferencesFolder,
        url: given.url?.trim(),
        token: given.token?.trim(),
        name: usualName(),
        workers: state.workers,
        cacheLimit: USUAL_CACHE_BYTES,
        roots: [],
        ...(idleSeconds ? { idleTime: () => Promise.resolve(idleTimeBy(idleSeconds)) } : {}),
        pages: options.pages(),
        built,
        ...(options.engines ? { engines: options.engines } : {}),
        onState: (text) => change({ text }),
        onFrame: (_ticket, failure) => failure === null && change({ delivered: state.delivered + 1 }),
        onFault,
      });
      machine = started;
      const { name, url } = started.identity;
      void started.dismissed.then((why) =>
        inTurn(async () => {
          if (machine !== started) return;
          await end();
          // It was taken out of the farm on the manager: there is nothing to come back to.
          await forgetFarm(folder);
          change({ ...OFF, state: 'failed', text: why });
        }),
      );
      return change({ state: 'lent', name, url });
    } catch (error) {
      return change({ ...OFF, state: 'failed', text: messageOf(error) });
    }
  }

  return {
    lending: () => state,
    join: (request) => inTurn(() => start(request)),
    resume: () => inTurn(async () => (hasJoined(folder) ? start({}) : state)),
    leave: () =>
      inTurn(async () => {
        await end();
        await forgetFarm(folder);
        return change(OFF);
      }),
    close: () => inTurn(end),
  };
}
