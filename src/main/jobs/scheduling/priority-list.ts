/** Determines the order of jobs: higher priority first, then queue position, then id. */
export interface Rank {
  readonly priority: number;
  /** Increases in queue order. */
  readonly position: number;
}

/** The runnable jobs, best first. */
export interface PriorityList {
  /** Adds a job, or moves it to its new position. */
  put(id: number, rank: Rank): void;
  remove(id: number): void;
  has(id: number): boolean;
  /** Best first. A snapshot: jobs may be added or removed while iterating over it. */
  ids(): readonly number[];
}

interface Item extends Rank {
  readonly id: number;
}

/** Keeps jobs sorted incrementally, so that the cost of scheduling does not depend on their number. */
export function createPriorityList(): PriorityList {
  const items: Item[] = [];
  const ranks = new Map<number, Item>();
  let ids: readonly number[] | null = null;
  /** Index of an item, or where to insert it. */
  const indexOf = (item: Item): number => {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(items[middle]!, item) < 0) low = middle + 1;
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
    has: (id) => ranks.has(id),
    ids: () => (ids ??= items.map((item) => item.id)),
  };
  return order;
}

function compare(a: Item, b: Item): number {
  return b.priority - a.priority || a.position - b.position || a.id - b.id;
}
