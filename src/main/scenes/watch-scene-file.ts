import { unwatchFile, watchFile } from 'node:fs';
import { stampAt } from '../engines/file-stamp';

/** How often a file is looked at, in milliseconds. Polling also sees changes on network shares. */
const INTERVAL = 2_000;

export interface SceneFileWatch {
  /**
   * The scene was read from this file.
   *
   * @param stamp of the file just before it was read; null where it is not known
   */
  wasRead(path: string, stamp: string | null): void;
  /** Whether the file has changed since it was read. */
  changed(): boolean;
  close(): void;
}

/** Watches the file of the open scene. One that is gone has not changed: there is nothing new to read. */
export function watchSceneFile(onChange: (changed: boolean) => void, interval = INTERVAL): SceneFileWatch {
  let watched: string | null = null;
  let read: string | null = null;
  let changed = false;

  const set = (next: boolean): void => {
    if (next === changed) return;
    changed = next;
    onChange(changed);
  };
  const look = async (): Promise<void> => {
    const path = watched;
    const before = read;
    if (path === null || before === null) return;
    const now = await stampAt(path);
    if (path === watched && before === read) set(now !== null && now !== before);
  };
  const listener = (): void => void look();

  return {
    wasRead(path, stamp) {
      read = stamp;
      set(false);
      if (path !== watched) {
        if (watched !== null) unwatchFile(watched, listener);
        watched = path;
        watchFile(path, { interval, persistent: false }, listener);
      }
      // It may have changed while it was read.
      void look();
    },
    changed: () => changed,
    close() {
      if (watched !== null) unwatchFile(watched, listener);
      watched = null;
    },
  };
}
