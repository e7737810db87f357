import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { type Followed, type FollowedLog, followEvents } from './follow-events';

/** Timing of an event stream, in milliseconds. */
export interface StreamTiming {
  /** Heartbeat interval, so that dead connections are noticed, by proxies too. */
  readonly heartbeat: number;
  /** Timeout for a client that reads nothing; it is dropped and may reconnect with its cursor. */
  readonly stalled: number;
}

export const STREAM_TIMING: StreamTiming = { heartbeat: 15_000, stalled: 30_000 };
/** Reconnection delay announced to browsers, in milliseconds. */
const RETRY = 2_000;

/**
 * Sends stored events as server-sent events until the client goes or is too slow
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * @param cursor as in {@link followEvents}
 */
export async function streamEvents(
  reply: FastifyReply,
  followed: FollowedLog,
  cursor: number | null,
  { heartbeat, stalled }: StreamTiming,
): Promise<void> {
  const headers = {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  };
  reply.hijack();
  const { raw } = reply;
  const ended = new AbortController();
  raw.on('error', () => raw.destroy());
  raw.once('close', () => ended.abort());
  raw.writeHead(200, headers as Record<string, string>);
  // A client learns its cursor even before the first event.
  raw.write(`retry: ${RETRY}\nid: ${cursor ?? followed.log.newest()}\n: Framegauge\n\n`);
  const beat = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(':\n\n');
  }, heartbeat);
  try {
    for await (const news of followEvents(followed, cursor, ended.signal)) {
      if (raw.write(asText(news))) continue;
      await drained(raw, stalled);
    }
  } finally {
    clearInterval(beat);
    raw.destroy();
  }
}

/** Resolves when the connection accepts more or is gone; a client that reads nothing until the timeout is dropped. */
function drained(raw: ServerResponse, timeout: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => raw.destroy(), timeout);
    const settle = (): void => {
      clearTimeout(timer);
      raw.off('drain', settle).off('close', settle);
      resolve();
    };
    raw.on('drain', settle).on('close', settle);
    if (raw.destroyed) settle();
  });
}

function asText(followed: Followed): string {
  if (followed.kind === 'gap')
    return `id: ${followed.gap.resume}\nevent: gap\ndata: ${JSON.stringify(followed.gap)}\n\n`;
  return `id: ${followed.event.cursor}\ndata: ${JSON.stringify(followed.event)}\n\n`;
}
