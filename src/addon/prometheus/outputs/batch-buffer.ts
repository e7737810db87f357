/** Batches waiting to be sent, oldest first, up to a size limit. */
export interface BatchBuffer {
  /** Adds a batch; the oldest ones are dropped to make room. */
  add(batch: Buffer): void;
  /** The oldest batch. */
  first(): Buffer | undefined;
  /** Removes the batch, if it is still the oldest. */
  remove(batch: Buffer): void;
  /** Batches dropped since the buffer was created. */
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
