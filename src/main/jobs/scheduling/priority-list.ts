/** Determines the order of jobs: higher priority first, then queue position, then id. */
export interface Rank {
  readonly priority: number;
  /** Increases in queue order. */
  readonly position: number;
}

/** A job with its rank. */
export interface RankedJob extends Rank {
  readonly id: number;
}

/** Jobs, best first. */
export interface PriorityList {
  /** Adds a job, or moves it to its new position. */
  put(id: number, rank: Rank): void;
  remove(id: number): void;
  removeAll(ids: ReadonlySet<number>): void;
  has(id: number): boolean;
  /** Best first. A snapshot: jobs may be added or removed while iterating over it. */
  ids(): readonly number[];
  /** The best job that ranks below another one, which need not be in the list; the best of all for null. */
  after(job: RankedJob | null): RankedJob | null;
  readonly size: number;
}

/** Keeps jobs sorted incrementally, so that the cost of scheduling does not depend on their number. */
export function createPriorityList(): PriorityList {
  const items: RankedJob[] = [];
  const ranks = new Map<number, RankedJob>();
  let ids: readonly number[] | null = null;
  /** Index of an item, or where to insert it. */
  const indexOf = (item: RankedJob): number => {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareRanks(items[middle]!, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const order: PriorityList = {
    put(id, { priority, position }) {
      const known = ranks.get(id);
      if (known?.priority === priority && known.position === position) return;
      order.remove(id);
      const item = { id, priority, position };
      ranks.set(id, item);
      const at = indexOf(item);
      if (at === items.length) items.push(item);
      else items.splice(at, 0, item);
      ids = null;
    },
    remove(id) {
      const item = ranks.get(id);
      if (!item) return;
      ranks.delete(id);
      items.splice(indexOf(item), 1);
      ids = null;
    },
    removeAll(gone) {
      const kept = items.filter(({ id }) => !gone.has(id));
      items.length = 0;
      for (const item of kept) items.push(item);
      for (const id of gone) ranks.delete(id);
      ids = null;
    },
    has: (id) => ranks.has(id),
    ids: () => (ids ??= items.map((item) => item.id)),
    after(job) {
      if (!job) return items[0] ?? null;
      const at = indexOf(job);
      return items[items[at]?.id === job.id ? at + 1 : at] ?? null;
    },
    get size() {
      return items.length;
    },
  };
  return order;
}

/** Negative where the first ranks better. */
export function compareRanks(a: RankedJob, b: RankedJob): number {
  return b.priority - a.priority || a.position - b.position || a.id - b.id;
}
