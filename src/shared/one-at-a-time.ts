/**
 * Returns a function that runs asynchronous steps one after another: each begins when those before it have settled, well
 * or not, and its caller gets its result.
 */
export function oneAtATime(): <T>(step: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const result = last.then(step);
    last = result.catch(() => undefined);
    return result;
  };
}

/** As {@link oneAtATime}, among the steps of one key; those of others run meanwhile. */
export function oneAtATimePerKey<Key>(): <T>(key: Key, step: () => T | Promise<T>) => Promise<T> {
  const lasts = new Map<Key, Promise<unknown>>();
  return (key, step) => {
    const result = (lasts.get(key) ?? Promise.resolve()).then(step);
    const last = result
      .catch(() => undefined)
      .then(() => {
        if (lasts.get(key) === last) lasts.delete(key);
      });
    lasts.set(key, last);
    return result;
  };
}
