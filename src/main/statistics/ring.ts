/** The last items of a sequence, in bounded memory. */
export interface Ring<T> {
  /** Adds an item; discards the oldest when full. */
  push(item: T): void;
  /** All items kept, oldest first. */
  items(): T[];
  /** The newest; undefined if empty. */
  last(): T | undefined;
}

/** @param capacity maximum number of items, at least 1 */
export function createRing<T>(capacity: number): Ring<T> {
  const kept: T[] = [];
  /** Index of the oldest item once the buffer is full. */
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
