/** Batches that wait to be sent, oldest first, within a limit. */
export interface BatchBuffer {
  /** Adds a batch; the oldest ones give way when there is no room. */
  add(batch: Buffer): void;
  /** The oldest one. */
  first(): Buffer | undefined;
  /** Takes it off, if it is still the oldest. */
  remove(batch: Buffer): void;
  /** How many had to give way since it was made. */
  readonly dropped: number;
}

/** @param limit in bytes; the newest batch is kept whatever its size */
export function createBatchBuffer(limit: number): BatchBuffer {
  const batches: Buffer[] = [];
  let size = 0;
  let dropped = 0;
  return {
    add(batch) {
      batches.push(batch);
      size += batch.length;
      while (size > limit && batches.length > 1) {
        size -= batches.shift()!.length;
        dropped++;
      }
    },
    first: () => batches[0],
    remove(batch) {
      if (batches[0] !== batch) return;
      batches.shift();
      size -= batch.length;
    },
    get dropped() {
      return dropped;
    },
  };
}
