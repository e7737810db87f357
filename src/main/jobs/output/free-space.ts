import { type Volume, readVolumes } from '../../metrics/volumes';

/** Between two looks while there is anything to render, in milliseconds. */
const EVERY = 3_000;
/** The least time between two looks, however often they are asked for. */
const LEAST = 200;
/** So much more than the limit must be free before the queue goes on: it would stop and go with every frame otherwise. */
const RELEASE = 1.1;
/** For how long a volume on which a write found no room counts as full, whatever it says is free: quotas and reserves don't show there. */
const FULL_FOR = 30_000;

export interface FreeSpaceOptions {
  /** Where unfinished jobs write; they need not exist yet. */
  folders(): readonly string[];
  /** What shall stay free, in bytes; 0 for nothing. */
  limit(): number;
  /** The queue shall be held, with a sentence that says why; or held no longer (null). Told again when the sentence changes. */
  onChange(hold: string | null): void;
  readonly read?: (folders: readonly string[]) => Promise<readonly Volume[]>;
  /** Milliseconds. */
  readonly every?: number;
  readonly least?: number;
  readonly fullFor?: number;
}

/** Watches the free space where images go. It looks only while there are unfinished jobs. */
export interface FreeSpaceWatch {
  /** Why the queue is to be held, in a sentence; null when it isn't. */
  readonly hold: string | null;
  /** Looks soon: after a file was written, a job was taken, or the limit was changed. */
  look(): void;
  /** Looks and waits for the outcome: before the first frame of a job. */
  looked(): Promise<void>;
  /**
   * A write found no room in a folder.
   *
   * @returns whether the queue is held now; not where the preference is never to
   */
  full(folder: string): boolean;
  close(): void;
}

export function createFreeSpaceWatch(options: FreeSpaceOptions): FreeSpaceWatch {
  const { folders, limit, onChange, read = readVolumes, every = EVERY, least = LEAST, fullFor = FULL_FOR } = options;
  /** Mount points that had too little, until they have enough again. */
  const low = new Set<string>();
  /** Folders in which a write found no room, and when. */
  const fullAt = new Map<string, number>();
  let hold: string | null = null;
  let looking: Promise<void> | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  let dueAt = Number.POSITIVE_INFINITY;
  let closed = false;

  function wake(delay: number): void {
    const at = performance.now() + delay;
    if (closed || at >= dueAt) return;
    if (timer) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => {
      timer = null;
      dueAt = Number.POSITIVE_INFINITY;
      void look();
    }, delay).unref();
  }

  function tell(sentence: string | null): void {
    if (sentence === hold) return;
    hold = sentence;
    onChange(hold);
  }

  function look(): Promise<void> {
    return (looking ??= lookNow().finally(() => {
      looking = null;
      lookedAt = performance.now();
      if (folders().length > 0) wake(every);
    }));
  }

  async function lookNow(): Promise<void> {
    const wanted = limit();
    const used = [...new Set(folders())];
    const volumes = wanted > 0 && used.length > 0 ? await read(used).catch(() => []) : [];
    if (closed) return;
    const there = new Set(volumes.map(({ mountPoint }) => mountPoint));
    for (const mountPoint of low) if (!there.has(mountPoint)) low.delete(mountPoint);
    for (const { mountPoint, freeBytes } of volumes) {
      if (freeBytes < wanted) low.add(mountPoint);
      else if (freeBytes >= wanted * RELEASE) low.delete(mountPoint);
    }
    const now = performance.now();
    for (const [folder, at] of fullAt)
      if (now - at >= fullFor || !used.includes(folder) || wanted === 0) fullAt.delete(folder);
    const worst = volumes.filter(({ mountPoint }) => low.has(mountPoint)).sort((a, b) => a.freeBytes - b.freeBytes)[0];
    const [full] = fullAt.keys();
    if (worst) {
      tell(
        `Only ${size(worst.freeBytes)} are free on ${worst.mountPoint}, and ${size(wanted)} are to stay free: delete something there or choose a smaller limit in the preferences, and the queue goes on by itself.`,
      );
    } else {
      tell(full === undefined ? null : fullSentence(full));
    }
  }

  return {
    get hold() {
      return hold;
    },
    look: () => wake(Math.max(0, least - (performance.now() - lookedAt))),
    looked: look,
    full(folder) {
      if (limit() === 0) return false;
      fullAt.set(folder, performance.now());
      if (hold === null) tell(fullSentence(folder));
      wake(every);
      return true;
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function fullSentence(folder: string): string {
  return `A file could not be written to ${folder} because there is no room left, or a quota is used up: delete something there, and the queue goes on by itself.`;
}

/** As people write it; in thousands, as makers of disks count. */
function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // 999.95 would be rounded up to 1000.0.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  // Never rounded up: “only 1 GB of 1 GB” would make no sense.
  return `${unit === 0 || Number.isInteger(value) ? value : Math.floor(value * 100) / 100} ${units[unit]}`;
}
