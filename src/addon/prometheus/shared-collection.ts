/**
 * Lets concurrent callers share one run of an expensive collection. A caller never gets a run that began before it asked: whoever comes while one
 * runs shares the next, so that what happened before a scrape is in that scrape.
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
    // How it ended is told to those who wait for it.
    await Promise.allSettled([before]);
    next = null;
    return run();
  }

  return () => {
    if (next) return next;
    return running ? (next = runAfter(running)) : run();
  };
}
