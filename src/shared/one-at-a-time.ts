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
