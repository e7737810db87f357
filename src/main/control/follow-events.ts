import type { StoredEvent } from '../../shared/lifecycle';
import type { EventLog } from '../events/event-log';

/** Requested events have been deleted: the client must refetch the state, and continues at `resume`. */
interface EventGap {
  /** The client's cursor. */
  readonly after: number;
  /** The stream continues after this cursor. */
  readonly resume: number;
}

export type Followed =
  { readonly kind: 'event'; readonly event: StoredEvent } | { readonly kind: 'gap'; readonly gap: EventGap };

/** The event log, and the queue in which its readers take turns. */
export interface FollowedLog {
  readonly log: EventLog;
  turn(): Promise<void>;
}

/** Events read from the file at once: a few milliseconds' work, after which other readers get their turn. */
const PAGE = 100;

/**
 * Yields every stored event after a cursor, past and future, in order and without duplicates. Nothing is buffered for a
 * slow client: events are read from the file when it is ready for them, and a gap is reported where they have been
 * deleted meanwhile.
 *
 * @param cursor the last event that the client has seen; null for future events only
 * @param signal ends the iteration
 */
export async function* followEvents(
  { log, turn }: FollowedLog,
  cursor: number | null,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  let position = cursor ?? log.newest();
  for (;;) {
    await turn();
    if (signal.aborted) return;
    const { events, oldest, newest } = log.list({ after: position, limit: PAGE });
    if (position > newest) {
      // A cursor of another host, or of an event log that was set aside.
      yield { kind: 'gap', gap: { after: position, resume: newest } };
      position = newest;
      continue;
    }
    const firstKept = oldest ?? newest + 1;
    // Cursor 0 asks for everything there is, so nothing the client knew of is missing.
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
