import { randomBytes } from 'node:crypto';
import { isAbsolute, sep } from 'node:path';
import { messageOf } from '../../../shared/user-error';
import type { BlenderToHost } from '../../../shared/worker-protocol';
import { memoryOf } from '../../processes/process-memory';
import { cpuSecondsOf } from '../../processes/process-time';
import {
  FrameError,
  type FrameProgress,
  type RenderedFile,
  type RenderedFrame,
  type RenderRequest,
  type Worker,
  type WorkerExit,
  type WorkerUsage,
} from '../render-engine';
import { missingWarning } from './blend-warnings';
import { blenderFailure, MEMORY_ADVICE } from './blender-failure';
import { startBlender, type BlenderProcess } from './blender-process';
import driver from './driver/render.py?raw';
import { listenForDriver, type DriverListener } from './driver-listener';
import { crashReport, exitOf, oomKills } from './exit-reason';
import { logLines } from './log-lines';
import { warningsIn } from './log-warnings';
import missingFiles from './driver/needed_files.py?raw';
import { isStatsLine, parseStats } from './render-stats';

/** When a Blender counts as stuck, in seconds. */
export interface BlenderPatience {
  /** From its start to the driver's `hello`; add-ons of the person's are loaded in between. */
  readonly start: number;
  /** Without any sign of life, not even the answer to a ping. */
  readonly silence: number;
  /** Answering pings, but without any progress within a frame. */
  readonly standstill: number;
}

export interface BlenderWorkerOptions {
  /** Absolute path of the program. */
  readonly executable: string;
  readonly factoryStartup: boolean;
  /** Whether scripts inside of .blend files run by themselves. */
  readonly allowScripts: boolean;
  readonly patience?: Partial<BlenderPatience>;
  /** The most memory that it may hold, in bytes; it is ended when it holds more. */
  readonly memoryLimit?: number | null;
}

const DEFAULT_PATIENCE: BlenderPatience = { start: 120, silence: 60, standstill: 600 };

/** How many lines are kept with a frame of what Blender printed. */
const FRAME_LOG_LINES = 200;

/** Milliseconds between killing Blender and giving a frame up without having seen its end. */
const KILL_GRACE = 900;

type Answer = Extract<BlenderToHost, { type: 'rendered' | 'failed' }>;

interface Task {
  readonly id: number;
  readonly request: RenderRequest;
  readonly resolve: (frame: RenderedFrame) => void;
  readonly reject: (error: FrameError) => void;
  readonly onProgress: (progress: FrameProgress) => void;
  lastProgress: number;
  /** Of the system, before the frame. */
  oomKills: Promise<number | null>;
}

/**
 * Starts a Blender that renders frames; settles when its driver has reported.
 *
 * @throws UserError when the program can't be started, Error when it does not come up
 */
export async function startBlenderWorker(
  options: BlenderWorkerOptions,
): Promise<Worker & { readonly pid: number; readonly version: string }> {
  const worker = new BlenderWorker(options);
  await worker.start();
  return worker;
}

/** One Blender with our driver in it, from the host's side. */
class BlenderWorker implements Worker {
  readonly exited: Promise<WorkerExit>;

  readonly #options: BlenderWorkerOptions;
  readonly #patience: BlenderPatience;
  readonly #log = logLines(FRAME_LOG_LINES);
  #settleExit: (exit: WorkerExit) => void = () => undefined;
  /** Why it ends, from the moment on that this is decided. */
  #ending: WorkerExit | null = null;
  #gone = false;
  #blender: BlenderProcess | null = null;
  #listener: DriverListener | null = null;
  #onHello: ((version: string) => void) | null = null;
  #version = '';
  #task: Task | null = null;
  #nextId = 1;
  #lastHeard = 0;
  #watch: NodeJS.Timeout | null = null;
  /** It tells progress to scripts in words, so that standard output needn't be read for it. */
  #tellsStats = false;

  constructor(options: BlenderWorkerOptions) {
    this.#options = options;
    this.#patience = { ...DEFAULT_PATIENCE, ...options.patience };
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
    const { executable, factoryStartup, allowScripts } = this.#options;
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
      // The end of the process tells more: wait for it a little.
      onClosed: () =>
        setTimeout(
          () => void this.#terminate({ reason: 'crash', message: 'Blender gave up its connection to Framegauge.' }),
          2_000,
        ).unref(),
    });
    let deadline: NodeJS.Timeout | undefined;
    try {
      this.#blender = await startBlender({
        executable,
        factoryStartup,
        allowScripts,
        script: `${missingFiles}\n\n${driver}`,
        env: {
          FRAMEGAUGE_PORT: String(this.#listener.port),
          FRAMEGAUGE_TOKEN: token,
          FRAMEGAUGE_ALLOW_SCRIPTS: allowScripts ? '1' : '0',
        },
        onLine: (line) => this.#read(line),
      });
      void this.#blender.ended.then((end) => this.#ended(end));
      const { start } = this.#patience;
      const late = new Promise<never>((_, reject) => {
        deadline = setTimeout(
          () =>
            reject(
              new Error(
                `Blender at “${executable}” did not start within ${start} s: the machine is overloaded, or an add-on keeps it from starting.`,
              ),
            ),
          start * 1000,
        );
      });
      const dead = this.exited.then(({ message }) => {
        throw new Error(`Blender at “${executable}” did not start: ${message}`);
      });
      this.#version = await Promise.race([hello, late, dead]);
    } catch (error) {
      await this.#terminate({ reason: 'exit', message: messageOf(error) });
      throw error;
    } finally {
      clearTimeout(deadline);
    }
    this.#lastHeard = performance.now();
    const { silence, standstill } = this.#patience;
    const pause = Math.min(this.#options.memoryLimit ? 1_000 : 5_000, (silence * 1000) / 4, (standstill * 1000) / 4);
    this.#watch = setInterval(() => void this.#look(), pause);
    this.#watch.unref();
  }

  async render(
    request: RenderRequest,
    onProgress: (progress: FrameProgress) => void,
    signal: AbortSignal,
  ): Promise<RenderedFrame> {
    if (this.#task) throw new FrameError('The worker is busy with another frame.', false);
    if (this.#ending) throw new FrameError(this.#ending.message, false, kindOf(this.#ending));
    if (signal.aborted) throw new FrameError('The frame was given up.', false);
    const id = this.#nextId++;
    // Blender can't be trusted to give a frame up soon; its memory is wanted back, too.
    const abort = (): void =>
      void this.#terminate({ reason: 'stopped', message: 'The frame was given up, and Blender ended with it.' });
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<RenderedFrame>((resolve, reject) => {
        this.#lastHeard = performance.now();
        this.#task = { id, request, resolve, reject, onProgress, lastProgress: this.#lastHeard, oomKills: oomKills() };
        this.#log.clear();
        const { scene, frame, fps, width, height, samples, camera, format, sceneName, renderEngine, folder } = request;
        this.#listener?.send({
          type: 'render',
          id,
          scene,
          frame,
          fps,
          width,
          height,
          samples,
          camera,
          format,
          sceneName,
          renderEngine,
          folder,
        });
      });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async usage(): Promise<WorkerUsage | null> {
    if (!this.#blender || this.#gone) return null;
    const { pid } = this.#blender;
    const [residentBytes, cpuSeconds] = await Promise.all([memoryOf([pid]), cpuSecondsOf(pid)]);
    return cpuSeconds === null ? null : { residentBytes, cpuSeconds };
  }

  async stop(): Promise<void> {
    // Killed, even when it is idle: it has nothing to save, its own temporary files are removed with its folder, and to quit by itself takes it a second.
    await this.#terminate({ reason: 'stopped', message: 'The worker was stopped.' });
    await this.exited;
  }

  #hear(message: BlenderToHost): void {
    this.#lastHeard = performance.now();
    if (message.type === 'hello') {
      this.#onHello?.(message.version);
      return;
    }
    const task = this.#task;
    if (!task || message.type === 'pong' || message.id !== task.id) return;
    task.lastProgress = this.#lastHeard;
    if (message.type === 'stats') {
      if (message.text === null) return;
      this.#tellsStats = true;
      const progress = parseStats(message.text);
      if (progress) task.onProgress(progress);
      return;
    }
    this.#complete(task, message);
  }

  /** A line of what Blender prints. */
  #read(line: string): void {
    this.#lastHeard = performance.now();
    const task = this.#task;
    this.#log.add(line);
    if (!task || !isStatsLine(line)) return;
    task.lastProgress = this.#lastHeard;
    const progress = this.#tellsStats ? null : parseStats(line);
    if (progress) task.onProgress(progress);
  }

  #complete(task: Task, answer: Answer): void {
    // The driver has seen to it that all that was printed for the frame is there.
    this.#blender?.readOutput();
    this.#task = null;
    const { request } = task;
    const log = this.#log.list();
    if (answer.type === 'failed') {
      task.reject(blenderFailure(answer.cause, answer.text, request, this.#version, log));
      return;
    }
    const files = answer.files.map((file) => renderedFile(file, request));
    const astray = files.find(
      ({ path, place }) => !path.startsWith(request.folder + sep) || ('file' in place && !isAbsolute(place.file)),
    );
    if (astray) {
      task.reject(
        new FrameError(
          `Blender wrote “${astray.path}”, outside of the folder of frame ${request.frame}.`,
          true,
          'output',
          log,
        ),
      );
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

  async #look(): Promise<void> {
    const now = performance.now();
    const { silence, standstill } = this.#patience;
    const { memoryLimit } = this.#options;
    if (now - this.#lastHeard > silence * 1000) {
      void this.#terminate({
        reason: 'timeout',
        message: `Blender did not answer for ${silence} s${doing(this.#task)}.`,
      });
    } else if (this.#task && now - this.#task.lastProgress > standstill * 1000) {
      void this.#terminate({
        reason: 'timeout',
        message: `Blender made no progress for ${standstill} s${doing(this.#task)}, although it answered.`,
      });
    } else {
      this.#listener?.send({ type: 'ping', id: 0 });
      if (!memoryLimit) return;
      const held = (await this.usage())?.residentBytes ?? 0;
      if (held > memoryLimit) {
        void this.#terminate({
          reason: 'memory',
          message: `Blender held ${megabytes(held)} of memory${doing(this.#task)}, more than the ${megabytes(memoryLimit)} that it may: ${MEMORY_ADVICE}.`,
        });
      }
    }
  }

  /** Blender has ended, by itself or because it was to. */
  async #ended(end: Parameters<typeof exitOf>[0]): Promise<void> {
    if (this.#gone) return;
    const task = this.#task;
    const report = await crashReport(this.#blender?.folder ?? '');
    const [before, after] = await Promise.all([task?.oomKills ?? null, oomKills()]);
    const log = this.#log.list();
    this.#ending ??= exitOf(end, doing(task).trim(), log, before !== null && after !== null && after > before);
    this.#settle(this.#ending, [...log, ...report]);
    await this.#blender?.close();
  }

  /** Ends Blender at once, for this reason unless there is one already. */
  async #terminate(exit: WorkerExit): Promise<void> {
    this.#ending ??= exit;
    this.#listener?.close();
    // The frame's folder must not be removed under a Blender that still writes there.
    if (this.#blender) await within(this.#blender.close(), KILL_GRACE);
    this.#settle(this.#ending, this.#log.list());
  }

  #settle(exit: WorkerExit, log: readonly string[]): void {
    if (this.#gone) return;
    this.#gone = true;
    if (this.#watch) clearInterval(this.#watch);
    this.#listener?.close();
    // First, so that nobody gives it another frame.
    this.#settleExit(exit);
    this.#task?.reject(new FrameError(exit.message, false, kindOf(exit), log));
    this.#task = null;
  }
}

function kindOf({ reason }: WorkerExit): FrameError['kind'] {
  return reason === 'timeout' || reason === 'memory' ? reason : 'crash';
}

/** As the end of a clause: what the worker was at. */
function doing(task: Task | null): string {
  return task ? ` while it rendered frame ${task.request.frame}` : '';
}

function renderedFile(
  file: Extract<Answer, { type: 'rendered' }>['files'][number],
  { width, height }: RenderRequest,
): RenderedFile {
  if ('file' in file) return { path: file.path, place: { file: file.file } };
  const asWanted = file.width === width && file.height === height;
  return {
    path: file.path,
    place: { view: file.view },
    ...(asWanted ? {} : { size: { width: file.width, height: file.height } }),
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}

/** Waits for work, but not longer. @param limit milliseconds */
async function within(work: Promise<unknown>, limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limit);
    }),
  ]);
  clearTimeout(timer);
}
