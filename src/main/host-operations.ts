import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isOnline, readRepositories } from '../shared/addon-repositories';
import type { Addon } from '../shared/addons';
import type { HostState } from '../shared/host-api';
import type { HostInfo } from '../shared/host-info';
import { UserError } from '../shared/user-error';
import type { AddonManager } from './addons/addon-manager';
import type { AddonOffers } from './addons/offers/addon-offers';
import { createOfferOperations } from './addons/offers/offer-operations';
import type { Repositories } from './addons/repository/repositories';
import type { OperationHandlers } from './call-operation';
import type { EngineRegistry } from './engines/engine-registry';
import type { EventLog } from './events/event-log';
import type { Farm } from './farm/farm';
import type { HostEvents } from './events/host-events';
import { createJobOperations } from './jobs/job-operations';
import type { FrameLogs } from './jobs/output/frame-logs';
import type { Previews } from './jobs/output/previews';
import type { JobPlanner } from './jobs/planning/job-planner';
import type { RenderQueue } from './jobs/queue';
import type { JobStore } from './jobs/store/job-store';
import { recentJobs } from './jobs/store/recent-jobs';
import { saveMonitoringKit } from './monitoring-kit';
import type { Preferences } from './preferences/preferences';
import type { CurrentScene } from './scenes/current-scene';
import { listFiles } from './scenes/list-files';
import type { RecentScenes } from './scenes/recent-scenes';
import type { SceneAccess } from './scenes/scene-access';
import { typedOutput, typedPath } from './scenes/typed-path';
import type { Recorder } from './statistics/recorder';
import { VERSION } from './version';

export interface HostOperationsOptions {
  readonly shell: HostInfo['shell'];
  readonly safeMode: boolean;
  readonly dataFolder: string;
  /** Folder of the built program; the monitoring kit lies beside it. */
  readonly built: string;
  /** Changes are stored, but nothing is started. */
  readonly passive: boolean;
  readonly store: JobStore;
  readonly queue: RenderQueue;
  readonly logs: Pick<FrameLogs, 'read'>;
  readonly previews: Previews;
  readonly planner: Pick<JobPlanner, 'plan'>;
  readonly engines: Pick<EngineRegistry, 'get' | 'list' | 'inspect' | 'extensions'>;
  readonly scene: Pick<CurrentScene, 'get' | 'open' | 'fileChanged'>;
  readonly recent: Pick<RecentScenes, 'list'>;
  readonly access: () => SceneAccess;
  readonly addons: AddonManager;
  readonly offers: AddonOffers;
  readonly repositories: Repositories;
  readonly preferences: Preferences;
  readonly farm: Pick<Farm, 'list' | 'get' | 'set' | 'pause' | 'resume' | 'wake' | 'invite' | 'forget'>;
  readonly recorder: Pick<Recorder, 'statistics'>;
  readonly events: Pick<EventLog, 'list'>;
  readonly notices: HostEvents['notices'];
}

/** Implements the operations of shared/host-api. Those on jobs and the queue are in jobs/job-operations.ts. */
export function createHostOperations(options: HostOperationsOptions): OperationHandlers {
  const { shell, safeMode, dataFolder, built, passive, store, queue, logs, previews, planner } = options;
  const { engines, scene, recent, access, addons, offers, repositories, preferences, farm, recorder, events, notices } =
    options;

  const info: HostInfo = {
    version: VERSION,
    shell,
    platform: process.platform,
    pid: process.pid,
    dataFolder,
    home: homedir(),
    safeMode,
  };
  const state = (): HostState => ({
    info,
    scene: scene.get(),
    sceneChanged: scene.fileChanged(),
    jobs: recentJobs(store).map((job) => queue.shown(job)),
    queue: queue.info(),
    workers: queue.workers(),
    machines: farm.list(),
    addons: addons.list(),
    operators: offers.operators.list(),
    operatorRuns: offers.operators.runs(),
    panels: offers.panels.list(),
    preferences: preferences.host(),
    notices: [...notices()],
  });

  /** Stored for the next host, if this one starts no add-ons. */
  async function storeEnabled(id: string, enabled: boolean): Promise<Addon> {
    const addon = addons.get(id);
    const stored = preferences.addon(id);
    // Enabling is consent, and lets it out of quarantine.
    const agreed = enabled ? { consented: addon.manifest.permissions, quarantine: undefined } : {};
    await preferences.saveAddon(id, { ...stored, ...agreed, enabled });
    return { ...addon, enabled };
  }

  return {
    ...createJobOperations({ store, queue, logs, previews, plan: planner.plan }),
    ...createOfferOperations(offers, (addon, jobs) =>
      addons.grantOutput(
        addon,
        jobs.flatMap((id) => (store.job(id) ? [dirname(store.settings(id).output)] : [])),
      ),
    ),
    'engines.list': ({ refresh }) => engines.list(refresh),
    'events.list': events.list,
    'machine.list': farm.list,
    'machine.get': ({ id }) => farm.get(id),
    'machine.set': ({ id, changes }) => farm.set(id, changes),
    'machine.pause': ({ id, after }) => farm.pause(id, after),
    'machine.resume': ({ id }) => farm.resume(id),
    'machine.wake': ({ id }) => farm.wake(id),
    'machine.invite': farm.invite,
    'machine.forget': ({ id }) => farm.forget(id),
    'host.state': state,
    'scene.open': ({ path }) => scene.open(typedPath(path)),
    'scene.recent': recent.list,
    'scene.inspect': ({ path }) => engines.inspect(typedPath(path)),
    'scene.view': async () => {
      const open = scene.get();
      if (!open) throw new UserError('No scene is open: open one first.', 'not-found');
      const address = await engines.get(open.engine).addressOf?.(open.path);
      if (address === undefined) throw new UserError(`${open.name} has no live view: render an image of it.`);
      return { address };
    },
    'files.list': ({ folder }) => {
      const open = scene.get();
      const shown = folder !== undefined ? typedPath(folder) : open ? dirname(open.path) : homedir();
      return listFiles(shown, engines.extensions, access());
    },
    'statistics.get': ({ since, job }) => recorder.statistics(since, job),
    'monitoring.save': async (asked) => {
      const folder = typedOutput(asked.folder);
      return { folder, files: await saveMonitoringKit(join(built, '..', 'monitoring'), folder, addons) };
    },
    'addon.enable': ({ id }) => (passive ? storeEnabled(id, true) : addons.enable(id)),
    'addon.disable': ({ id }) => (passive ? storeEnabled(id, false) : addons.disable(id)),
    'addon.catalogue': () => repositories.catalogue(),
    'addon.install': ({ path, id, consent }) =>
      path === undefined
        ? repositories.withDownload(id!, (file, expected) => addons.install(file, consent, expected))
        : addons.install(typedPath(path), consent),
    'addon.rollBack': ({ id }) => addons.rollBack(id),
    'addon.uninstall': async ({ id, removeData }) => {
      const { name } = addons.get(id).manifest;
      await addons.uninstall(id, removeData);
      return { id, name };
    },
    'addon.link': ({ folder, restart }) => addons.link(typedPath(folder), restart),
    'addon.unlink': async ({ id }) => {
      await addons.unlink(id);
      return { id };
    },
    'addon.log': ({ id }) => addons.log(id),
    'preferences.set': async ({ key, value }) => {
      const ofAddon = /^addons\.([^.]+)\.([^.]+)$/.exec(key);
      if (!ofAddon) {
        const online = readRepositories(String(preferences.host()['repositories.addresses'])).filter(isOnline);
        const set = await preferences.setHost(key, value);
        // To add an address is to say yes to asking there.
        const added = readRepositories(String(preferences.host()['repositories.addresses'])).filter(isOnline);
        if (added.some((address) => !online.includes(address)))
          await preferences.setHost('repositories.onlineAccess', true);
        return { key, value: set, addon: null };
      }
      const addon = await addons.setPreference(ofAddon[1]!, ofAddon[2]!, value);
      return { key, value: addon.preferences[ofAddon[2]!]!, addon };
    },
  };
}
