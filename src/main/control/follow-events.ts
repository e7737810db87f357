import type { StoredEvent } from '../../shared/host-api';
import type { EventLog } from '../events/event-log';

/** Events that a client asked for are gone: it has to fetch the state of things anew, and goes on at `resume`. */
export interface EventGap {
  /** The cursor that the client had. */
  readonly after: number;
  /** The client gets what comes after this cursor. */
  readonly resume: number;
}

export type Followed =
  { readonly kind: 'event'; readonly event: StoredEvent } | { readonly kind: 'gap'; readonly gap: EventGap };

/** How many events are read from the file at once. */
const PAGE = 500;

/**
 * Every stored event after a cursor, those of the past and those to come, in order and none twice. Nothing is kept in memory for a client that is slow: what it has not taken is read from the file
 * when it is ready for it, and where it has been deleted meanwhile, a gap tells.
 *
 * @param cursor the last one that the client has seen; null for nothing but what comes from now on
 * @param signal ends it
 */
export async function* followEvents(
  log: EventLog,
  cursor: number | null,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  let position = cursor ?? log.newest();
  while (!signal.aborted) {
    const { events, oldest, newest } = log.list({ after: position, limit: PAGE });
    if (position > newest) {
      // A cursor of another host, or of events that were set aside.
      yield { kind: 'gap', gap: { after: position, resume: newest } };
      position = newest;
      continue;
    }
    const firstKept = oldest ?? newest + 1;
    // Cursor 0 asks for all there is: nothing that it knew of is missing.
    if (position > 0 && firstKept > position + 1)
      yield { kind: 'gap', gap: { after: position, resume: firstKept - 1 } };
    for (const event of events) {
      if (signal.aborted) return;
      yield { kind: 'event', event };
      position = event.cursor;
    }
    if (events.length === 0) {
      position = Math.max(position, newest);
      await log.after(position, signal);
    }
  }
}
