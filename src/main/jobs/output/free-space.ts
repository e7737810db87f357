import { type Volume, readVolumes } from '../../data/volumes';

/** Interval between checks while there is something to render, in milliseconds. */
const EVERY = 3_000;
/** Minimum interval between checks on request, in milliseconds. */
const LEAST = 200;
/**
 * Free space must exceed the limit by this factor before the queue continues (hysteresis); otherwise it would stop and
 * go with every frame.
 */
const RELEASE = 1.1;
/**
 * How long a volume counts as full after a write failed, in milliseconds, whatever free space it reports: quotas and
 * reserves don't show there.
 */
const FULL_FOR = 30_000;

export interface FreeSpaceOptions {
  /** Output folders of unfinished jobs; they need not exist yet. */
  folders(): readonly string[];
  /** Minimum free space, in bytes; 0 for no limit. */
  limit(): number;
  /** Called with the reason to hold the queue, or null to release it; called again when the reason changes. */
  onChange(hold: string | null): void;
  readonly read?: (folders: readonly string[]) => Promise<readonly Volume[]>;
  /** Milliseconds. */
  readonly every?: number;
  readonly least?: number;
  readonly fullFor?: number;
}

/** Watches the free space of output volumes. Checks only while there are unfinished jobs. */
export interface FreeSpaceWatch {
  /** Reason to hold the queue; null for none. */
  readonly hold: string | null;
  /** Schedules a check: after a file was written, a job was added or the limit was changed. */
  check(): void;
  /** Runs a check and waits for its result: before the first frame of a job. */
  checked(): Promise<void>;
  /**
   * Reports that a write to a folder failed for lack of space.
   *
   * @returns whether the watch holds the queue now; false with a limit of 0, where that is left to the caller
   */
  full(folder: string): boolean;
  close(): void;
}

export function createFreeSpaceWatch(options: FreeSpaceOptions): FreeSpaceWatch {
  const { folders, limit, onChange, read = readVolumes, every = EVERY, least = LEAST, fullFor = FULL_FOR } = options;
  /** Mount points below the limit; each stays until it has enough space again. */
  const low = new Set<string>();
  /** Folders where a write failed for lack of space, with the time. */
  const fullAt = new Map<string, number>();
  let hold: string | null = null;
  let checking: Promise<void> | null = null;
  let checkedAt = Number.NEGATIVE_INFINITY;
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
      void check();
    }, delay).unref();
  }

  function tell(sentence: string | null): void {
    if (sentence === hold) return;
    hold = sentence;
    onChange(hold);
  }

  function check(): Promise<void> {
    return (checking ??= checkNow().finally(() => {
      checking = null;
      checkedAt = performance.now();
      if (folders().length > 0) wake(every);
    }));
  }

  async function checkNow(): Promise<void> {
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
    check: () => wake(Math.max(0, least - (performance.now() - checkedAt))),
    checked: check,
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

/** Human-readable size in decimal units, as disk makers use. */
function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // 999.95 would round to 1000.0.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  // Never rounded up: “only 1 GB of 1 GB” would make no sense.
  return `${unit === 0 || Number.isInteger(value) ? value : Math.floor(value * 100) / 100} ${units[unit]}`;
}
