/**
 * Lets concurrent callers share one run of an expensive collection. A caller never gets a run that began before its
 * call: callers that come while one runs share the next, so that a scrape contains everything that preceded it.
 */
export function shareCollection<T>(collect: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  let next: Promise<T> | null = null;

  async function run(): Promise<T> {
    const mine = collect();
    running = mine;
    try {
      return await mine;
    } finally {
      if (running === mine) running = null;
    }
  }

  async function runAfter(before: Promise<unknown>): Promise<T> {
    // Its outcome goes to its own callers.
    await Promise.allSettled([before]);
    next = null;
    return run();
  }

  return () => {
    if (next) return next;
    return running ? (next = runAfter(running)) : run();
  };
}

/**
 * Lets callers share a collection that began less than so many milliseconds ago, finished or not, so that they can't
 * make it run more often.
 */
export function collectAtMostEvery<T>(milliseconds: number, collect: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | null = null;
  let began = 0;
  return () => {
    const now = performance.now();
    if (last && now - began < milliseconds) return last;
    began = now;
    return (last = collect());
  };
}
