import { WebSocket } from 'ws';
import type { PageOpener } from '../../src/main/engines/pages/page-opener';
import type { HostToWorker } from '../../src/shared/worker-protocol';
import { makePng } from '../helpers/png';

type Render = Extract<HostToWorker, { type: 'render' }>;

/**
 * Pages without a browser: they connect as real ones do, and answer each request with a plain image. @param before
 * called ahead of each answer
 */
export function paperPages(before: (request: Render) => Promise<void> | void = () => undefined): PageOpener {
  return {
    browser: () => Promise.resolve('none'),
    async open(url) {
      const { origin, hash } = new URL(url);
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/worker`);
      let settle: (exit: { reason: 'closed'; message: string }) => void = () => undefined;
      const gone = new Promise<{ reason: 'closed'; message: string }>((resolve) => (settle = resolve));
      socket.on('error', () => undefined);
      socket.on('close', () => settle({ reason: 'closed', message: 'closed' }));
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token: decodeURIComponent(hash.slice(1)) })));
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as HostToWorker;
        if (message.type === 'ping') socket.send(JSON.stringify({ type: 'pong', id: message.id }));
        if (message.type === 'render') void answer(message);
      });
      async function answer(request: Render): Promise<void> {
        await before(request);
        const image = makePng(request.width, request.height, request.frame % 256);
        socket.send(JSON.stringify({ type: 'rendered', id: request.id, seconds: 0.01, bytes: image.length }));
        socket.send(image);
      }
      return {
        gone,
        usage: () => Promise.resolve(null),
        async close() {
          socket.terminate();
          await gone;
        },
      };
    },
    close: () => Promise.resolve(),
  };
}
