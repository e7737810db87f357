import type { HostEvent, Notice } from '../../shared/host-api';

/** Events from the host to its UIs and to listeners inside the host. */
export interface HostEvents {
  /** Sends an event to every subscriber, in order. */
  tell(event: HostEvent): void;
  /** @returns unsubscribes */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** Shows a notice to the user, and keeps it for UIs that connect later. */
  notify(level: Notice['level'], text: string): void;
  /** Shows a warning. @param text null for none */
  warn(text: string | null): void;
  /** All notices so far, oldest first. */
  notices(): readonly Notice[];
}

/** @param onNotice called with every notice, for the log */
export function createHostEvents(onNotice: (level: Notice['level'], text: string) => void): HostEvents {
  const subscribers = new Set<(event: HostEvent) => void>();
  const notices: Notice[] = [];
  const tell = (event: HostEvent): void => {
    for (const subscriber of subscribers) subscriber(event);
  };
  function notify(level: Notice['level'], text: string): void {
    const notice = { id: notices.length + 1, level, text };
    notices.push(notice);
    onNotice(level, text);
    tell({ type: 'notice', notice });
  }
  return {
    tell,
    subscribe(listener) {
      subscribers.add(listener);
      return () => void subscribers.delete(listener);
    },
    notify,
    warn: (text) => text !== null && notify('warning', text),
    notices: () => notices,
  };
}
