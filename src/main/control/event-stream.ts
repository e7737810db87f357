import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { EventLog } from '../events/event-log';
import { type Followed, followEvents } from './follow-events';

/** How patient a stream of events is, in milliseconds. */
export interface StreamPatience {
  /** How often it gives a sign of life, so that connections that are gone get noticed, by proxies too. */
  readonly heartbeat: number;
  /** How long a client may take nothing before it is dropped; with its cursor it can come back. */
  readonly stalled: number;
}

export const STREAM_PATIENCE: StreamPatience = { heartbeat: 15_000, stalled: 30_000 };
/** After how long browsers connect again, in milliseconds. */
const RETRY = 2_000;

/**
 * Sends stored events as server-sent events until the client goes or is too slow (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * @param cursor as in {@link followEvents}
 */
export async function streamEvents(
  reply: FastifyReply,
  log: EventLog,
  cursor: number | null,
  { heartbeat, stalled }: StreamPatience,
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
  // A client is to know where it stands even when nothing has happened yet.
  raw.write(`retry: ${RETRY}\nid: ${cursor ?? log.newest()}\n: Framegauge\n\n`);
  const beat = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(':\n\n');
  }, heartbeat);
  try {
    for await (const followed of followEvents(log, cursor, ended.signal)) {
      if (raw.write(asText(followed))) continue;
      await drained(raw, stalled);
    }
  } finally {
    clearInterval(beat);
    raw.destroy();
  }
}

/** Resolves when the connection takes more, or is gone; one that takes nothing for too long is ended. */
function drained(raw: ServerResponse, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => raw.destroy(), patience);
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
