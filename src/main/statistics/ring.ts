/** The last things of many, in bounded memory. */
export interface Ring<T> {
  /** Adds one; the oldest makes room where it is full. */
  push(item: T): void;
  /** All that are kept, oldest first. */
  items(): T[];
  /** The newest; undefined while there is none. */
  last(): T | undefined;
}

/** @param capacity how many are kept, at least 1 */
export function createRing<T>(capacity: number): Ring<T> {
  const kept: T[] = [];
  /** Where the oldest is, once all places are taken. */
  let start = 0;
  return {
    push(item) {
      if (kept.length < capacity) {
        kept.push(item);
      } else {
        kept[start] = item;
        start = (start + 1) % capacity;
      }
    },
    items: () => [...kept.slice(start), ...kept.slice(0, start)],
    last: () => kept.at(start - 1),
  };
}
