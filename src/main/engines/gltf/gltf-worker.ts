import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
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
import type { PageHandle, PageOpener } from '../pages/page-opener';
import { SharedScenes } from './shared-scenes';
import type { ExpectedWorker, WorkerConnections } from './worker-connections';

/** When a page counts as stuck, in seconds. */
export interface Patience {
  /** From opening the page to its `hello`. */
  readonly start: number;
  /** Without any message, not even the answer to a ping. */
  readonly silence: number;
  /** Answering pings, but without another sample done or another part of the scene loaded. */
  readonly standstill: number;
}

interface EncodedImage {
  readonly bytes: Uint8Array;
  readonly seconds: number;
}

interface Task {
  readonly id: number;
  readonly resolve: (image: EncodedImage) => void;
  readonly reject: (error: FrameError) => void;
  readonly onProgress: (progress: FrameProgress) => void;
  lastProgress: number;
  /** Set between `rendered` and the image. */
  expected: { readonly seconds: number; readonly bytes: number } | null;
}

/** The largest image that a page may send, in bytes: the largest side there is, squared, uncompressed. */
const MAX_IMAGE = 16_384 * 16_384 * 4 + (1 << 20);

/** One render page, from the host's side. */
export class GltfWorker implements Worker, ExpectedWorker {
  readonly token = randomBytes(32).toString('base64url');
  readonly scenes = new SharedScenes();
  readonly exited: Promise<WorkerExit>;

  readonly #connections: WorkerConnections;
  readonly #baseUrl: string;
  readonly #patience: Patience;
  #settleExit: (exit: WorkerExit) => void = () => undefined;
  #exit: WorkerExit | null = null;
  #page: PageHandle | null = null;
  #socket: WebSocket | null = null;
  #onConnected: (() => void) | null = null;
  #task: Task | null = null;
  #nextId = 1;
  #lastHeard = 0;
  #watch: NodeJS.Timeout | null = null;

  constructor(connections: WorkerConnections, baseUrl: string, patience: Patience) {
    this.#connections = connections;
    this.#baseUrl = baseUrl;
    this.#patience = patience;
    this.exited = new Promise((resolve) => {
      this.#settleExit = resolve;
    });
  }

  /**
   * Opens the page and waits until it has connected.
   *
   * @throws UserError from the opener, Error when the page does not come up
   */
  async start(pages: PageOpener): Promise<void> {
    const connected = new Promise<void>((resolve) => {
      this.#onConnected = resolve;
    });
    this.#connections.expect(this);
    const { start } = this.#patience;
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      deadline = setTimeout(
        () =>
          reject(
            new Error(
              `The render page did not start within ${start} s: the machine is overloaded, or its browser is broken.`,
            ),
          ),
        start * 1000,
      );
    });
    const opening = pages.open(this.#baseUrl + this.#connections.pageFor(this));
    try {
      this.#page = await Promise.race([opening, late]);
      void this.#page.gone.then(({ reason, message }) =>
        this.#end({ reason: reason === 'closed' ? 'exit' : reason, message }),
      );
      const dead = this.exited.then(({ message }) => {
        throw new Error(`The render page did not start: ${message}`);
      });
      await Promise.race([connected, late, dead]);
    } catch (error) {
      this.#end({ reason: 'exit', message: messageOf(error) });
      const page = this.#page ?? opening;
      const closing = Promise.resolve(page).then((opened) => opened.close());
      // A page that has not come yet is closed when it comes.
      if (this.#page) await closing;
      else closing.catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(deadline);
      late.catch(() => undefined);
    }
    this.#lastHeard = performance.now();
    const pause = Math.min(5_000, (this.#patience.silence * 1000) / 4);
    this.#watch = setInterval(() => this.#look(), pause);
    this.#watch.unref();
  }

  /** Called by the connections when the page has said its token. */
  connected(socket: WebSocket): void {
    if (this.#socket || this.#exit) {
      socket.close(1008, 'already connected');
      return;
    }
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#hear(data as Buffer, isBinary));
    // The page's end is told better by the page's opener: wait for it a little.
    socket.on('close', () =>
      setTimeout(
        () => this.#abandon({ reason: 'crash', message: 'The render page gave up its connection.' }),
        500,
      ).unref(),
    );
    this.#onConnected?.();
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
    const { promise, task } = newTask(id, onProgress);
    this.#task = task;
    const abort = (): void => this.#send({ type: 'abort', id });
    try {
      const url = this.#baseUrl + this.#connections.sceneAt(await this.#share(request.scene));
      signal.addEventListener('abort', abort);
      if (signal.aborted) throw new FrameError('The frame was given up.', false);
      this.#lastHeard = task.lastProgress = performance.now();
      const { scene, frame, fps, width, height, samples, camera } = request;
      this.#send({ type: 'render', id, url, scene, frame, fps, width, height, samples, camera });
      const { bytes, seconds } = await promise;
      const path = join(request.folder, 'image.png');
      await writeFile(path, bytes).catch((error: NodeJS.ErrnoException) => {
        // Not the frame's fault: the queue waits for room.
        if (error.code === 'ENOSPC' || error.code === 'EDQUOT') throw error;
        throw new FrameError(
          `The image cannot be written to ${request.folder} (${messageOf(error)}).`,
          false,
          'output',
        );
      });
      return { files: [{ path, place: { view: '' } }], seconds, peakBytes: null, warnings: [], log: [] };
    } finally {
      signal.removeEventListener('abort', abort);
      if (this.#task === task) this.#task = null;
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
      throw new FrameError(messageOf(error), true);
    }
  }

  #send(message: HostToWorker): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  #hear(data: Buffer, isBinary: boolean): void {
    this.#lastHeard = performance.now();
    if (isBinary) {
      this.#receive(data);
      return;
    }
    let message: WorkerToHost;
    try {
      message = workerToHostSchema.parse(JSON.parse(String(data)));
    } catch {
      this.#abandon({ reason: 'crash', message: 'The render page said something that no render page says.' });
      return;
    }
    const task = this.#task;
    if (!task || message.type === 'hello' || message.type === 'pong' || message.id !== task.id) return;
    switch (message.type) {
      case 'progress':
        task.lastProgress = this.#lastHeard;
        task.onProgress({ sample: message.sample, samples: message.samples });
        break;
      case 'failed':
        this.#task = null;
        task.reject(new FrameError(message.reason, message.final));
        break;
      case 'rendered':
        task.lastProgress = this.#lastHeard;
        if (message.bytes > MAX_IMAGE)
          this.#abandon({ reason: 'crash', message: `The render page announced an image of ${message.bytes} bytes.` });
        else task.expected = { seconds: message.seconds, bytes: message.bytes };
        break;
    }
  }

  #receive(bytes: Buffer): void {
    const task = this.#task;
    if (!task?.expected) return;
    this.#task = null;
    const { seconds, bytes: announced } = task.expected;
    if (bytes.length === announced) task.resolve({ bytes, seconds });
    else task.reject(new FrameError(`The render page sent ${bytes.length} bytes of an image of ${announced}.`, false));
  }

  #look(): void {
    const now = performance.now();
    const { silence, standstill } = this.#patience;
    if (now - this.#lastHeard > silence * 1000) {
      this.#abandon({ reason: 'timeout', message: `The render page did not answer for ${silence} s.` });
    } else if (this.#task && now - this.#task.lastProgress > standstill * 1000) {
      this.#abandon({ reason: 'timeout', message: `The render page made no progress for ${standstill} s.` });
    } else this.#send({ type: 'ping', id: 0 });
  }

  #abandon(exit: WorkerExit): void {
    this.#end(exit);
    void this.#page?.close();
  }

  #end(exit: WorkerExit): void {
    if (this.#exit) return;
    this.#exit = exit;
    this.#connections.forget(this);
    if (this.#watch) clearInterval(this.#watch);
    this.#socket?.close();
    this.#task?.reject(new FrameError(exit.message, false, exit.reason === 'timeout' ? 'timeout' : 'crash'));
    this.#task = null;
    this.#settleExit(exit);
  }
}

function newTask(id: number, onProgress: Task['onProgress']): { promise: Promise<EncodedImage>; task: Task } {
  let resolve!: Task['resolve'];
  let reject!: Task['reject'];
  const promise = new Promise<EncodedImage>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // The worker may end before anybody waits for the image.
  promise.catch(() => undefined);
  return { promise, task: { id, resolve, reject, onProgress, lastProgress: performance.now(), expected: null } };
}
