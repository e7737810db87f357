import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
import { isOfFullDisk } from '../../data/system-error';
import { messageOf } from '../../../shared/user-error';
import { workerToHostSchema, type HostToWorker, type WorkerToHost } from '../../../shared/worker-protocol';
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
import type { PageHandle, PageOpener } from '../pages/page-opener';
import type { SharedScenes } from './shared-scenes';
import type { ExpectedWorker, WorkerConnections } from './worker-connections';

interface EncodedImage {
  readonly bytes: Uint8Array;
  readonly seconds: number;
  readonly warnings: readonly string[];
}

interface Task {
  readonly id: number;
  readonly resolve: (image: EncodedImage) => void;
  readonly reject: (error: FrameError) => void;
  readonly onProgress: (progress: FrameProgress) => void;
  /** Maximum number of bytes of its image. */
  readonly limit: number;
  /** Set between the message `rendered` and the image. */
  expected: { readonly seconds: number; readonly bytes: number; readonly warnings: readonly string[] } | null;
}

/** How long to wait for the page's end after its connection was closed, in milliseconds. */
const CLOSE_GRACE = 2_000;

/** Maximum size of messages without an image, in bytes: failure reasons are the longest. */
const MAX_TEXT = 256 * 1024;

/**
 * Maximum size of a canvas's PNG with this number of pixels, in bytes: uncompressed, plus the overhead of the format.
 */
const largestImage = ({ width, height }: { readonly width: number; readonly height: number }): number =>
  Math.ceil(width * height * 4.05) + (1 << 20);

/** The host's side of a render page. */
export class GltfWorker implements Worker, ExpectedWorker {
  readonly token = randomBytes(32).toString('base64url');
  readonly scenes: SharedScenes;
  readonly exited: Promise<WorkerExit>;

  readonly #connections: WorkerConnections;
  readonly #baseUrl: string;
  readonly #timeouts: WorkerTimeouts;
  readonly #watchdog: WorkerWatchdog;
  #settleExit: (exit: WorkerExit) => void = () => undefined;
  #exit: WorkerExit | null = null;
  #page: PageHandle | null = null;
  #socket: WebSocket | null = null;
  #onConnected: (() => void) | null = null;
  #task: Task | null = null;
  #nextId = 1;

  constructor(connections: WorkerConnections, scenes: SharedScenes, baseUrl: string, timeouts: WorkerTimeouts) {
    this.#connections = connections;
    this.scenes = scenes;
    this.#baseUrl = baseUrl;
    this.#timeouts = timeouts;
    this.#watchdog = createWorkerWatchdog({
      name: 'The render page',
      timeouts,
      ping: () => this.#send({ type: 'ping', id: 0 }),
      end: (exit) => this.#abandon(exit),
    });
    this.exited = new Promise((resolve) => {
      this.#settleExit = resolve;
    });
  }

  /**
   * Opens the page and waits until it has connected.
   *
   * @throws UserError from the opener, Error when the page does not connect
   */
  async start(pages: PageOpener): Promise<void> {
    const connected = new Promise<void>((resolve) => {
      this.#onConnected = resolve;
    });
    this.#connections.expect(this);
    const opening = pages.open(this.#baseUrl + this.#connections.pageFor(this));
    const ready = async (): Promise<void> => {
      this.#page = await opening;
      void this.#page.gone.then(({ reason, message }) =>
        this.#end({ reason: reason === 'closed' ? 'exit' : reason, message }),
      );
      await connected;
    };
    try {
      await workerReady({
        ready: ready(),
        exited: this.exited,
        timeout: this.#timeouts.start,
        name: 'The render page',
        otherCause: 'its browser is broken',
      });
    } catch (error) {
      this.#end({ reason: 'exit', message: messageOf(error) });
      const page = this.#page ?? opening;
      const closing = Promise.resolve(page).then((opened) => opened.close());
      // A page still opening is closed once it is open.
      if (this.#page) await closing;
      else closing.catch(() => undefined);
      throw error;
    }
    this.#watchdog.start();
  }

  /** Called when the page has connected with its token. */
  connected(socket: WebSocket): void {
    if (this.#socket || this.#exit) {
      socket.close(1008, 'already connected');
      return;
    }
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#hear(data as Buffer, isBinary));
    // The page opener reports the page's end in more detail: wait briefly for it.
    socket.on('close', () =>
      setTimeout(
        () => this.#abandon({ reason: 'crash', message: 'The render page gave up its connection.' }),
        CLOSE_GRACE,
      ).unref(),
    );
    this.#onConnected?.();
  }

  receiveLimit(): number {
    return MAX_TEXT + (this.#task?.expected?.bytes ?? 0);
  }

  async render(
    request: RenderRequest,
    onProgress: (progress: FrameProgress) => void,
    signal: AbortSignal,
  ): Promise<RenderedFrame> {
    if (this.#task) throw new FrameError('The worker is busy with another frame.', false);
    if (this.#exit) throw new FrameError(this.#exit.message, false);
    if (signal.aborted) throw new FrameError('The frame was given up.', false);
    const id = this.#nextId++;
    const { promise, task } = newTask(id, largestImage(request), onProgress);
    this.#task = task;
    const abort = (): void => this.#send({ type: 'abort', id });
    try {
      const url = this.#baseUrl + this.#connections.sceneAt(await this.#share(request.scene));
      signal.addEventListener('abort', abort);
      if (signal.aborted) throw new FrameError('The frame was given up.', false);
      this.#watchdog.frameStarted(request.frame);
      this.#send({
        type: 'render',
        id,
        url,
        scene: request.scene,
        frame: request.frame,
        fps: request.fps,
        width: request.width,
        height: request.height,
        samples: request.samples,
        camera: request.camera,
        animations: request.animations && [...request.animations],
        sceneName: request.sceneName,
        transparent: request.transparent,
      });
      const { bytes, seconds, warnings } = await promise;
      const path = join(request.folder, 'image.png');
      await writeFile(path, bytes).catch((error: NodeJS.ErrnoException) => {
        // Not a failure of the frame: the queue waits for space.
        if (isOfFullDisk(error)) throw error;
        throw new FrameError(
          `The image cannot be written to ${request.folder} (${messageOf(error)}).`,
          false,
          'output',
        );
      });
      return { files: [{ path, target: { view: '' } }], seconds, peakBytes: null, warnings, log: [] };
    } finally {
      signal.removeEventListener('abort', abort);
      if (this.#task === task) this.#forget();
    }
  }

  usage(): Promise<WorkerUsage | null> {
    return this.#page?.usage() ?? Promise.resolve(null);
  }

  async stop(): Promise<void> {
    this.#end({ reason: 'stopped', message: 'The worker was stopped.' });
    await this.#page?.close();
  }

  async #share(scene: string): Promise<string> {
    try {
      return await this.scenes.share(scene);
    } catch (error) {
      throw new FrameError(messageOf(error), true, 'render', [], 'scene');
    }
  }

  #send(message: HostToWorker): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  #hear(data: Buffer, isBinary: boolean): void {
    this.#watchdog.heard();
    if (isBinary) {
      this.#receive(data);
      return;
    }
    let message: WorkerToHost;
    try {
      if (data.length > MAX_TEXT) throw new RangeError('the message is too large');
      message = workerToHostSchema.parse(JSON.parse(String(data)));
    } catch {
      this.#abandon({ reason: 'crash', message: 'The render page said something that no render page says.' });
      return;
    }
    const task = this.#task;
    if (!task || message.type === 'hello' || message.type === 'pong' || message.id !== task.id) return;
    switch (message.type) {
      case 'progress':
        this.#watchdog.progressed();
        task.onProgress({ sample: message.sample, samples: message.samples });
        break;
      case 'failed':
        this.#forget();
        // If the scene was changed during the render, it can be loaded again.
        task.reject(new FrameError(message.reason, message.final && !this.scenes.changedMeanwhile));
        break;
      case 'rendered':
        this.#watchdog.progressed();
        if (message.bytes > task.limit)
          this.#abandon({ reason: 'crash', message: `The render page announced an image of ${message.bytes} bytes.` });
        else task.expected = { seconds: message.seconds, bytes: message.bytes, warnings: message.warnings ?? [] };
        break;
    }
  }

  #receive(bytes: Buffer): void {
    const task = this.#task;
    if (!task?.expected) return;
    this.#forget();
    const { seconds, bytes: announced, warnings } = task.expected;
    if (bytes.length === announced) task.resolve({ bytes, seconds, warnings });
    else task.reject(new FrameError(`The render page sent ${bytes.length} bytes of an image of ${announced}.`, false));
  }

  /** The frame is over, with or without success. */
  #forget(): void {
    this.#task = null;
    this.#watchdog.frameEnded();
  }

  #abandon(exit: WorkerExit): void {
    this.#end(exit);
    void this.#page?.close();
  }

  #end(exit: WorkerExit): void {
    if (this.#exit) return;
    this.#exit = exit;
    this.#connections.forget(this);
    this.#watchdog.stop();
    this.#socket?.close();
    this.#task?.reject(new FrameError(exit.message, false, exit.reason === 'timeout' ? 'timeout' : 'crash'));
    this.#forget();
    this.#settleExit(exit);
  }
}

function newTask(
  id: number,
  limit: number,
  onProgress: Task['onProgress'],
): { promise: Promise<EncodedImage>; task: Task } {
  let resolve!: Task['resolve'];
  let reject!: Task['reject'];
  const promise = new Promise<EncodedImage>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // The worker may end before anything awaits the image.
  promise.catch(() => undefined);
  return { promise, task: { id, limit, resolve, reject, onProgress, expected: null } };
}
