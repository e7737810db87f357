import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import pino from 'pino';
import type { z } from 'zod';
import type { AppSnapshot } from '../shared/addon-protocol';
import type { Addon } from '../shared/addons';
import {
  type HostEvent,
  type HostInfo,
  type HostState,
  type Notice,
  type OperationName,
  type OperationOutput,
  type OperationReply,
  operations,
} from '../shared/host-api';
import type { EngineId, SceneInfo } from '../shared/scene';
import { FRAME_SECONDS_BUCKETS, emptySlotTotals } from '../shared/totals';
import { UserError, messageOf } from '../shared/user-error';
import { createAddonManager } from './addons/addon-manager';
import { startControlServer } from './control/control-server';
import { openEventLog } from './events/event-log';
import { createHttpMetrics } from './control/http-metrics';
import { lockDataFolder } from './data/data-lock';
import { createBlenderEngine } from './engines/blender/blender-engine';
import type { Places } from './engines/blender/install-locations';
import { startBlenderWorker } from './engines/blender/blender-worker';
import { createGltfEngine } from './engines/gltf/gltf-engine';
import type { PageOpener } from './engines/pages/page-opener';
import type { RenderEngine, WorkerUsage } from './engines/render-engine';
import { verifyImage } from './images/verify-image';
import { type Notification, createEndActions } from './end-actions/end-actions';
import { createFrameImages } from './images/frame-images';
import { createLifecycle } from './events/lifecycle';
import { autoWorkers, machineNow, workersOf } from './jobs/workers/worker-limit';
import { createFrameLogs } from './jobs/output/frame-logs';
import { type FreeSpaceWatch, createFreeSpaceWatch } from './jobs/output/free-space';
import { createJobOperations } from './jobs/job-operations';
import { JobStore } from './jobs/store/job-store';
import { planJob } from './jobs/planning/plan-job';
import { RenderQueue } from './jobs/queue';
import type { OnStart } from './jobs/scheduling/pause-state';
import { createTally } from './jobs/tally';
import { listFiles } from './scenes/list-files';
import { createCollector } from './metrics/collect';
import { createHostMetrics } from './metrics/host-metrics';
import { createReadings } from './metrics/readings';
import { type Volume, readVolumes } from './metrics/volumes';
import { createWorkerPeaks } from './metrics/worker-peaks';
import { metricsAddress, writeMonitoringKit } from './monitoring-kit';
import { inspectScene } from './scenes/current-scene';
import { setPower } from './end-actions/power';
import { openPreferences } from './preferences/preferences';
import { accessTokens, announceHost, withdrawHost } from './data/running-host';
import { runShellCommand } from './end-actions/shell-command';
import { createRecorder } from './statistics/recorder';
import { VERSION } from './version';

export interface HostOptions {
  readonly shell: 'desktop' | 'headless';
  /** Absolute; created where missing. One host a data folder. */
  readonly dataFolder: string;
  readonly pages: PageOpener;
  /** Where the control server listens; port 0 lets the system choose. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Folder with the built program: `renderer/`, `addon/`. */
  readonly built: string;
  /** Scene to open at the start; null for none. */
  readonly scene: string | null;
  /**
   * Only look and change what is stored: no job goes on, no add-on is started, no scene opened, and no other process is told that this host is here. For short commands such as
   * `prefs get`.
   */
  readonly passive?: boolean;
  /** The program’s own processes, where the shell can tell them apart. */
  readonly processes?: () => AppSnapshot['processes'];
  /** Shows a notification of the desktop; left out where there is none. */
  readonly onNotify?: (notification: Notification) => void;
  /** Where Blenders are looked for, in place of this machine. */
  readonly blenderPlaces?: Partial<Places>;
}

/** The running program without a face. */
export interface Host {
  /** Of the control server, without a slash at its end. */
  readonly url: string;
  /** The UI's address, token included. */
  readonly uiUrl: string;
  /** Carries out one operation of shared/host-api; never rejects. */
  call(operation: string, input: unknown): Promise<OperationReply>;
  /** @returns stops it */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /**
   * The image of a frame that was written, in a format that browsers show; null where there is none.
   *
   * @param size the side that a thumbnail will be shown with, in pixels; the whole image where it is left out
   */
  image(jobId: number, frame: number, size?: number): Promise<{ bytes: Uint8Array; type: string } | null>;
  /** Stops workers, add-ons and the control server; unfinished jobs go on at the next start. Can be called again. */
  close(): Promise<void>;
}

type Handlers = {
  [N in OperationName]: (
    input: z.output<(typeof operations)[N]['input']>,
  ) => Promise<OperationOutput<N>> | OperationOutput<N>;
};

/**
 * Builds the host from its parts and starts it: unfinished jobs go on, enabled add-ons run, the scene is open.
 *
 * @throws UserError when the data folder is in use or the control server's address can't be had
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { dataFolder, built, shell } = options;
  await mkdir(dataFolder, { recursive: true });
  const unlock = lockDataFolder(dataFolder);
  if (!unlock)
    throw new UserError(
      `Another Framegauge uses the data folder ${dataFolder}: use that one, end it, or name another folder with --data.`,
    );

  /** Undone last first, when the host closes and when it fails to start. */
  const cleanups: (() => unknown)[] = [unlock];
  const closeAll = async (): Promise<void> => {
    for (let step = cleanups.pop(); step; step = cleanups.pop()) {
      try {
        await step();
      } catch (error) {
        console.error(messageOf(error));
      }
    }
  };

  try {
    const destination = pino.destination({ dest: join(dataFolder, 'logs', 'host.log'), mkdir: true, sync: false });
    const log = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
    cleanups.push(() => destination.end());
    log.info({ version: VERSION, shell, node: process.version }, 'host starts');

    const subscribers = new Set<(event: HostEvent) => void>();
    const tell = (event: HostEvent): void => {
      for (const subscriber of subscribers) subscriber(event);
    };
    const notices: Notice[] = [];
    const notify = (level: Notice['level'], text: string): void => {
      const notice = { id: notices.length + 1, level, text };
      notices.push(notice);
      log[level === 'warning' ? 'warn' : level](text);
      tell({ type: 'notice', notice });
    };

    const preferences = await openPreferences(dataFolder);
    if (preferences.notice) notify('warning', preferences.notice);
    const store = new JobStore(dataFolder);
    cleanups.push(() => store.close());
    if (store.notice) notify('warning', store.notice);

    const images = createFrameImages({
      thread: outsideArchive(join(built, 'worker', 'image-worker.mjs')),
      cache: join(dataFolder, 'cache', 'previews'),
    });
    cleanups.push(() => images.close());

    const lifecycle = createLifecycle((error, event) =>
      log.error({ error: messageOf(error), event: event.name }, 'a listener failed'),
    );
    const events = openEventLog(join(dataFolder, 'events.sqlite'), { onFault: (text) => notify('warning', text) });
    cleanups.push(() => events.close());
    if (events.notice) notify('warning', events.notice);
    lifecycle.on(events.append);

    let url = '';
    const gltf = createGltfEngine({
      pages: options.pages,
      built,
      baseUrl: () => url,
      patience: {
        get silence() {
          return Number(preferences.host()['render.workerTimeout']);
        },
        get standstill() {
          return Number(preferences.host()['queue.stuckMinutes']) * 60;
        },
      },
    });
    cleanups.push(() => gltf.engine.close());
    const blender = createBlenderEngine({
      registered: () => String(preferences.host()['blender.path']),
      ...(options.blenderPlaces && { places: options.blenderPlaces }),
      startWorker: (start) => {
        const {
          'render.workerTimeout': silence,
          'queue.stuckMinutes': stuck,
          'blender.memoryLimit': gigabytes,
        } = preferences.host();
        return startBlenderWorker({
          ...start,
          patience: { silence: Number(silence), standstill: Number(stuck) * 60 },
          memoryLimit: Number(gigabytes) * 1e9 || null,
        });
      },
    });
    cleanups.push(() => blender.close());
    const engines = new Map<EngineId, RenderEngine>([
      [gltf.engine.id, gltf.engine],
      [blender.id, blender],
    ]);
    const extensions = [...engines.values()].flatMap((engine) => engine.extensions);

    const uploads = join(dataFolder, 'scenes');
    let scene: SceneInfo | null = null;
    const tally = createTally();
    const logs = createFrameLogs(join(dataFolder, 'logs', 'frames'), { onProblem: (text) => notify('warning', text) });
    const space: FreeSpaceWatch = createFreeSpaceWatch({
      folders: () => store.outputFolders(),
      limit: () => Number(preferences.host()['queue.minFreeSpace']) * 1e9,
      onChange: (hold) => (hold === null ? queue.release() : queue.hold(hold)),
    });
    cleanups.push(() => space.close());
    const queue = new RenderQueue({
      store,
      tally,
      engines,
      lifecycle,
      verify: verifyImage,
      look: images.imageStatistics,
      logs,
      space,
      workerLimit: (demand) =>
        workersOf(
          Number(preferences.host()['render.workers']),
          demand.settings.workers,
          autoWorkers({ ...demand, ...machineNow(demand) }),
        ),
      onStart: preferences.host()['queue.onStart'] as OnStart,
      listener: {
        job: (job) => tell({ type: 'job', job }),
        frame: (jobId, frame) => tell({ type: 'frame', jobId, frame }),
        workers: (workers) => tell({ type: 'workers', workers }),
        jobRemoved: (id) => tell({ type: 'job-removed', id }),
        queue: (state) => tell({ type: 'queue', queue: state }),
      },
      onFault: (error) => notify('error', `Something went wrong inside the queue: ${messageOf(error)}`),
    });

    const endActions = createEndActions({
      preferences: () => preferences.host(),
      job: (id) => store.job(id),
      notify,
      log: (fields, text) => log.info(fields, text),
      runCommand: runShellCommand,
      setPower,
      show: options.onNotify ?? null,
    });
    cleanups.push(() => endActions.close());
    lifecycle.on(endActions.see);
    subscribers.add((event) => event.type === 'queue' && endActions.queueChanged(event.queue));

    const peaks = createWorkerPeaks();
    subscribers.add(peaks.see);

    const startedAt = Date.now();
    const machine = createReadings(
      {
        usage: new Map<number, WorkerUsage | null>() as ReadonlyMap<number, WorkerUsage | null>,
        volumes: [] as Volume[],
      },
      async () => ({
        usage: await queue.usage(),
        volumes: await readVolumes([
          ...store.unfinished().map((job) => dirname(job.settings.output)),
          preferences.outputDirectory(),
        ]),
      }),
    );
    cleanups.push(() => machine.close());
    /** Must not wait: an add-on is to get it at its place among the events. */
    const snapshot = (): AppSnapshot => {
      const { usage, volumes } = machine.latest();
      const totals = tally.totals();
      for (const [slot, used] of usage)
        if (used) (totals.slots[slot] ??= emptySlotTotals()).cpuSeconds += used.cpuSeconds;
      return {
        version: VERSION,
        shell,
        startedAt,
        scene,
        jobs: store.unfinished(),
        queue: queue.info(),
        workers: queue.workers().map((worker) => ({
          ...worker,
          residentBytes: usage.get(worker.slot)?.residentBytes ?? null,
          peakBytes: peaks.of(worker.slot),
        })),
        lastFrameAt: tally.lastFrameAt,
        volumes,
        addons: addons.list().map((addon) => ({ id: addon.manifest.id, state: addon.state })),
        processes: options.processes?.() ?? [],
        totals: { ...totals, addons: addons.totals() },
        totalsSince: startedAt,
        frameSecondsBuckets: [...FRAME_SECONDS_BUCKETS],
      };
    };
    const recorder = createRecorder({
      async read() {
        await machine.refresh();
        const { usage } = machine.latest();
        const jobs = store.unfinished();
        const workers = queue.workers();
        return {
          active: jobs.some((job) => job.state === 'rendering'),
          framesLeft: jobs.reduce((sum, job) => sum + job.frames.waiting + job.frames.rendering, 0),
          rendering: workers.filter((worker) => worker.state === 'rendering').length,
          workers: workers.map(({ slot }) => ({ slot, residentBytes: usage.get(slot)?.residentBytes ?? null })),
        };
      },
      onSample: (sample, frameTimes) => tell({ type: 'statistics', sample, frameTimes }),
    });
    cleanups.push(() => recorder.close());
    lifecycle.on(recorder.see);
    const hostMetrics = createHostMetrics();
    const collect = createCollector(
      [
        {
          name: 'the host',
          async families() {
            // Whoever asks for metrics will look at the snapshot next: let it be fresh.
            await machine.refresh();
            return hostMetrics.families();
          },
        },
      ],
      (text) => log.warn(text),
    );
    const addons = await createAddonManager({
      builtFolder: outsideArchive(join(built, 'addon')),
      userFolder: join(dataFolder, 'addons'),
      hostVersion: VERSION,
      store: preferences,
      host: { snapshot, families: collect },
      onChange: (list) => tell({ type: 'addons', addons: list }),
      onLog: (addon, line) => log[line.level]({ addon }, line.text),
    });
    cleanups.push(() => addons.close());
    lifecycle.on((event) => addons.deliver(event));
    let blenderPath = preferences.host()['blender.path'];
    cleanups.push(
      preferences.onHostChange(() => {
        if (preferences.host()['blender.path'] !== blenderPath) {
          blenderPath = preferences.host()['blender.path'];
          blender.forget();
          void lookAgain();
        }
        space.look();
        queue.limitChanged(Number(preferences.host()['render.workers']) || null);
        endActions.preferencesChanged();
        tell({ type: 'preferences', preferences: preferences.host() });
      }),
    );

    async function openScene(path: string): Promise<SceneInfo> {
      let opened: SceneInfo;
      try {
        opened = await inspectScene(path, engines.values());
      } catch (error) {
        // A scene that can't be read drops no handler and leaves the open one as it is.
        lifecycle.emit('load_post_fail', { scene: path, reason: messageOf(error) });
        throw error;
      }
      lifecycle.emit('load_pre', { scene: opened.path, engine: opened.engine });
      scene = opened;
      tell({ type: 'scene', scene });
      lifecycle.emit('load_post', { scene: opened.path, engine: opened.engine });
      return opened;
    }

    /** Another Blender may know more of the open scene, or less. It stays open: nothing is loaded. */
    async function lookAgain(): Promise<void> {
      const open = scene;
      if (open?.engine !== 'blender') return;
      const seen = await blender.inspect(open.path).catch(() => null);
      if (!seen || scene !== open) return;
      scene = seen;
      tell({ type: 'scene', scene });
    }

    async function storeEnabled(id: string, enabled: boolean): Promise<Addon> {
      const addon = addons.get(id);
      await preferences.saveAddon(id, { enabled, values: preferences.addon(id).values });
      return { ...addon, enabled };
    }

    const info: HostInfo = {
      version: VERSION,
      shell,
      platform: process.platform,
      pid: process.pid,
      dataFolder,
      home: homedir(),
    };
    const state = (): HostState => ({
      info,
      scene,
      jobs: store.jobs(),
      queue: queue.info(),
      workers: queue.workers(),
      addons: addons.list(),
      preferences: preferences.host(),
      notices,
    });

    const handlers: Handlers = {
      'engines.list': async ({ refresh }) =>
        (await Promise.all([...engines.values()].map((engine) => engine.list(refresh)))).flat(),
      ...createJobOperations({
        store,
        queue,
        logs,
        async plan(request) {
          const {
            engine,
            factoryStartup = preferences.host()['blender.factoryStartup'] === true,
            allowScripts = false,
          } = request;
          // While one Blender looks into the scene, another starts that will render it, unless there is work to do already.
          if (
            extname(request.scene).toLowerCase() === '.blend' &&
            (engine === undefined || engine === 'blender') &&
            store.unfinishedCount === 0 &&
            !options.passive
          )
            blender.warmUp({ installation: null, factoryStartup, allowScripts });
          // Blender's answers are remembered: it costs nothing to ask again what may have changed since the scene was opened.
          const wanted =
            scene?.path === request.scene && scene.engine === 'gltf'
              ? scene
              : await inspectScene(request.scene, engines.values());
          const { 'queue.attempts': attempts, 'queue.failureShare': failures } = preferences.host();
          const settings = planJob(
            { attempts: Number(attempts), failureShare: Number(failures) / 100, ...request },
            wanted,
            preferences.outputDirectory(),
            {
              engines: wanted.engine === 'blender' ? await blender.list() : [],
              factoryStartup: preferences.host()['blender.factoryStartup'] === true,
              uploads,
            },
          );
          return {
            name: wanted.name,
            engine: wanted.engine,
            settings,
            warnings: wanted.engine === 'blender' ? await blender.warningsFor(settings) : wanted.warnings,
          };
        },
      }),
      'events.list': events.list,
      'host.state': state,
      'scene.open': ({ path }) => openScene(path),
      'scene.inspect': ({ path }) => inspectScene(path, engines.values()),
      'files.list': ({ folder }) => listFiles(folder ?? (scene ? dirname(scene.path) : homedir()), extensions),
      'statistics.get': ({ since }) => recorder.statistics(since),
      'monitoring.save': async ({ folder }) => {
        return {
          folder,
          files: await writeMonitoringKit(
            join(built, '..', 'monitoring'),
            folder,
            metricsAddress(addons.get('prometheus')),
          ),
        };
      },
      'addon.enable': ({ id }) => (options.passive ? storeEnabled(id, true) : addons.enable(id)),
      'addon.disable': ({ id }) => (options.passive ? storeEnabled(id, false) : addons.disable(id)),
      'addon.log': ({ id }) => addons.log(id),
      'preferences.set': async ({ key, value }) => {
        const ofAddon = /^addons\.([^.]+)\.([^.]+)$/.exec(key);
        if (!ofAddon) return { key, value: await preferences.setHost(key, value), addon: null };
        const addon = await addons.setPreference(ofAddon[1]!, ofAddon[2]!, value);
        return { key, value: addon.preferences[ofAddon[2]!]!, addon };
      },
    };

    async function call(operation: string, input: unknown): Promise<OperationReply> {
      try {
        if (!isOperation(operation)) throw new UserError(`There is no operation “${operation}”.`, 'arguments');
        const parsed = operations[operation].input.safeParse(input);
        if (!parsed.success)
          throw new UserError(`${operation} was asked wrongly: ${firstProblem(parsed.error)}.`, 'arguments');
        const handler = handlers[operation] as (input: unknown) => unknown;
        return { ok: true, value: await handler(parsed.data) };
      } catch (error) {
        if (error instanceof UserError) return { ok: false, error: { message: error.message, kind: error.kind } };
        log.error({ operation, error: error instanceof Error ? error.stack : String(error) }, 'an operation failed');
        return { ok: false, error: { message: messageOf(error), kind: 'internal' } };
      }
    }

    async function image(
      jobId: number,
      frame: number,
      size?: number,
    ): Promise<{ bytes: Uint8Array; type: string } | null> {
      const file = store.frame(jobId, frame)?.file;
      return file ? images.previewImage(file, { maxSide: size }).catch(() => null) : null;
    }

    const subscribe = (listener: (event: HostEvent) => void): (() => void) => {
      subscribers.add(listener);
      return () => void subscribers.delete(listener);
    };

    const tokens = await accessTokens(dataFolder);
    const server = await startControlServer({
      listen: options.listen,
      version: VERSION,
      tokens,
      ui: join(built, 'renderer'),
      uploads: { folder: uploads, extensions },
      metrics: createHttpMetrics(hostMetrics.registry),
      events,
      onFault: (error, { method, url: path }) =>
        log.error({ method, path, error: error instanceof Error ? error.stack : String(error) }, 'a request failed'),
      engineRoutes: gltf.routes,
      call,
      subscribe,
      image,
    });
    url = server.url;
    cleanups.push(() => server.close());
    if (!options.passive) {
      await announceHost(dataFolder, { pid: process.pid, url, token: tokens.control });
      cleanups.push(() => withdrawHost(dataFolder));
    }

    // Pushed last, so that it is closed first: workers and add-ons must not be taken from under a working queue.
    cleanups.push(() => queue.close());

    if (!options.passive) {
      await addons.startEnabled();
      if (options.scene !== null)
        await openScene(options.scene).catch((error: unknown) => notify('error', messageOf(error)));
      await queue.start();
    }
    log.info({ url }, 'host is ready');

    let closing: Promise<void> | null = null;
    return {
      url,
      uiUrl: `${url}/#token=${tokens.control}`,
      call,
      subscribe,
      image,
      close: () => (closing ??= closeAll()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/**
 * Packaged, the program lies in an archive that only Electron's own file functions see into. Add-on processes run under Node's permission model, which knows
 * plain files only; the packager puts theirs beside the archive.
 */
function outsideArchive(path: string): string {
  return path.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked');
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}` : 'it does not fit';
}
