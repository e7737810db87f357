/**
 * Iterations of the event loop between two reads. libuv accepts one connection in each, so that with fewer a burst of
 * new clients would wait for a read each before anybody's request is seen; empty ones take microseconds.
 */
const ITERATIONS = 32;

/**
 * Serializes expensive reads, first come, first served. Between two of them the event loop handles everything else, so
 * that a hundred clients with large requests wait for each other and nobody else waits for them.
 *
 * @returns a function that resolves at the caller's turn, which lasts until its next await
 */
export function createReadQueue(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let busy = false;
  function next(): void {
    busy = waiting.length > 0;
    waiting.shift()?.();
    if (busy) after(ITERATIONS, next);
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (busy) return;
      busy = true;
      setImmediate(next);
    });
}

function after(iterations: number, step: () => void): void {
  setImmediate(() => (iterations > 1 ? after(iterations - 1, step) : step()));
}
