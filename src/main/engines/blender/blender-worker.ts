import { randomBytes } from 'node:crypto';
import { messageOf } from '../../../shared/user-error';
import { within } from '../../../shared/within';
import type { BlenderToHost } from '../../../shared/worker-protocol';
import { memoryOf } from '../../processes/process-memory';
import { cpuSecondsOf } from '../../processes/process-time';
import {
  FrameError,
  type FrameProgress,
  type RenderedFrame,
  type RenderRequest,
  type Worker,
  type WorkerExit,
  type WorkerUsage,
} from '../render-engine';
import { type WorkerTimeouts, type WorkerWatchdog, createWorkerWatchdog, workerReady } from '../worker-watchdog';
import type { SceneAccess } from '../../scenes/scene-access';
import { type BlendLimits, blendLimits } from './blend-access';
import { type BlendFacts, INSPECT_TIMEOUT } from './blend-facts';
import { missingWarning } from './blend-warnings';
import { blenderFailure, MEMORY_ADVICE } from './blender-failure';
import { startBlender, type BlenderProcess, type BlenderProgramStart } from './blender-process';
import { isStray, keptWithin, renderedFile } from './frame-files';
import { DriverInspection } from './driver-inspection';
import { listenForDriver, type DriverListener } from './driver-listener';
import { renderMessage } from './driver-request';
import { driverScript } from './driver-script';
import { crashReport, exitOf, oomKills } from './exit-reason';
import { logLines } from './log-lines';
import { warningsIn } from './log-warnings';
import { isStatsLine, parseStats } from './render-stats';

export interface BlenderWorkerOptions extends BlenderProgramStart {
  readonly timeouts?: Partial<WorkerTimeouts>;
  /** What scenes may refer to; no restrictions by default. */
  readonly access?: () => SceneAccess;
  /** Memory limit in bytes; the worker is killed when it exceeds it. */
  readonly memoryLimit?: number | null;
  /** Called once the process comes up. */
  readonly onStarted?: () => void;
}

const NO_LIMITS: SceneAccess = { folders: [], dataFolder: null, uploads: null };
/** Used for a scene whose folder can't be reached. */
const NOTHING: BlendLimits = { within: [], closed: null, openInClosed: null };

/** Starting includes loading the user's add-ons. */
const DEFAULT_TIMEOUTS: WorkerTimeouts = { start: 120, response: 60, progress: 600 };

/** Number of output lines kept with a frame. */
const FRAME_LOG_LINES = 200;

/** How long to wait for Blender's end after killing it before a frame is given up, in milliseconds. */
const KILL_GRACE = 900;

type Answer = Extract<BlenderToHost, { type: 'rendered' | 'failed' }>;

interface Task {
  readonly id: number;
  readonly request: RenderRequest;
  readonly resolve: (frame: RenderedFrame) => void;
  readonly reject: (error: FrameError) => void;
  readonly onProgress: (progress: FrameProgress) => void;
  /** System-wide count of OOM kills before the frame. */
  oomKills: number | null;
}

/**
 * Starts a Blender that renders frames; resolves when its driver has connected.
 *
 * @throws UserError when the program can't be started, Error when the driver does not connect
 */
export async function startBlenderWorker(options: BlenderWorkerOptions): Promise<BlenderWorker> {
  const worker = new BlenderWorker(options);
  await worker.start();
  return worker;
}

/** The host's side of a Blender process with our driver in it. */
export class BlenderWorker implements Worker {
  readonly exited: Promise<WorkerExit>;

  readonly #options: BlenderWorkerOptions;
  readonly #timeouts: WorkerTimeouts;
  readonly #watchdog: WorkerWatchdog;
  readonly #log = logLines(FRAME_LOG_LINES);
  #settleExit: (exit: WorkerExit) => void = () => undefined;
  /** Why it ends, from the moment that is decided. */
  #ending: WorkerExit | null = null;
  #gone = false;
  #blender: BlenderProcess | null = null;
  #listener: DriverListener | null = null;
  #onHello: ((version: string) => void) | null = null;
  #version = '';
  #task: Task | null = null;
  #inspection: DriverInspection | null = null;
  #nextId = 1;
  /** Whether the driver reports progress, so that standard output need not be parsed for it. */
  #tellsStats = false;

  constructor(options: BlenderWorkerOptions) {
    this.#options = options;
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    const { memoryLimit } = options;
    this.#watchdog = createWorkerWatchdog({
      name: 'Blender',
      timeouts: this.#timeouts,
      ...(memoryLimit && {
        memory: {
          limit: memoryLimit,
          held: async () => (await this.usage())?.residentBytes ?? null,
          advice: MEMORY_ADVICE,
        },
      }),
      ping: () => this.#listener?.send({ type: 'ping', id: 0 }),
      end: (exit) => void this.#terminate(exit),
    });
    this.exited = new Promise((resolve) => {
      this.#settleExit = resolve;
    });
  }

  /** Process id. */
  get pid(): number {
    if (!this.#blender) throw new Error('Blender was not started.');
    return this.#blender.pid;
  }

  get version(): string {
    return this.#version;
  }

  async start(): Promise<void> {
    const { executable, version, factoryStartup, allowScripts } = this.#options;
    const token = randomBytes(32).toString('base64url');
    const hello = new Promise<string>((resolve) => {
      this.#onHello = resolve;
    });
    this.#listener = await listenForDriver(token, {
      onMessage: (message) => this.#hear(message),
      onNonsense: () =>
        void this.#terminate({
          reason: 'crash',
          message: 'Framegauge’s script inside of Blender said something that it never says.',
        }),
      // The end of the process says more: wait briefly for it.
      onClosed: () =>
        setTimeout(
          () => void this.#terminate({ reason: 'crash', message: 'Blender gave up its connection to Framegauge.' }),
          2_000,
        ).unref(),
    });
    try {
      this.#blender = await startBlender({
        executable,
        version,
        factoryStartup,
        allowScripts,
        ...driverScript('render'),
        env: {
          FRAMEGAUGE_PORT: String(this.#listener.port),
          FRAMEGAUGE_TOKEN: token,
          FRAMEGAUGE_ALLOW_SCRIPTS: allowScripts ? '1' : '0',
        },
        onLine: (line) => this.#read(line),
      });
      void this.#blender.ended.then((end) => this.#ended(end));
      this.#options.onStarted?.();
      this.#version = await workerReady({
        ready: hello,
        exited: this.exited,
        timeout: this.#timeouts.start,
        name: `Blender at “${executable}”`,
        otherCause: 'an add-on keeps it from starting',
      });
    } catch (error) {
      await this.#terminate({ reason: 'exit', message: messageOf(error) });
      throw error;
    }
    this.#watchdog.start();
  }

  async render(
    request: RenderRequest,
    onProgress: (progress: FrameProgress) => void,
    signal: AbortSignal,
  ): Promise<RenderedFrame> {
    if (this.#task) throw new FrameError('The worker is busy with another frame.', false);
    this.#checkAlive();
    if (signal.aborted) throw new FrameError('The frame was given up.', false);
    const id = this.#nextId++;
    // Blender can't be trusted to abort soon, and its memory is needed.
    const abort = (): void =>
      void this.#terminate({ reason: 'stopped', message: 'The frame was given up, and Blender ended with it.' });
    signal.addEventListener('abort', abort, { once: true });
    try {
      const limits = await blendLimits(request.scene, this.#options.access?.() ?? NO_LIMITS).catch(() => NOTHING);
      // It may have ended during the await.
      this.#checkAlive();
      const rendered = await new Promise<RenderedFrame>((resolve, reject) => {
        this.#watchdog.frameStarted(request.frame);
        this.#task = { id, request, resolve, reject, onProgress, oomKills: oomKills() };
        // Output before this point, as from starting, doesn't belong to the frame.
        this.#blender?.readOutput();
        this.#log.clear();
        this.#listener?.send(renderMessage(id, request, limits));
      });
      return await keptWithin(rendered, request, limits);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /**
   * Looks into a file between frames, in place of a Blender of its own; never rejects.
   *
   * @param name of this Blender, such as “Blender 3.4.1”
   * @param timeout in seconds, after which the worker is stopped
   * @returns null where one with factory settings could find something else, or failed
   */
  async facts(path: string, name: string, timeout = INSPECT_TIMEOUT): Promise<BlendFacts | null> {
    if (!this.#blender || this.#ending || this.#task || this.#inspection) return null;
    const asked = (this.#inspection = new DriverInspection(this.#blender, this.#nextId++, path));
    this.#listener?.send(asked.message);
    void this.exited.then(() => asked.answered(false));
    return asked.facts(name, timeout, () => void this.stop()).finally(() => (this.#inspection = null));
  }

  async usage(): Promise<WorkerUsage | null> {
    if (!this.#blender || this.#gone) return null;
    const { pid } = this.#blender;
    const [residentBytes, cpuSeconds] = await Promise.all([memoryOf([pid]), cpuSecondsOf(pid)]);
    return cpuSeconds === null ? null : { residentBytes, cpuSeconds };
  }

  recentLines(): readonly string[] {
    return this.#log.list();
  }

  async stop(): Promise<void> {
    // Killed even when idle: it has nothing to save, its temporary files are deleted with its folder, and quitting by
    // itself takes a second.
    await this.#terminate({ reason: 'stopped', message: 'The worker was stopped.' });
    await this.exited;
  }

  #checkAlive(): void {
    if (this.#ending) throw new FrameError(this.#ending.message, false, kindOf(this.#ending));
  }

  #hear(message: BlenderToHost): void {
    this.#watchdog.heard();
    if (message.type === 'hello') {
      this.#onHello?.(message.version);
      return;
    }
    if (message.type === 'inspected') return this.#inspection?.answered(message.told);
    const task = this.#task;
    if (!task || message.type === 'pong' || message.id !== task.id) return;
    this.#watchdog.progressed();
    if (message.type === 'stats') {
      if (message.text === null) return;
      this.#tellsStats = true;
      const progress = parseStats(message.text);
      if (progress) task.onProgress(progress);
      return;
    }
    this.#complete(task, message);
  }

  /** Handles a line of Blender's output. */
  #read(line: string): void {
    this.#watchdog.heard();
    const task = this.#task;
    this.#log.add(line);
    this.#inspection?.read(line);
    if (!task || !isStatsLine(line)) return;
    this.#watchdog.progressed();
    const progress = this.#tellsStats ? null : parseStats(line);
    if (progress) task.onProgress(progress);
  }

  #complete(task: Task, answer: Answer): void {
    // The driver has flushed everything printed for the frame.
    this.#blender?.readOutput();
    this.#task = null;
    this.#watchdog.frameEnded();
    const { request } = task;
    const log = this.#log.list();
    if (answer.type === 'failed') {
      task.reject(blenderFailure(answer.cause, answer.text, request, this.#version, log));
      return;
    }
    const files = answer.files.map((file) => renderedFile(file, request));
    const stray = files.find((file) => isStray(file, request.folder));
    if (stray) {
      const message = `Blender wrote “${stray.path}”, outside of the folder of frame ${request.frame}.`;
      task.reject(new FrameError(message, true, 'output', log));
      return;
    }
    task.resolve({
      files,
      seconds: answer.seconds,
      peakBytes: answer.peakBytes,
      warnings: [...answer.missing.map(missingWarning), ...answer.warnings, ...warningsIn(log)],
      log,
    });
  }

  /** Blender has ended, by itself or because it was killed. */
  async #ended(end: Parameters<typeof exitOf>[0]): Promise<void> {
    if (this.#gone) return;
    const task = this.#task;
    const doing = this.#watchdog.doing().trim();
    const report = await crashReport(this.#blender?.folder ?? '');
    const [before, after] = [task?.oomKills ?? null, oomKills()];
    const log = this.#log.list();
    this.#ending ??= exitOf(end, doing, log, before !== null && after !== null && after > before);
    this.#settle(this.#ending, [...log, ...report]);
    await this.#blender?.close();
  }

  /** Kills Blender, with this reason unless there is one already. */
  async #terminate(exit: WorkerExit): Promise<void> {
    this.#ending ??= exit;
    this.#listener?.close();
    // The frame's folder must not be deleted while Blender still writes to it.
    if (this.#blender) await within(this.#blender.close(), KILL_GRACE);
    this.#settle(this.#ending, this.#log.list());
  }

  #settle(exit: WorkerExit, log: readonly string[]): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#watchdog.stop();
    this.#listener?.close();
    // First, so that it gets no other frame.
    this.#settleExit(exit);
    this.#task?.reject(new FrameError(exit.message, false, kindOf(exit), log));
    this.#task = null;
  }
}

function kindOf({ reason }: WorkerExit): FrameError['kind'] {
  return reason === 'timeout' || reason === 'memory' ? reason : 'crash';
}
