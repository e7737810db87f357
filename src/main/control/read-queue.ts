/**
 * Serializes expensive reads: one per iteration of the event loop, first come, first served. Between two of them the
 * loop handles everything else, so that a hundred clients with large requests wait for each other and nobody else waits
 * for them.
 *
 * @returns a function that resolves at the caller's turn, which lasts until its next await
 */
export function createReadQueue(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  function next(): void {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(next);
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
}
