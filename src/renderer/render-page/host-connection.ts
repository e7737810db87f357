import { z } from 'zod';
import { hostToWorkerSchema, type WorkerToHost } from '../../shared/worker-protocol';
import { failureOf, RenderFailure } from './render-failure';
import type { FrameRenderer, RenderCommand } from './stage';

// The page's policy forbids code generated at run time, which zod would try.
z.config({ jitless: true });

/** Maximum that the host accepts with one frame. */
const MAX_WARNINGS = 20;
/** Minimum interval between two progress messages, in milliseconds. */
const PROGRESS_PAUSE = 50;

export interface HostConnection {
  /** Reports this time in seconds with the current image instead of its render time. */
  report(seconds: number): void;
  /** Closes connection and page once the current request has been answered. */
  leave(): void;
}

/**
 * Connects to the host and carries out its requests, one `render` at a time.
 *
 * @param openStage called for the first render, which fails if it throws
 */
export function connectToHost(token: string, openStage: () => Promise<FrameRenderer>): HostConnection {
  const socket = new WebSocket(new URL('/worker', location.href.replace(/^http/, 'ws')));
  let stage: FrameRenderer | null = null;
  let current: { id: number; abort: AbortController } | null = null;
  let leaving = false;
  let reported: number | null = null;

  function send(message: WorkerToHost): void {
    socket.send(JSON.stringify(message));
  }

  async function render(command: RenderCommand): Promise<void> {
    if (current) {
      send({ type: 'failed', id: command.id, reason: 'The worker is busy with another frame.', final: false });
      return;
    }
    const { id, samples } = command;
    const abort = new AbortController();
    current = { id, abort };
    const start = performance.now();
    reported = null;
    let told = -Infinity;
    try {
      stage ??= await openStage();
      const { image, warnings } = await stage.render(
        command,
        (sample) => {
          const now = performance.now();
          if (now - told < PROGRESS_PAUSE && sample < samples) return;
          told = now;
          send({ type: 'progress', id, sample, samples });
        },
        abort.signal,
      );
      const bytes = await image.arrayBuffer();
      if (abort.signal.aborted) throw new RenderFailure('The frame was given up.', false);
      send({
        type: 'rendered',
        id,
        seconds: reported ?? (performance.now() - start) / 1000,
        bytes: bytes.byteLength,
        warnings: warnings.slice(0, MAX_WARNINGS),
      });
      socket.send(bytes);
    } catch (error) {
      const failure = failureOf(error, 'The render page failed', false);
      send({ type: 'failed', id, reason: failure.message, final: failure.final });
    } finally {
      current = null;
      if (leaving) socket.close();
    }
  }

  socket.addEventListener('open', () => send({ type: 'hello', token }));
  socket.addEventListener('close', () => window.close());
  socket.addEventListener('message', (event: MessageEvent<string>) => {
    const message = hostToWorkerSchema.parse(JSON.parse(event.data));
    switch (message.type) {
      case 'render':
        void render(message);
        break;
      case 'abort':
        if (current?.id === message.id) current.abort.abort();
        break;
      case 'ping':
        send({ type: 'pong', id: message.id });
        break;
    }
  });
  return {
    report(seconds) {
      reported = seconds;
    },
    leave() {
      leaving = true;
      if (!current) socket.close();
    },
  };
}
