import type { HostEvent, Notice } from '../../shared/host-api';
import type { StartMode } from '../../shared/host-info';
import type { QueueListener } from '../jobs/announcer';

/** Events from the host to its UIs and to listeners inside the host. */
export interface HostEvents {
  /** Sends an event to every subscriber, in order. */
  tell(event: HostEvent): void;
  /** Tells what changes in the queue. */
  readonly ofQueue: QueueListener;
  /** @returns unsubscribes */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /**
   * Shows a notice to the user, and keeps it for UIs that connect later.
   *
   * @param topic what it is about: it replaces what was said of that before, and goes when that is settled. Without one
   * it tells of something that has happened, or lasts as long as this host
   */
  notify(level: Notice['level'], text: string, topic?: string): void;
  /** The cause of the notice about a topic is gone, and so is the notice. */
  settle(topic: string): void;
  /** Shows a warning. @param text null for none @param restart mode in which to start the host again, as an offer */
  warn(text: string | null, restart?: StartMode): void;
  /** Shows what is wrong with a store for as long as it is. */
  warnOf(topic: string): { onFault(text: string): void; onMended(): void };
  /** The notices that still hold, oldest first. */
  notices(): readonly Notice[];
}

/** @param onNotice called with every notice, for the log */
export function createHostEvents(onNotice: (level: Notice['level'], text: string) => void): HostEvents {
  const subscribers = new Set<(event: HostEvent) => void>();
  const notices = new Map<string, Notice>();
  let last = 0;
  const tell = (event: HostEvent): void => {
    for (const subscriber of subscribers) subscriber(event);
  };
  function settle(topic: string): void {
    const gone = notices.get(topic);
    if (!gone) return;
    notices.delete(topic);
    tell({ type: 'notice-gone', id: gone.id });
  }
  function notify(level: Notice['level'], text: string, topic = text, restart?: StartMode): void {
    settle(topic);
    const notice = { id: ++last, level, text, at: Date.now(), ...(restart && { restart }) };
    notices.set(topic, notice);
    onNotice(level, text);
    tell({ type: 'notice', notice });
  }
  return {
    tell,
    ofQueue: {
      job: (job) => tell({ type: 'job', job }),
      frame: (jobId, frame) => tell({ type: 'frame', jobId, frame }),
      workers: (workers) => tell({ type: 'workers', workers }),
      jobRemoved: (id) => tell({ type: 'job-removed', id }),
      queue: (state) => tell({ type: 'queue', queue: state }),
    },
    subscribe(listener) {
      subscribers.add(listener);
      return () => void subscribers.delete(listener);
    },
    notify,
    settle,
    warn: (text, restart) => text !== null && notify('warning', text, text, restart),
    warnOf: (topic) => ({ onFault: (text) => notify('warning', text, topic), onMended: () => settle(topic) }),
    notices: () => [...notices.values()],
  };
}
