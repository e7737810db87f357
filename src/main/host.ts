import { join } from 'node:path';
import type { HostEvent, OperationReply } from '../shared/host-api';
import { readHostNames } from '../shared/host-names';
import { UserError, messageOf } from '../shared/user-error';
import { within } from '../shared/within';
import { createAddonOffers } from './addons/offers/addon-offers';
import { createNamedFolders, followFolders } from './addons/named-folders';
import { resourceLimitsIn } from './addons/resource-limits';
import { createAddonManager } from './addons/addon-manager';
import { createHostRepositories } from './addons/repository/host-repositories';
import { createOperationCaller } from './call-operation';
import { createHttpMetrics } from './control/http-metrics';
import { lockDataFolder } from './data/data-lock';
import { exposureOf, keepPrivate } from './data/private-files';
import { accessTokens, announceHost, withdrawHost } from './data/running-host';
import { ofDataFolder } from './data/system-error';
import { unpackedPath } from './data/unpacked-path';
import { createDisposableStore } from './disposable-store';
import { createHostEndActions } from './end-actions/host-end-actions';
import { ENGINES } from './engines/engine-list';
import { createEngineRegistry } from './engines/engine-registry';
import { openEventLog } from './events/event-log';
import { createHostEvents } from './events/host-events';
import { createLifecycle } from './events/lifecycle';
import { createFarm } from './farm/farm';
import { leaveFaultNote, takeFaultNote } from './faults/fault-note';
import { safeModeNotice } from './faults/safe-mode';
import { recordStart } from './faults/start-record';
import { openHostLog } from './faults/host-log';
import { createHostOperations } from './host-operations';
import type { HostOptions } from './host-options';
import { createFrameImages } from './images/frame-images';
import { type ShownFrames, bytesOfFrame, createShownFrames } from './images/shown-frames';
import { createFrameLogs } from './jobs/output/frame-logs';
import { createImageFinder } from './jobs/output/find-frame-image';
import { type FreeSpaceWatch, createFreeSpaceWatch } from './jobs/output/free-space';
import { createPreviews } from './jobs/output/previews';
import { createJobPlanner } from './jobs/planning/job-planner';
import { RenderQueue } from './jobs/queue';
import type { OnStart } from './jobs/scheduling/pause-state';
import { JobStore } from './jobs/store/job-store';
import { createRenderCounters } from './jobs/render-counters';
import { createWorkerLimit } from './jobs/workers/worker-limit';
import { createAppSnapshot } from './metrics/app-snapshot';
import { createCollector } from './metrics/collect';
import { createHostMetrics } from './metrics/host-metrics';
import { hostSource } from './metrics/host-source';
import { createMachineReadings } from './metrics/machine-readings';
import { createWorkerPeaks } from './metrics/worker-peaks';
import { openPreferences } from './preferences/preferences';
import { createCurrentScene } from './scenes/current-scene';
import { takeLastScene } from './scenes/last-scene';
import { createRecentScenes } from './scenes/recent-scenes';
import { type SceneAccess, sceneFoldersIn } from './scenes/scene-access';
import { recordQueue } from './statistics/record-queue';
import { relieveMemory } from './threads/memory-relief';
import { VERSION } from './version';

/** How long a host waits for the process of the next job's worker before it goes on with its own start, in milliseconds. */
const WORKER_FIRST = 500;

/** The running program without a user interface. */
export interface Host extends ShownFrames {
  /** URL of the control server, without a trailing slash. */
  readonly url: string;
  /** The control token: `#token=` and it, behind the URL, open the UI. */
  readonly token: string;
  /** Runs one operation of shared/host-api; never rejects. */
  call(operation: string, input: unknown): Promise<OperationReply>;
  /** @returns unsubscribes */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** Logs an uncaught fault, and leaves a note for the next host. To be called before {@link close}; never throws. */
  recordFault(error: unknown): void;
  /** Stops workers, add-ons and the control server; unfinished jobs continue at the next start. Idempotent. */
  close(): Promise<void>;
}

/**
 * Creates and starts a host: unfinished jobs continue, enabled add-ons run, the scene is opened.
 *
 * @throws UserError when the data folder is in use or the control server's address is not available
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { dataFolder, built, shell, passive = false, safeMode = false } = options;
  const unlock = lockDataFolder(dataFolder);
  if (!unlock)
    throw new UserError(
      `Another Framegauge uses the data folder ${dataFolder}: use that one, end it, or name another folder with --data.`,
    );
  const held = createDisposableStore((error) => console.error(messageOf(error)));
  held.defer(unlock);

  try {
    const { log } = held.add(openHostLog(join(dataFolder, 'logs', 'host.log')));
    held.defer(relieveMemory());
    log.info({ version: VERSION, shell, node: process.version }, 'host starts');
    const fault = (error: unknown): string | undefined => (error instanceof Error ? error.stack : String(error));
    const { tell, ofQueue, subscribe, notify, settle, warn, warnOf, notices } = createHostEvents((level, text) =>
      log[level === 'warning' ? 'warn' : level](text),
    );

    warn(exposureOf(dataFolder));
    await keepPrivate(dataFolder);
    warn(passive ? null : takeFaultNote(dataFolder));
    const start = passive ? null : held.add(recordStart(dataFolder));
    const offer = safeModeNotice(shell, safeMode, start?.early ?? null);
    if (offer) warn(offer.text, offer.restart);
    const preferences = await openPreferences(dataFolder);
    warn(preferences.notice);
    const lifecycle = createLifecycle((error, event) =>
      log.error({ error: messageOf(error), event: event.name }, 'a listener failed'),
    );
    const events = held.add(openEventLog(join(dataFolder, 'events.sqlite'), warnOf('events')));
    warn(events.notice);
    lifecycle.on(events.append);
    let url = '';
    const uploads = join(dataFolder, 'scenes');
    const access = (): SceneAccess => ({ folders: sceneFoldersIn(preferences.host()), dataFolder, uploads });
    const context = { preferences: preferences.host, access, pages: options.pages, built, baseUrl: () => url };
    const engines = held.add(createEngineRegistry((options.engines ?? ENGINES).map((create) => create(context))));
    const store = held.add(new JobStore(dataFolder, [...engines.byId.keys()]));
    warn(store.notice);
    const logWarning = (text: string): void => log.warn(text);
    const recent = createRecentScenes(dataFolder, options.firstScene !== undefined, logWarning);
    const scene = createCurrentScene({
      engines,
      lifecycle,
      onChange(opened) {
        settle('scene');
        tell({ type: 'scene', scene: opened });
      },
      onFileChange: (changed) => tell({ type: 'scene-file', changed }),
      remember: recent.remember,
    });
    held.defer(() => scene.close());
    const planner = createJobPlanner({
      engines,
      preferences,
      uploads,
      idle: () => !passive && store.unfinishedCount === 0,
      onInspected: scene.inspected,
      ofFarm: (needs) => farm.warningFor(needs),
    });
    // What follows takes a while to load: a worker comes up meanwhile.
    if (options.nextJob) await within(planner.prepare(options.nextJob), WORKER_FIRST);
    const { startControlServer } = await import('./control/control-server');
    const thread = unpackedPath(join(built, 'worker', 'image-worker.mjs'));
    const images = held.add(createFrameImages({ thread, cache: join(dataFolder, 'cache', 'previews') }));
    const logs = createFrameLogs(join(dataFolder, 'logs', 'frames'), warnOf('frame-logs'));
    const space: FreeSpaceWatch = held.add(
      createFreeSpaceWatch({
        folders: () => store.outputs.unfinishedFolders(),
        limit: () => Number(preferences.host()['queue.minFreeSpace']) * 1e9,
        onChange: (hold) => (hold === null ? queue.release() : queue.hold(hold)),
      }),
    );
    const counters = createRenderCounters();
    const farm = held.add(
      createFarm({
        dataFolder,
        preferences,
        engines,
        tries: store.tries,
        counters,
        onChange: () => queue.limitChanged(),
        onList: (machines) => tell({ type: 'machines', machines }),
        notify,
        settle,
        log: (text) => log.info(text),
        onFault: (error) => log.error({ error: fault(error) }, 'the farm failed'),
      }),
    );
    const queue = new RenderQueue({
      store,
      dataFolder,
      counters,
      engines: engines.byId,
      lifecycle,
      images,
      measure: images.imageStatistics,
      logs,
      space,
      ...farm.forQueue,
      workerLimit: createWorkerLimit(engines, () => Number(preferences.host()['render.workers']), farm.rendersHere),
      onStart: preferences.host()['queue.onStart'] as OnStart,
      listener: ofQueue,
      onFault: (error) => notify('error', `Something went wrong inside the queue: ${messageOf(error)}`),
    });
    const previews = createPreviews(join(dataFolder, 'previews'), store);
    const endActions = held.add(
      createHostEndActions({
        preferences: preferences.host,
        job: (id) => store.job(id),
        notify,
        settle,
        log: (fields, text) => log.info(fields, text),
        show: options.onNotify ?? null,
        holdAwake: options.holdAwake,
        lifecycle,
        subscribe,
      }),
    );
    const peaks = createWorkerPeaks();
    subscribe(peaks.see);
    const machine = held.add(createMachineReadings(queue, store, preferences));
    const recorder = held.add(recordQueue({ store, queue, machine, lifecycle, tell }));
    const hostMetrics = createHostMetrics();
    const snapshot = createAppSnapshot({
      shell,
      engines,
      store,
      queue,
      counters,
      scene,
      machine,
      farm,
      peaks,
      addons: () => addons,
      processes: options.processes ?? (() => []),
    });
    const addonFolder = join(dataFolder, 'addons');
    const shown = createShownFrames(images, createImageFinder(store, { dataFolder, uploads }));
    const offers = createAddonOffers({ tell, hasJob: (id) => store.job(id) !== null });
    const addons = held.add(
      await createAddonManager({
        builtFolder: unpackedPath(join(built, 'addon')),
        userFolder: addonFolder,
        dataFolder,
        uploads,
        folders: createNamedFolders({ store, preferences, scene }),
        limits: () => resourceLimitsIn(preferences.host()),
        hostVersion: VERSION,
        safeMode,
        offers,
        store: preferences,
        host: {
          snapshot,
          families: createCollector([hostSource(hostMetrics, engines, machine, logWarning)], logWarning),
          call: (operation, input) => call(operation, input),
          image: (...frame) => bytesOfFrame(shown, ...frame),
        },
        onChange: (list) => tell({ type: 'addons', addons: list }),
        onLog: (addon, line) => log[line.level]({ addon }, line.text),
        onLeftover: logWarning,
      }),
    );
    lifecycle.on((event) => addons.deliver(event));
    const foldersChanged = followFolders(lifecycle, addons, held);
    const repositories = held.add(createHostRepositories({ preferences, addons, userFolder: addonFolder, passive }));
    held.defer(
      preferences.onHostChange(() => {
        const changed = engines.preferencesChanged();
        if (changed.length > 0) {
          void scene.inspectAgain(changed);
          void engines.list(false);
        }
        space.check();
        queue.limitChanged(farm.rendersHere() ? Number(preferences.host()['render.workers']) || null : 0);
        endActions.preferencesChanged();
        foldersChanged();
        tell({ type: 'preferences', preferences: preferences.host() });
      }),
    );

    const call = createOperationCaller(
      createHostOperations({
        shell,
        safeMode,
        dataFolder,
        built,
        passive,
        store,
        queue,
        logs,
        previews,
        planner,
        engines,
        scene,
        recent,
        access,
        addons,
        offers,
        repositories,
        preferences,
        farm,
        recorder,
        events,
        notices,
      }),
      dataFolder,
      (error, operation) => log.error({ operation, error: fault(error) }, 'an operation failed'),
    );
    const tokens = await accessTokens(dataFolder);
    const server = held.add(
      await startControlServer({
        listen: options.listen,
        names: () => [...(options.names ?? []), ...readHostNames(String(preferences.host()['control.names'])).names],
        version: VERSION,
        tokens,
        ui: join(built, 'renderer'),
        uploads: { folder: uploads, extensions: engines.extensions, inUse: () => store.outputs.unfinishedScenes() },
        addonFolder,
        metrics: createHttpMetrics(hostMetrics.registry),
        addons,
        events,
        onFault: (error, { method, url: path }) => log.error({ method, path, error: fault(error) }, 'a request failed'),
        engineRoutes: engines.routes,
        call,
        subscribe,
        ...shown,
      }),
    );
    url = server.url;
    if (!passive) {
      await announceHost(dataFolder, { pid: process.pid, url, token: tokens.control });
      held.defer(() => withdrawHost(dataFolder));
    }
    // Closed first, so that workers, add-ons and the store are not closed while the queue uses them.
    held.add(queue);

    if (!passive) {
      warn(options.pages.withoutSandbox?.() ?? null);
      await addons.startEnabled();
      const last = options.firstScene === undefined ? null : await takeLastScene(dataFolder);
      await scene.openFirst({ given: options.scene, last, first: options.firstScene ?? null }, (level, text) =>
        notify(level, text, 'scene'),
      );
      await previews.sweep();
      await farm.start();
      await queue.start();
    }
    log.info({ url }, 'host is ready');
    return {
      url,
      token: tokens.control,
      call,
      subscribe,
      ...shown,
      recordFault(error) {
        start?.fail();
        leaveFaultNote(dataFolder, messageOf(error));
        log.fatal({ error: fault(error) }, 'nobody caught this: the host ends');
      },
      close: held.close,
    };
  } catch (error) {
    await held.close();
    throw ofDataFolder(error, dataFolder);
  }
}
