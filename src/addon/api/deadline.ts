/**
 * Waits for `value` for at most `milliseconds`; what comes later is dropped.
 *
 * @throws Error with `message` when the time is over
 */
export function deadline<T>(value: T | PromiseLike<T>, milliseconds: number, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), milliseconds);
    Promise.resolve(value)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
