import { randomUUID } from 'node:crypto';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import {
  MAX_MACS,
  PRESENCE_INTERVAL,
  PRESENCE_TIMEOUT,
  type Presence,
  type PresenceAnswer,
  type Ticket,
  presenceAnswerSchema,
} from '../../shared/farm';
import type { Root } from '../../shared/root-paths';
import { unbracketed } from '../../shared/host-names';
import { UserError, messageOf } from '../../shared/user-error';
import { lockDataFolder } from '../data/data-lock';
import { createDisposableStore } from '../disposable-store';
import type { EngineFactory } from '../engines/engine-context';
import { ENGINES } from '../engines/engine-list';
import { type EngineRegistry, createEngineRegistry } from '../engines/engine-registry';
import type { PageOpener } from '../engines/pages/page-opener';
import type { TicketSource } from '../farm/ticket-queue';
import { hardwareAddresses } from '../farm/wake-on-lan';
import { openPreferences } from '../preferences/preferences';
import { VERSION } from '../version';
import { startEngineServer } from './engine-server';
import { RefusedError, createFarmClient } from './farm-client';
import { type Identity, type JoinOptions, farmFolder, identityOf } from './join';
import { type IdleTime, watchIdleTime } from './idle-time';
import { serveMachineMetrics } from './machine-metrics';
import type { MetricsAddress } from './metrics-address';
import { createLentWorkers } from './lent-workers';
import { createTicketRunner } from './run-ticket';
import { openMachineRoots } from './machine-roots';
import { openSceneCache } from './scene-cache';

export interface MachineOptions extends JoinOptions {
  /** Number of workers that it lends. */
  readonly workers: number;
  /** Bytes that copies of scenes may take. */
  readonly cacheLimit: number;
  /** Where it serves metrics of its process; nowhere by default. */
  readonly metrics?: MetricsAddress | undefined;
  /** Folders that the manager sees, too. */
  readonly roots: readonly Root[];
  readonly pages: PageOpener;
  /** Data folder whose preferences its engines go by; its own by default. */
  readonly preferencesFolder?: string;
  /** Folder of the built program. */
  readonly built: string;
  /** Render engines; defaults to every engine of the program. */
  readonly engines?: readonly EngineFactory[];
  /** Tells how long nobody has used it; by default as its system does. */
  readonly idleTime?: () => Promise<IdleTime>;
  /** What changes between it and the manager, as a sentence. */
  onState(text: string): void;
  /** A frame has ended. @param failure as a sentence; null when it was delivered */
  onFrame(ticket: Ticket, failure: string | null): void;
  onFault(error: unknown): void;
}

/** This machine, as part of a farm. */
export interface Machine {
  readonly identity: Pick<Identity, 'id' | 'name' | 'url'>;
  /** Engines that it lends workers of. */
  readonly engines: readonly string[];
  /** Settles when it was taken out of the farm. */
  readonly dismissed: Promise<string>;
  /** Gives up its frames, which others render, and ends its workers. Idempotent. */
  close(): Promise<void>;
}

/**
 * Lends this machine's workers to the manager of a farm.
 *
 * @throws UserError when it can't join, or none of its engines works
 */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { dataFolder, workers: limit, pages, built, onState, onFrame, onFault } = options;
  const held = createDisposableStore(onFault);
  try {
    const unlock = lockDataFolder(dataFolder);
    if (!unlock)
      throw new UserError(
        `Another Framegauge uses the data folder ${dataFolder}: give this machine one of its own with --data.`,
      );
    held.defer(unlock);
    const identity = await identityOf(options);
    const client = held.add(createFarmClient(identity.url, identity.certificate, identity.token));
    const scenes = held.add(
      await openSceneCache({ folder: join(farmFolder(dataFolder), 'cache'), client, limit: options.cacheLimit }),
    );
    const roots = held.add(await openMachineRoots(options.roots, client, onState));
    const metrics = options.metrics ? held.add(await serveMachineMetrics(options.metrics)) : null;
    const preferences = await openPreferences(options.preferencesFolder ?? dataFolder);
    let url = '';
    const engines = held.add(
      createEngineRegistry(
        (options.engines ?? ENGINES).map((create) =>
          create({
            preferences: preferences.host,
            // A scene may refer to files beside its folder, which lie in its copy or on its root.
            access: () => ({
              folders: [scenes.scenes, ...options.roots.map(({ path }) => path)],
              dataFolder,
              uploads: scenes.scenes,
            }),
            pages,
            built,
            baseUrl: () => url,
          }),
        ),
      ),
    );
    let offered = await enginesOf(engines);
    if (offered.problem !== null) throw new UserError(offered.problem);
    const server = held.add(await startEngineServer(engines.routes, onFault));
    url = server.url;
    const workers = held.add(createLentWorkers(engines, limit));
    const runner = await createTicketRunner({
      client,
      scenes,
      roots,
      workers,
      folder: join(farmFolder(dataFolder), 'frames'),
      onEnd(ticket, failure) {
        onFrame(ticket, failure);
        // A program may be another one by now, or gone.
        if (failure !== null) void enginesOf(engines).then((now) => (offered = now), onFault);
      },
    });

    // Nothing may be awaited from the first connection on: it is told at once.
    const idle = held.add(await (options.idleTime ?? watchIdleTime)());
    const { host, port, tls, username, password } = identity.queue;
    const ca = identity.queue.certificate ?? identity.certificate ?? undefined;
    const { openTicketSource } = await import('../farm/bullmq/bullmq-ticket-source');
    const source: TicketSource = openTicketSource({
      endpoint: {
        host: host ?? unbracketed(new URL(identity.url).hostname),
        port,
        username,
        password,
        tls: tls === 'none' ? null : tls === 'manager' ? { ca } : {},
      },
      id: identity.id,
      workers: limit,
      run: runner.run,
      onConnection: () => void tell(),
      onFault,
    });

    const session = randomUUID();
    let dismiss: (why: string) => void = () => undefined;
    const dismissed = new Promise<string>((resolve) => (dismiss = resolve));
    let state: string | null = null;
    const changed = (now: string): void => {
      if (state !== now) onState(now);
      state = now;
    };

    const presence = (queue: boolean): Presence => ({
      session,
      version: VERSION,
      workers: limit,
      engines: offered.usable,
      installations: offered.installations,
      roots: [...roots.seen()],
      queue,
      leases: runner.leases(),
      idleSeconds: idle.seconds,
      utcOffset: -new Date().getTimezoneOffset(),
      macs: hardwareAddresses().slice(0, MAX_MACS),
      metrics: metrics?.served ?? null,
      memory: { usedBytes: totalmem() - freemem(), totalBytes: totalmem() },
    });
    const send = (told: Presence): Promise<PresenceAnswer> =>
      client.ask('PUT', '/presence', told, presenceAnswerSchema, { signal: AbortSignal.timeout(PRESENCE_TIMEOUT) });

    let telling = false;
    async function tell(): Promise<void> {
      if (telling) return;
      telling = true;
      try {
        const answer = await send(presence(source.connected));
        for (const lease of answer.void) source.giveUp(lease);
        roots.proved(answer.roots);
        if (answer.refusal !== null) changed(answer.refusal);
        else changed(source.connected ? 'The manager hands out frames to it.' : 'The ticket queue cannot be reached.');
      } catch (error) {
        if (error instanceof RefusedError && error.status === 401) dismiss(error.message);
        else changed(`The manager cannot be reached (${messageOf(error)}).`);
      } finally {
        telling = false;
      }
    }
    // The last thing the manager hears of it, so that it hands out no more frames.
    held.defer(() => send(presence(false)).catch(() => undefined));
    held.defer(() => source.close());
    held.defer(runner.stop);
    const timer = setInterval(() => void tell(), PRESENCE_INTERVAL);
    held.defer(() => clearInterval(timer));
    await tell();

    return { identity, engines: offered.usable, dismissed, close: held.close };
  } catch (error) {
    await held.close();
    throw error;
  }
}

/** Engines that work here and render for others, and their programs. */
interface Offered {
  readonly usable: string[];
  readonly installations: Presence['installations'];
  /** Why there are none, as a sentence; null where there are some. */
  readonly problem: string | null;
}

async function enginesOf(engines: EngineRegistry): Promise<Offered> {
  const found = await engines.list(false);
  const working = found.filter(({ engine, problem }) => problem === null && engines.byId.get(engine)?.portable);
  const usable = [...engines.byId.keys()].filter((id) => working.some(({ engine }) => engine === id));
  const installed = working.filter(({ engine }) => !engines.byId.get(engine)!.builtIn);
  const why = found.find(({ problem }) => problem !== null)?.problem;
  return {
    usable,
    installations: installed.map(({ engine, id, version }) => ({ engine, id, version })),
    problem:
      usable.length > 0 ? null : `No engine on this machine can render for others${why == null ? '.' : `: ${why}`}`,
  };
}
