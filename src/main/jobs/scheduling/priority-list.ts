/** What decides when a job is worked on: higher priority first, then its place in the queue, then its number. */
export interface Rank {
  readonly priority: number;
  /** Grows in queue order. */
  readonly place: number;
}

/** The jobs that may be worked on, best first. */
export interface RunOrder {
  /** Puts a job in, or to its new place. */
  put(id: number, rank: Rank): void;
  remove(id: number): void;
  has(id: number): boolean;
  /** Best first; a job may be put or removed while it is walked through in the order as it was. */
  ids(): readonly number[];
}

interface Item extends Rank {
  readonly id: number;
}

/** Keeps jobs sorted as they come and go, so that a decision does not depend on how many there are. */
export function createRunOrder(): RunOrder {
  const items: Item[] = [];
  const ranks = new Map<number, Item>();
  let ids: readonly number[] | null = null;
  /** Where an item is, or belongs. */
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
  const order: RunOrder = {
    put(id, { priority, place }) {
      const known = ranks.get(id);
      if (known?.priority === priority && known.place === place) return;
      order.remove(id);
      const item = { id, priority, place };
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
  return b.priority - a.priority || a.place - b.place || a.id - b.id;
}
